// Package iis reads IIS's applicationHost.config and edits it without touching any other byte.
//
// [Parse] gives a [Config]: sites with their applications, virtual directories and bindings, application pools, and what
// Require SSL comes to at a place, by IIS's own rules of inheritance and locking, together with the statement that decides it.
// [Config.Apply] makes edits. What is not asked for stays as it is: encoding, byte order mark, line ends, indentation, comments,
// order and quotes of attributes. Each change can be undone to the original bytes. [Open] does both on a file: it follows
// redirection.config or refuses, writes atomically, keeps a backup, and refuses when somebody changed the file meanwhile.
//
// The package knows nothing of WSUS. Package ssl finds the web site of WSUS by its virtual roots and audits it.
package iis
