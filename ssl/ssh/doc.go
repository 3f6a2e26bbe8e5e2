// Package ssh runs commands on a server over SSH: an [ssl.Runner] for the OpenSSH server of Windows, and for any other.
//
// [Dial] makes one connection, and each command gets a session of its own on it. The key of the host is always checked, against a
// known_hosts file or by the caller's own callback; there is no way to leave that out. A command is a list of arguments, which
// the [Shell] at the other end must hand on unchanged: cmd.exe, which OpenSSH starts on Windows unless told otherwise, PowerShell,
// or a POSIX shell.
//
// A connection that is lost is made anew for the next command. A command that was on its way is never sent again, because nobody
// knows whether it ran: [ErrLost] says so, and ssl.Apply finds out by reading.
package ssh
