package ssl

import "context"

// Runner runs a command on a server. Implementations are safe for concurrent use.
type Runner interface {
	// Run waits for the command to end. A command that ran and failed is no error: ExitCode tells. The error is for a command
	// that could not be started or whose end was not awaited because ctx ended.
	Run(ctx context.Context, c Command) (Output, error)
}

// Command is a program with its arguments, never a line for a shell: each transport quotes as its other end needs.
type Command struct {
	Name string   `json:"name"`
	Args []string `json:"args,omitempty"`
}

// Output is what a command left behind.
type Output struct {
	Stdout, Stderr []byte
	ExitCode       int
}
