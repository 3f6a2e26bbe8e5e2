package wsus

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// view is everything a request reads: one generation of the catalogue with the approvals in force. It never changes; a new
// import or approval builds a new one.
type view struct {
	generation *catalog.Generation
	approvals  map[uuid.UUID][]Approval // by update
	declined   map[uuid.UUID]bool
	groups     []TargetGroup
	sequence   int64 // of the newest approval

	mu     sync.Mutex
	scopes map[string]*scope // by target groups
}

// maxScopes bounds the scopes that a view keeps: one for every combination of target groups in use.
const maxScopes = 256

// refreshView builds the view of what is in the store now. Callers other than NewServer hold s.mu.
func (s *Server) refreshView(ctx context.Context) error {
	approvals, err := s.store.Approvals(ctx)
	if err != nil {
		return fmt.Errorf("approvals: %w", err)
	}
	groups, err := s.store.Groups(ctx)
	if err != nil {
		return fmt.Errorf("target groups: %w", err)
	}
	v := &view{
		generation: s.catalog.Generation(),
		approvals:  make(map[uuid.UUID][]Approval),
		declined:   make(map[uuid.UUID]bool),
		groups:     groups,
		scopes:     make(map[string]*scope),
	}
	for _, a := range approvals {
		v.sequence = max(v.sequence, a.Sequence)
		if a.Action == Declined {
			v.declined[a.UpdateID] = true
			continue
		}
		v.approvals[a.UpdateID] = append(v.approvals[a.UpdateID], a)
	}
	s.view.Store(v)
	return nil
}

// scope returns what clients in these groups get.
func (v *view) scope(groups []uuid.UUID) *scope {
	var room [8 * len(uuid.UUID{})]byte // more groups than nearly all computers are in
	key := room[:0]
	for _, g := range groups {
		key = append(key, g[:]...)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	sc := v.scopes[string(key)]
	if sc == nil {
		if len(v.scopes) >= maxScopes {
			clear(v.scopes)
		}
		sc = newScope(v, groups)
		v.scopes[string(key)] = sc
	}
	return sc
}

func (v *view) groupNamed(name string) (uuid.UUID, bool) {
	for _, g := range v.groups {
		if strings.EqualFold(g.Name, name) {
			return g.ID, true
		}
	}
	return uuid.Nil, false
}

// anchor is the state of change that a client has seen: which generation and which approval, in one number for its cookie.
func (v *view) anchor() int64 { return v.generation.Number()<<32 | v.sequence&0xffffffff }

func splitAnchor(anchor int64) (generation, sequence int64) { return anchor >> 32, anchor & 0xffffffff }

// sequenceFor is that of the newest approval of an update in any of the groups, whether it is the one that counts or not: taking one
// back changes which one counts.
func (v *view) sequenceFor(update uuid.UUID, groups []uuid.UUID) int64 {
	var newest int64
	for _, a := range v.approvals[update] {
		if slices.Contains(groups, a.Group) {
			newest = max(newest, a.Sequence)
		}
	}
	return newest
}

// approvalFor picks the approval that counts for a computer in these groups. The product leaves the precedence open: a group
// that was created goes before the built-in ones; among equals an approval that acts goes before one that does not, and then
// the earlier deadline.
func (v *view) approvalFor(update uuid.UUID, groups []uuid.UUID) (Approval, bool) {
	var best Approval
	found := false
	for _, a := range v.approvals[update] {
		for _, g := range groups {
			if a.Group == g && (!found || outranks(a, best)) {
				best, found = a, true
			}
		}
	}
	return best, found
}

func outranks(a, b Approval) bool {
	if builtIn(a.Group) != builtIn(b.Group) {
		return !builtIn(a.Group)
	}
	if weight(a.Action) != weight(b.Action) {
		return weight(a.Action) > weight(b.Action)
	}
	if a.Deadline.IsZero() != b.Deadline.IsZero() {
		return !a.Deadline.IsZero()
	}
	return a.Deadline.Before(b.Deadline)
}

func builtIn(group uuid.UUID) bool { return group == AllComputers || group == UnassignedComputers }

// weight orders actions: what agents do by themselves, what they offer, what they only look at.
func weight(a Action) int {
	switch {
	case acts(a):
		return 2
	case a == OptionalInstall:
		return 1
	}
	return 0
}

func acts(a Action) bool { return a == Install || a == Uninstall }
