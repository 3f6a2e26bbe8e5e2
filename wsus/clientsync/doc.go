// Package clientsync speaks the WSUS client-server protocol, MS-WUSP, at both ends.
//
// Handler is the server's end. It serves the Client, SimpleAuth and Reporting services in front of a Backend and does what the
// protocol asks of every server: sealed cookies and their checks, faults that agents recover from, limits, the exact form of
// messages. It keeps nothing per client; all it needs to know comes back in the cookie.
//
// Client is the client's end, one method per operation, for any server. Session wraps one for an agent: it makes the handshake
// when it is needed, keeps its state as JSON and recovers from faults.
//
// The wire is read and written by hand, for speed, and held against the published schemas, against captured messages and
// against encoding/xml by tests. Answers are compressed with Xpress for whoever asks for it. Rollups of downstream servers are not
// built: those operations answer a fault that says so. Parameters of Microsoft's own service alone are passed over.
package clientsync
