package ssl

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/seed599db172/softwareupdates/ssl/internal/bounded"
)

// DefaultOutputLimit is how many bytes of each output stream [Local] keeps unless told otherwise.
const DefaultOutputLimit = 1 << 20

// waitDelay is how long a killed command's children may hold its output open.
const waitDelay = 5 * time.Second

// ErrOutputLimit says that a command wrote more than its runner keeps. The command was stopped.
var ErrOutputLimit = bounded.ErrLimit

// Local runs commands on this machine. The zero value works.
type Local struct {
	// OutputLimit bounds each output stream in bytes; 0 means DefaultOutputLimit.
	OutputLimit int
}

// Run implements Runner. The command is killed when ctx ends.
func (l Local) Run(ctx context.Context, c Command) (Output, error) {
	limit := l.OutputLimit
	if limit == 0 {
		limit = DefaultOutputLimit
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd := exec.CommandContext(ctx, c.Name, c.Args...)
	cmd.WaitDelay = waitDelay
	stdout, stderr := &bounded.Buffer{Limit: limit, Full: stop}, &bounded.Buffer{Limit: limit, Full: stop}
	cmd.Stdout, cmd.Stderr = stdout, stderr

	err := cmd.Run()
	out := Output{Stdout: stdout.Data, Stderr: stderr.Data, ExitCode: cmd.ProcessState.ExitCode()}
	if cause := context.Cause(ctx); cause != nil {
		return out, fmt.Errorf("run %s: %w", c.Name, cause)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return out, fmt.Errorf("run %s: %w", c.Name, err)
	}
	return out, nil
}
