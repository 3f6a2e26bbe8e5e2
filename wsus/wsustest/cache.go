package wsustest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Revision is one update as the agent holds it.
type Revision struct {
	// ID is the server's.
	ID         int32                 `json:"id"`
	Leaf       bool                  `json:"leaf"`
	Deployment clientsync.Deployment `json:"deployment"`
	// XML is the Core fragment.
	XML string `json:"xml"`

	core *metadata.Core // nil when XML cannot be read
}

// Core is what the Core fragment says, nil when it cannot be read. It must not be changed.
func (r *Revision) Core() *metadata.Core { return r.core }

// Identity is the global name; zero when the Core fragment cannot be read.
func (r *Revision) Identity() clientsync.UpdateIdentity {
	if r.core == nil {
		return clientsync.UpdateIdentity{}
	}
	return clientsync.UpdateIdentity{UpdateID: r.core.UpdateID, RevisionNumber: r.core.Revision}
}

// String names the revision in findings: 17 (uuid;200).
func (r *Revision) String() string {
	if r.core == nil {
		return fmt.Sprint(r.ID)
	}
	return fmt.Sprintf("%d (%s;%d)", r.ID, r.core.UpdateID, r.core.Revision)
}

func (r *Revision) isDriver() bool { return r.core != nil && r.core.Type == metadata.Driver }

// State is what an agent keeps over a restart. It holds a cookie.
type State struct {
	Session clientsync.SessionState     `json:"session"`
	Cache   []Revision                  `json:"cache"`
	Events  []clientsync.ReportingEvent `json:"events,omitempty"`
}

// State is the agent's, ordered by revision id; it can be written as JSON.
func (a *Agent) State() State {
	s := State{Session: a.session.State, Events: slices.Clone(a.events)}
	for _, r := range a.Cache() {
		s.Cache = append(s.Cache, *r)
	}
	return s
}

// Restore makes the agent what another one was when it gave its State.
func (a *Agent) Restore(s State) error {
	cache := make(map[int32]*Revision, len(s.Cache))
	for _, r := range s.Cache {
		if r.XML != "" {
			core, err := metadata.ParseCore(r.XML)
			if err != nil {
				return fmt.Errorf("restore an agent: revision %d: %w", r.ID, err)
			}
			r.core = core
		}
		cache[r.ID] = &r
	}
	a.session.State, a.cache, a.events = s.Session, cache, slices.Clone(s.Events)
	return nil
}

// Cache lists what the agent holds, by revision id. The revisions are the agent's and must not be changed.
func (a *Agent) Cache() []*Revision {
	ids := slices.Sorted(maps.Keys(a.cache))
	list := make([]*Revision, 0, len(ids))
	for _, id := range ids {
		list = append(list, a.cache[id])
	}
	return list
}

// Limits of the cache, far above what servers have: one that never ends must not fill the memory.
const (
	maxCached      = 200_000
	maxCachedBytes = 1 << 30
)

func (a *Agent) checkSize() error {
	bytes := 0
	for _, r := range a.cache {
		bytes += len(r.XML)
	}
	if len(a.cache) > a.maxCached || bytes > maxCachedBytes {
		return fmt.Errorf("the server has sent %d revisions with %d bytes, more than an agent keeps", len(a.cache), bytes)
	}
	return nil
}

// refreshCache gives the cache this server's revision ids, after the server said that it is another (MS-WUSP §3.1.5.8). What the server does
// not name goes.
func (a *Agent) refreshCache(ctx context.Context, s *clientsync.Session) error {
	if len(a.cache) == 0 {
		return nil
	}
	known := map[clientsync.UpdateIdentity]*Revision{}
	var ids []clientsync.UpdateIdentity
	for _, r := range a.Cache() {
		if identity := r.Identity(); identity.UpdateID != (clientsync.UpdateIdentity{}).UpdateID {
			known[identity] = r
			ids = append(ids, identity)
		}
	}
	answers, err := s.RefreshCache(ctx, ids)
	if err != nil {
		return err
	}
	a.judgeRefresh(ids, answers)
	renewed := map[int32]*Revision{}
	for _, answer := range answers {
		if r := known[answer.GlobalID]; r != nil {
			r.ID, r.Leaf, r.Deployment = answer.RevisionID, answer.IsLeaf, answer.Deployment
			renewed[r.ID] = r
		}
	}
	a.cache = renewed
	if a.asking {
		return errRefreshed
	}
	return nil
}

// errRefreshed ends a call whose request names revision ids that the cache no longer has; it is made again.
var errRefreshed = errors.New("the cache has the ids of another server now")

// judgeRefresh compares the answers of RefreshCache with what was asked.
func (a *Agent) judgeRefresh(asked []clientsync.UpdateIdentity, answers []clientsync.RefreshedRevision) {
	byID := map[int32]clientsync.UpdateIdentity{}
	seen := map[clientsync.UpdateIdentity]bool{}
	for _, r := range answers {
		name := fmt.Sprintf("%s;%d", r.GlobalID.UpdateID, r.GlobalID.RevisionNumber)
		if !slices.Contains(asked, r.GlobalID) {
			a.findf("refresh-cache", "RefreshCache answers revision %d for %s, which was not asked for", r.RevisionID, name)
		}
		if other, twice := byID[r.RevisionID]; twice && other != r.GlobalID {
			a.findf("refresh-cache", "RefreshCache gives revision id %d to %s and to %s;%d", r.RevisionID, name, other.UpdateID, other.RevisionNumber)
		}
		if seen[r.GlobalID] {
			a.findf("refresh-cache", "RefreshCache names %s twice", name)
		}
		byID[r.RevisionID], seen[r.GlobalID] = r.GlobalID, true
		if r.Deployment.Action == "" || r.Deployment.LastChangeTime.IsZero() {
			a.findf("refresh-cache", "RefreshCache answers %s without a complete Deployment", name)
		}
	}
}
