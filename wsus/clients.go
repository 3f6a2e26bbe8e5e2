package wsus

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// clients are the computers of the store that have shown up since the server started, so that what every request asks for and leaves
// behind costs no query.
type clients struct {
	mu   sync.RWMutex
	byID map[string]*client
}

// maxClients bounds what is remembered: then the memory begins anew, and what is not saved yet is the exact time of the last contacts.
const maxClients = 250_000

// client is a client id with the computers that send it: nearly always one. Whatever changes them holds its lock, over the write as well.
type client struct {
	mu       sync.Mutex
	read     bool // from the store
	machines []*machine
}

// machine is a computer, when it was saved last, and what came of its last driver pass.
type machine struct {
	Computer
	saved   time.Time
	drivers driverNote
}

// lock returns the locked client of an id, known or not.
func (s *Server) lock(ctx context.Context, id string) (*client, error) {
	c := s.clients.of(id)
	c.mu.Lock()
	if c.read {
		return c, nil
	}
	stored, err := s.store.Machines(ctx, id)
	if err != nil {
		c.mu.Unlock()
		return nil, fmt.Errorf("computer %s: %w", id, err)
	}
	for _, computer := range stored {
		c.machines = append(c.machines, &machine{Computer: computer, saved: computer.LastContact})
	}
	c.read = true
	return c, nil
}

func (r *clients) of(id string) *client {
	r.mu.RLock()
	c := r.byID[id]
	r.mu.RUnlock()
	if c != nil {
		return c
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if c := r.byID[id]; c != nil {
		return c
	}
	if r.byID == nil || len(r.byID) >= maxClients {
		r.byID = make(map[string]*client)
	}
	c = &client{}
	r.byID[strings.Clone(id)] = c
	return c
}

// computerOf returns the ID of the computer that a request comes from, as far as it is remembered: registration was asked about before.
func (r *clients) computerOf(b clientsync.Bearer) string {
	r.mu.RLock()
	c := r.byID[b.ID]
	r.mu.RUnlock()
	if c == nil {
		return b.ID
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.of(b); m != nil {
		return m.ID
	}
	return b.ID
}

// of returns the computer that a request comes from, nil when it never introduced itself. Of several with the name it is the one that was
// here last: their requests do not tell them apart, only their registrations do.
func (c *client) of(b clientsync.Bearer) *machine { return c.named(b.DNSName) }

func (c *client) named(dnsName string) *machine {
	var found *machine
	for _, m := range c.machines {
		if strings.EqualFold(m.DNSName, dnsName) && (found == nil || m.LastContact.After(found.LastContact)) {
			found = m
		}
	}
	return found
}

// keep writes a computer and then remembers it.
func (s *Server) keep(ctx context.Context, m *machine, computer Computer) error {
	if err := s.store.PutComputers(ctx, computer); err != nil {
		return err
	}
	s.kept(m, computer)
	return nil
}

// kept remembers what has been written.
func (s *Server) kept(m *machine, computer Computer) {
	m.Computer, m.saved = computer, computer.LastContact
	s.states.computerKept(computer)
}
