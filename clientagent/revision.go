package clientagent

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// revision is one entry of the cache that the protocol asks a client to keep (MS-WUSP §3.2): what the server sent of a revision. The
// Core is stored as it came, so that a later version of this package may read more from it.
type revision struct {
	ID         int32                     `json:"id"`
	Identity   clientsync.UpdateIdentity `json:"identity"`
	Leaf       bool                      `json:"leaf"`
	Deployment clientsync.Deployment     `json:"deployment"`
	Fragment   string                    `json:"core"`

	core  *metadata.Core // nil when the fragment cannot be read
	fault error
}

// read parses the fragment.
func (r *revision) read() {
	r.core, r.fault = metadata.ParseCore(r.Fragment)
}

// software says whether the revision is an update that a scan reports: explicitly deployable software, not a category, a detectoid, a
// driver or a part that only its bundle installs.
func (r *revision) software() bool {
	return r.core != nil && r.core.Type == metadata.Software && r.core.ExplicitlyDeployable
}

func (r *revision) identity() metadata.Identity {
	return metadata.Identity{UpdateID: r.Identity.UpdateID, Revision: r.Identity.RevisionNumber}
}

func revisionKey(id int32) string { return fmt.Sprintf("%s%010d", prefRevision, uint32(id)) }

// catalogue is the revision cache in memory while a scan or an installation works with it.
type catalogue map[int32]*revision

// readCatalogue reads the cache from the store.
func (a *Agent) readCatalogue(ctx context.Context) (catalogue, error) {
	all := make(catalogue)
	err := list(ctx, a.store, prefRevision, func(_ string, r revision) error {
		r.read()
		all[r.ID] = &r
		return nil
	})
	return all, err
}

// latest maps every update to its revision; of several the highest counts.
func (all catalogue) latest() map[uuid.UUID]*revision {
	latest := make(map[uuid.UUID]*revision, len(all))
	for _, r := range all {
		if old := latest[r.Identity.UpdateID]; old == nil || old.Identity.RevisionNumber < r.Identity.RevisionNumber {
			latest[r.Identity.UpdateID] = r
		}
	}
	return latest
}

// cores are the readable fragments, ordered by revision id.
func (all catalogue) cores() []*metadata.Core {
	cores := make([]*metadata.Core, 0, len(all))
	for _, id := range all.ids() {
		if core := all[id].core; core != nil {
			cores = append(cores, core)
		}
	}
	return cores
}

func (all catalogue) ids() []int32 { return slices.Sorted(maps.Keys(all)) }
