package ssh

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/internal/bounded"
)

// What Run answers beside the errors of the connection.
var (
	// ErrLost: the connection ended while the command ran, so that nobody knows how far it came.
	ErrLost = errors.New("the connection was lost while the command ran")
	// ErrClosed: the Runner was closed.
	ErrClosed = errors.New("the runner is closed")
)

// Runner is an ssl.Runner over one SSH connection. Commands may run at the same time, each in its own session; servers allow ten of
// those unless told otherwise. Close it after use.
type Runner struct {
	config  Config
	hostKey ssh.HostKeyCallback
	kinds   []string

	mu     sync.Mutex
	link   *link // nil before the first connection
	closed bool
}

// Dial connects and logs on, so that wrong settings, an unknown host and a wrong key show at once. Every fault of the Config is told in
// one error.
func Dial(ctx context.Context, c Config) (*Runner, error) {
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("connect over SSH: %w", err)
	}
	hostKey, kinds, err := c.hostKey()
	if err != nil {
		return nil, fmt.Errorf("connect over SSH: read known hosts: %w", err)
	}
	r := &Runner{config: c, hostKey: hostKey, kinds: kinds}
	if _, err := r.connected(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

// Close ends the connection. Commands that run end with ErrLost.
func (r *Runner) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.link != nil {
		r.link.end()
	}
	return nil
}

// Run implements ssl.Runner. When ctx ends, the command is sent a KILL signal and its session is closed; a server that passes no
// signals on, as that of Windows, and OpenSSH to commands of root, lets it go on. More output than the limit ends it likewise, with
// ssl.ErrOutputLimit.
func (r *Runner) Run(ctx context.Context, c ssl.Command) (ssl.Output, error) {
	line, err := r.config.Shell.Line(c)
	if err != nil {
		return ssl.Output{}, fmt.Errorf("run %s: %w", c.Name, err)
	}
	link, session, err := r.session(ctx)
	if err != nil {
		return ssl.Output{}, fmt.Errorf("run %s: %w", c.Name, err)
	}
	defer session.Close()
	output, err := r.execute(ctx, link, session, line)
	if err != nil {
		return output, fmt.Errorf("run %s: %w", c.Name, err)
	}
	return output, nil
}

// session opens one. On a connection that turns out to be lost it is tried again on a new one: the command has not started.
func (r *Runner) session(ctx context.Context) (*link, *ssh.Session, error) {
	for again := true; ; again = false {
		link, err := r.connected(ctx)
		if err != nil {
			return nil, nil, err
		}
		session, err := link.open(ctx)
		var refused *ssh.OpenChannelError
		if err == nil || errors.As(err, &refused) || ctx.Err() != nil || !again {
			return link, session, err
		}
		link.end()
	}
}

// closeDelay is how long a session that was closed may take to say so before the whole connection is given up.
const closeDelay = 2 * time.Second

func (r *Runner) execute(ctx context.Context, l *link, session *ssh.Session, line string) (ssl.Output, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	stdout := &bounded.Buffer{Limit: r.config.outputLimit(), Full: stop}
	stderr := &bounded.Buffer{Limit: r.config.outputLimit(), Full: stop}
	session.Stdout, session.Stderr = stdout, stderr

	ended := make(chan error, 1)
	go func() {
		if err := session.Start(line); err != nil {
			ended <- err
			return
		}
		ended <- session.Wait()
	}()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = l.abandon(session, ended)
	}
	output := ssl.Output{Stdout: stdout.Data, Stderr: stderr.Data}
	if cause := context.Cause(ctx); cause != nil {
		return output, cause
	}
	output.ExitCode, err = exitCode(err)
	return output, err
}

// exitCode tells a command that failed from one whose end nobody saw.
func exitCode(err error) (int, error) {
	var exit *ssh.ExitError
	switch {
	case err == nil:
		return 0, nil
	case !errors.As(err, &exit):
		return 0, fmt.Errorf("%w: %w", ErrLost, err)
	case exit.Signal() != "":
		return exit.ExitStatus(), fmt.Errorf("it was ended by signal %s", exit.Signal())
	}
	return exit.ExitStatus(), nil
}
