// Package ssl secures the channel between WSUS clients and server: which virtual roots require TLS, where certificates come
// from, and whether a running server keeps its promise.
//
// A WSUS web site has nine virtual roots. Five carry metadata and require TLS in a secured site; the other four carry files
// and reports and must go on answering plain HTTP ([Roots]). A request to one of the five over plain HTTP is refused with 403,
// never redirected: a redirect keeps a client working that somebody on the way can lead elsewhere.
//
// [Audit] looks at the configuration of a WSUS server on IIS, its certificate, its registry and policies of clients, and names every
// fault with cause, remedy and the code that a client shows ([AuditKinds]); [NewPlan] says what to do about it, as a checklist, a batch
// file, a script and data. [Apply] does it through a [Runner], step by step, and can be resumed after a failure at any moment; [Rollback]
// puts back what was found.
//
// [Settings] say how a server listens. [CA] is a small laboratory authority for sites that have none. [Verify] looks at a
// server from outside, as an agent would, and names the remedy for what it finds. [Doctor] does so for any URL and names causes
// instead of symptoms, one [Finding] for each, with the code that clients show. [Runner] runs a command on a server: [Local]
// here, package ssh over the network, [Recorded] from a transcript, and [DryRun] not at all. Package wsusutil drives Microsoft's tool
// through it.
package ssl
