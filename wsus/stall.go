package wsus

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// Limits of what waits for a slow client.
const (
	// BodyTimeout is how long the body of a request may take to arrive, also where nobody reads it: net/http waits for what a handler
	// has left. Handlers that need another time set it themselves.
	BodyTimeout = time.Minute
	// StallTimeout is how long a client may take for the next StallBytes of an answer. Slower than that is nobody who means to install
	// an update; there is no bound on the whole, for files are large and lines are thin.
	StallTimeout = 2 * time.Minute
	StallBytes   = 64 << 10
)

// boundBodies sets the time that a body may take. Requests without one keep no deadline: net/http reads ahead while it answers, and a
// deadline that passes then would end a long download.
func boundBodies(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// Where a deadline cannot be set, whoever owns the listener bounds the time himself.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(BodyTimeout))
		}
		next.ServeHTTP(w, r)
	})
}

// stallListener accepts connections whose writes fail once the other side has stopped to read.
type stallListener struct{ net.Listener }

func (l stallListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &stallConn{Conn: conn}, nil
}

// stallConn writes piece by piece, each with a deadline of its own.
type stallConn struct {
	net.Conn
	mu       sync.Mutex
	deadline time.Time // that somebody set; zero means none
}

// Write implements net.Conn.
func (c *stallConn) Write(b []byte) (written int, err error) {
	for {
		if err := c.renew(); err != nil {
			return written, err
		}
		n, err := c.Conn.Write(b[written:min(len(b), written+StallBytes)])
		written += n
		if err != nil || written == len(b) {
			return written, err
		}
	}
}

// renew gives the next piece its time, or what is left of the time that somebody set.
func (c *stallConn) renew() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := time.Now().Add(StallTimeout)
	if !c.deadline.IsZero() && c.deadline.Before(next) {
		next = c.deadline
	}
	return c.Conn.SetWriteDeadline(next)
}

// SetWriteDeadline implements net.Conn. A write that is running heeds it too.
func (c *stallConn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	c.deadline = t
	c.mu.Unlock()
	return c.renew()
}

// SetDeadline implements net.Conn.
func (c *stallConn) SetDeadline(t time.Time) error {
	if err := c.Conn.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// CloseWrite ends the answers while the other side may still send, as net/http wants it so that the last answer is not lost.
func (c *stallConn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}
