package ssh

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/crypto/ssh"
)

// link is one connection until it ends.
type link struct {
	client *ssh.Client
	gone   chan struct{} // closed when the connection has ended
}

// connected returns the connection that there is, or makes one.
func (r *Runner) connected(ctx context.Context) (*link, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, ErrClosed
	}
	if r.link != nil && !r.link.ended() {
		return r.link, nil
	}
	client, err := r.connect(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect over SSH to %s: %w", r.config.address(), err)
	}
	l := &link{client: client, gone: make(chan struct{})}
	go func() {
		client.Wait()
		close(l.gone)
	}()
	if r.config.KeepAlive > 0 {
		go l.keepAlive(r.config.KeepAlive)
	}
	r.link = l
	return l, nil
}

// connect bounds everything until the user is logged on: a server that accepts and says nothing must not hold its caller.
func (r *Runner) connect(ctx context.Context) (*ssh.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.timeout())
	defer cancel()
	dial := r.config.DialContext
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(ctx, "tcp", r.config.address())
	if err != nil {
		return nil, err
	}
	unwatch := context.AfterFunc(ctx, func() { conn.Close() })
	c, channels, requests, err := ssh.NewClientConn(conn, r.config.address(), &ssh.ClientConfig{
		User: r.config.User, Auth: r.config.methods(), HostKeyCallback: r.hostKey, HostKeyAlgorithms: r.kinds})
	if !unwatch() {
		err = context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return ssh.NewClient(c, channels, requests), nil
}

func (l *link) ended() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

// end closes the connection and waits until nothing runs for it any more.
func (l *link) end() {
	l.client.Close()
	<-l.gone
}

// open opens a session. A server that does not answer holds it until ctx ends, and the connection is useless then.
func (l *link) open(ctx context.Context) (*ssh.Session, error) {
	unwatch := context.AfterFunc(ctx, func() { l.client.Close() })
	session, err := l.client.NewSession()
	if !unwatch() && err == nil {
		session.Close()
		err = context.Cause(ctx)
	}
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return session, err
}

// abandon ends a session and waits for its goroutines; when the server does not answer it ends the connection.
func (l *link) abandon(session *ssh.Session, ended <-chan error) error {
	closing := make(chan struct{})
	go func() {
		defer close(closing)
		session.Signal(ssh.SIGKILL)
		session.Close()
	}()
	defer func() { <-closing }()
	delay := time.NewTimer(closeDelay)
	defer delay.Stop()
	select {
	case err := <-ended:
		return err
	case <-delay.C:
		l.client.Close()
		return <-ended
	}
}

var errSilent = errors.New("the server does not answer")

// keepAlive tries the connection as OpenSSH does. The answer does not matter, that there is one does.
func (l *link) keepAlive(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-l.gone:
			return
		case <-ticker.C:
		}
		if l.try(every) != nil {
			l.client.Close()
			return
		}
	}
}

func (l *link) try(within time.Duration) error {
	answered := make(chan error, 1)
	go func() {
		_, _, err := l.client.SendRequest("keepalive@openssh.com", true, nil)
		answered <- err
	}()
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case err := <-answered:
		return err
	case <-l.gone:
	case <-timer.C:
		l.client.Close()
	}
	<-answered
	return errSilent
}
