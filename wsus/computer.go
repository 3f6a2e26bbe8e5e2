package wsus

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// registered remembers which computers registered, so that the check of every request costs no query.
type registered struct {
	mu  sync.RWMutex
	ids map[string]struct{}
}

func (r *registered) has(id string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, ok := r.ids[id]
	return ok
}

func (r *registered) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids == nil {
		r.ids = make(map[string]struct{})
	}
	r.ids[strings.Clone(id)] = struct{}{}
}

// Computers yields the computers that introduced themselves, ordered by id.
func (s *Server) Computers(ctx context.Context) iter.Seq2[Computer, error] {
	return s.store.Computers(ctx)
}

// authorize keeps who introduced itself and returns the groups it names. A group that a client asks for counts only when it
// exists; a client in no created group is among the unassigned.
func (s *Server) authorize(ctx context.Context, id, dnsName, group string) ([]uuid.UUID, error) {
	c, err := s.store.Computer(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("authorize %s: %w", id, err)
	}
	if errors.Is(err, ErrNotFound) || c.DNSName != dnsName || c.RequestedGroup != group {
		c.ID, c.DNSName, c.RequestedGroup, c.LastContact = id, dnsName, group, s.now().UTC()
		if err := s.store.PutComputers(ctx, c); err != nil {
			return nil, fmt.Errorf("authorize %s: %w", id, err)
		}
	}
	groups := append([]uuid.UUID{AllComputers}, s.view.Load().tree.namedGroups(group)...)
	if len(groups) == 1 {
		groups = append(groups, UnassignedComputers)
	}
	return groups, nil
}

func (s *Server) isRegistered(ctx context.Context, id string) (bool, error) {
	if s.computers.has(id) {
		return true, nil
	}
	c, err := s.store.Computer(ctx, id)
	if errors.Is(err, ErrNotFound) || err == nil && !c.Registered {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("computer %s: %w", id, err)
	}
	s.computers.add(id)
	return true, nil
}

func (s *Server) register(ctx context.Context, client clientsync.Bearer, info clientsync.ComputerInfo) error {
	c, err := s.store.Computer(ctx, client.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("register %s: %w", client.ID, err)
	}
	c.ID, c.DNSName, c.Registered, c.LastContact = client.ID, info.DNSName, true, s.now().UTC()
	c.OSVersion = fmt.Sprintf("%d.%d.%d", info.OSMajorVersion, info.OSMinorVersion, info.OSBuildNumber)
	c.OSDescription, c.Architecture, c.ProductType = info.OSDescription, info.ProcessorArchitecture, info.OldProductType
	c.Manufacturer, c.Model = info.ComputerManufacturer, info.ComputerModel
	c.ClientVersion = fmt.Sprintf("%d.%d.%d.%d", info.ClientVersionMajorNumber, info.ClientVersionMinorNumber,
		info.ClientVersionBuildNumber, info.ClientVersionQfeNumber)
	if err := s.store.PutComputers(ctx, c); err != nil {
		return fmt.Errorf("register %s: %w", client.ID, err)
	}
	s.computers.add(client.ID)
	return nil
}
