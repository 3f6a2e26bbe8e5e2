package memory

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// WSUS implements wsus.Store.
type WSUS struct {
	volume catalog.Volume

	mu          sync.RWMutex
	identity    *wsus.Identity
	computers   map[string]wsus.Computer
	machines    map[string]map[string]bool // computers by client id
	statuses    map[string]map[uuid.UUID]wsus.Status
	approvals   map[approvalKey]wsus.Approval
	sequence    int64
	deployments int32
	groups      map[uuid.UUID]wsus.TargetGroup
	regrouped   int64
	memberships map[string]wsus.Membership
	rules       map[uuid.UUID]wsus.InstallApprovalRule
	licenses    map[licenseKey]wsus.AcceptedLicense
	// configuration is nil before the first write.
	configuration *wsus.Configuration
	subscription  *wsus.Subscription // nil before the first write
	leftOut       map[uuid.UUID]wsus.LeftOut
	events        []wsus.Event
	eventIDs      map[uuid.UUID]bool
}

var _ wsus.Store = (*WSUS)(nil)

type approvalKey struct{ update, group uuid.UUID }

type licenseKey struct{ eula, update uuid.UUID }

func newWSUS(volume catalog.Volume) WSUS {
	return WSUS{
		volume:      volume,
		computers:   map[string]wsus.Computer{},
		machines:    map[string]map[string]bool{},
		statuses:    map[string]map[uuid.UUID]wsus.Status{},
		approvals:   map[approvalKey]wsus.Approval{},
		groups:      map[uuid.UUID]wsus.TargetGroup{},
		memberships: map[string]wsus.Membership{},
		rules:       map[uuid.UUID]wsus.InstallApprovalRule{},
		licenses:    map[licenseKey]wsus.AcceptedLicense{},
		leftOut:     map[uuid.UUID]wsus.LeftOut{},
		eventIDs:    map[uuid.UUID]bool{},
	}
}

// Catalog implements wsus.Store.
func (s *WSUS) Catalog() catalog.Volume { return s.volume }

// Identity implements wsus.IdentityStore.
func (s *WSUS) Identity(ctx context.Context) (wsus.Identity, error) {
	if err := ctx.Err(); err != nil {
		return wsus.Identity{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.identity == nil {
		return wsus.Identity{}, fmt.Errorf("identity: %w", wsus.ErrNotFound)
	}
	id := *s.identity
	id.CookieKey = bytes.Clone(id.CookieKey)
	return id, nil
}

// PutIdentity implements wsus.IdentityStore.
func (s *WSUS) PutIdentity(ctx context.Context, id wsus.Identity) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	id.CookieKey = bytes.Clone(id.CookieKey)
	id.ConfigChanged = kept(id.ConfigChanged)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.identity = &id
	return nil
}
