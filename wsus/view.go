package wsus

import (
	"context"
	"fmt"
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
	licenses   map[uuid.UUID][]AcceptedLicense // by EulaID
	tree       groupTree
	// regrouped is the sequence of the newest change that concerns every computer; see GroupStore.Groups.
	regrouped     int64
	configuration Configuration
	sequence      int64 // of the newest change of all

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
	groups, regrouped, err := s.store.Groups(ctx)
	if err != nil {
		return fmt.Errorf("target groups: %w", err)
	}
	licenses, err := s.store.Licenses(ctx)
	if err != nil {
		return fmt.Errorf("license agreements: %w", err)
	}
	configuration, err := s.loadConfiguration(ctx)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	v := &view{
		generation:    s.catalog.Generation(),
		approvals:     make(map[uuid.UUID][]Approval),
		declined:      make(map[uuid.UUID]bool),
		licenses:      make(map[uuid.UUID][]AcceptedLicense),
		tree:          newGroupTree(groups),
		regrouped:     regrouped,
		configuration: configuration,
		sequence:      max(regrouped, s.members.sequence()),
		scopes:        make(map[string]*scope),
	}
	for _, g := range groups {
		v.sequence = max(v.sequence, g.Sequence)
	}
	for _, l := range licenses {
		v.licenses[l.EulaID] = append(v.licenses[l.EulaID], l)
	}
	for _, a := range approvals {
		v.addApproval(a)
	}
	s.view.Store(v)
	return nil
}

// addApproval files one row of the store.
func (v *view) addApproval(a Approval) {
	v.sequence = max(v.sequence, a.Sequence)
	if a.Group == uuid.Nil {
		v.declined[a.UpdateID] = a.Action == Declined && !a.Dead
		return
	}
	v.approvals[a.UpdateID] = append(v.approvals[a.UpdateID], a)
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

// anchor is the state of change that a client has seen: which generation and which approval, in one number for its cookie.
func (v *view) anchor() int64 { return v.generation.Number()<<32 | v.sequence&0xffffffff }

func splitAnchor(anchor int64) (generation, sequence int64) { return anchor >> 32, anchor & 0xffffffff }
