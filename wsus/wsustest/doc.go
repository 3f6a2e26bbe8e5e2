// Package wsustest is a kit for whoever builds or runs a server that speaks the WSUS client-server protocol, MS-WUSP.
//
// [Check] examines any server over HTTP and says in words what holds and what does not, each with its section of the protocol. It plays one
// computer to the server, which will be in the server's list afterwards; the report says so.
//
// [Agent] is that computer: a simulated Windows Update Agent that scans level by level, downloads as Delivery Optimization does, reports
// events and survives restarts. While it works it judges what it is sent and collects Findings. A real agent keeps silent about the same
// faults, or ends with a number.
//
// [Recorder] writes a conversation down, [Replay] answers from it, and [Chaos] spoils a connection in a way that a seed repeats.
//
// What an agent insists on is taken from the specification and from observations of real agents. Passing every check means that a server
// conforms to what is checked here, not that every Windows accepts it.
package wsustest
