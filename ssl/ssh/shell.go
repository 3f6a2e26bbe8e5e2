package ssh

import (
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/internal/quote"
)

// Shell is what reads a command line at the other end.
type Shell int

// The shells.
const (
	// Cmd is cmd.exe, with delayed expansion off as is the default: what OpenSSH starts on Windows (registry value DefaultShell
	// absent). A line has at most 8191 characters, and the path of a program no percent sign.
	Cmd Shell = iota
	// PowerShell starts a Windows PowerShell with an encoded script, from whatever shell there is, so that no sign of the command
	// is ever read by it. A line has at most 8191 characters, which a command fills with about 2500.
	PowerShell
	// POSIX is sh and its relatives.
	POSIX
)

// String names the shell.
func (s Shell) String() string {
	switch s {
	case Cmd:
		return "Cmd"
	case PowerShell:
		return "PowerShell"
	case POSIX:
		return "POSIX"
	}
	return "unknown"
}

func (s Shell) known() bool { return s == Cmd || s == PowerShell || s == POSIX }

// Line writes a command for the shell. It is refused when an argument would not come through unchanged: one with a line end, a zero byte or
// broken UTF-8, and a line that is too long.
func (s Shell) Line(c ssl.Command) (string, error) {
	switch s {
	case PowerShell:
		return quote.ThroughPowerShell(c.Name, c.Args)
	case POSIX:
		return quote.POSIX(c.Name, c.Args)
	}
	return quote.Cmd(c.Name, c.Args)
}
