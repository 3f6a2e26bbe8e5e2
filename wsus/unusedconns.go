package wsus

import (
	"net"
	"net/http"
	"sync"
)

// unusedConns are the connections on which no request has begun yet. http.Server.Shutdown waits some seconds for each of them, although
// clients that keep spare connections never meant to send anything.
type unusedConns struct {
	mu    sync.Mutex
	conns map[net.Conn]struct{}
}

// follow is the ConnState hook of a server.
func (u *unusedConns) follow(c net.Conn, state http.ConnState) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if state != http.StateNew {
		delete(u.conns, c)
		return
	}
	if u.conns == nil {
		u.conns = make(map[net.Conn]struct{})
	}
	u.conns[c] = struct{}{}
}

func (u *unusedConns) close() {
	u.mu.Lock()
	defer u.mu.Unlock()
	for c := range u.conns {
		_ = c.Close() // nobody was talking
	}
}
