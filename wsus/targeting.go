package wsus

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// memberships are those of server-side targeting, in memory, so that a request costs no query.
type memberships struct {
	mu         sync.RWMutex
	byComputer map[string]Membership
	newest     int64 // sequence
}

func (m *memberships) load(ctx context.Context, store GroupStore) error {
	for one, err := range store.Memberships(ctx) {
		if err != nil {
			return fmt.Errorf("memberships: %w", err)
		}
		m.put(one)
	}
	return nil
}

func (m *memberships) put(all ...Membership) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byComputer == nil {
		m.byComputer = make(map[string]Membership)
	}
	for _, one := range all {
		m.byComputer[one.ComputerID] = one
		m.newest = max(m.newest, one.Sequence)
	}
}

// of returns the membership of a computer; nobody changes its groups.
func (m *memberships) of(computer string) Membership {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.byComputer[computer]
}

func (m *memberships) sequence() int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.newest
}

// scopeOf finds what a client gets, and how much of the changes it has heard of.
//
// Its cookie seals the groups that it named, and the newest change that it has heard of. With client-side targeting those groups
// count as long as they exist; a name that begins to mean a group counts from the next handshake, which then forgets what the client
// has heard. With server-side targeting they do not count: the groups are those of the membership at this moment. When anything
// other than an approval changed what reaches the client after it last heard (its membership, the tree of groups, the configuration),
// it is treated as one that has heard of nothing: the answer tells it of everything it has cached, as that is now. So no cookie has
// to be called back.
func (s *Server) scopeOf(v *view, c clientsync.Bearer) (*scope, int64) {
	groups, changed := c.Groups, v.regrouped
	if v.configuration.TargetingMode == ServerTargeting {
		// The view was read before: when it has seen a change of memberships, so does this.
		m := s.members.of(s.clients.computerOf(c))
		groups, changed = m.Groups, max(changed, m.Sequence)
	}
	anchor := c.Anchor
	if _, heard := splitAnchor(anchor); heard < changed {
		anchor = 0
	}
	return v.scope(v.tree.effective(groups)), anchor
}

// regroupedFor is the sequence of the newest change, other than of an approval, after which a computer may get something else.
func (s *Server) regroupedFor(v *view, computerID string) int64 {
	if v.configuration.TargetingMode != ServerTargeting {
		return v.regrouped
	}
	return max(v.regrouped, s.members.of(computerID).Sequence)
}

// effective leaves out groups that are gone and All Computers, which every computer is in. What is left of nothing are the Unassigned
// Computers. What cookies usually seal costs no allocation: All Computers and then groups that are all there, or none.
func (t groupTree) effective(groups []uuid.UUID) []uuid.UUID {
	count := 0
	for _, g := range groups {
		if t.counts(g) {
			count++
		}
	}
	switch {
	case count == 0:
		return unassigned[:]
	case count == len(groups):
		return groups
	case count == len(groups)-1 && !t.counts(groups[0]):
		return groups[1:]
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g uuid.UUID) bool { return !t.counts(g) })
}

func (t groupTree) counts(g uuid.UUID) bool { return !builtIn(g) && t.has(g) }

// unassigned are the groups of a computer that is in none. Nobody changes it.
var unassigned = [...]uuid.UUID{UnassignedComputers}

// namedGroups are the groups that exist of those that a client names, one or several with semicolons between.
func (t groupTree) namedGroups(names string) []uuid.UUID {
	var groups []uuid.UUID
	for name := range strings.SplitSeq(names, ";") {
		if g, ok := t.named(strings.TrimSpace(name)); ok && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	return groups
}

// groupsOf are the groups that a computer is in by the mode in force; those above them are not among them.
func (s *Server) groupsOf(v *view, c Computer) []uuid.UUID {
	if v.configuration.TargetingMode == ServerTargeting {
		return v.tree.effective(s.members.of(c.ID).Groups)
	}
	return v.tree.effective(v.tree.namedGroups(c.RequestedGroup))
}
