package clientagent

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// demand is what content the policy and the work of the agent ask for.
type demand struct {
	// needed content belongs to updates that are missing, cannot be judged, are being installed, or wait for a restart or for the night.
	needed map[content.SHA1]bool
	// spare content belongs to updates of deployments that are in place: a re-evaluation that finds one gone takes it from the cache.
	spare map[content.SHA1]bool
}

// demand looks up whose content is asked for. An update without details was never fetched, so it has no content.
func (a *Agent) demand(ctx context.Context, t *turn) (d demand, err error) {
	all, err := a.readCatalogue(ctx)
	if err != nil {
		return d, err
	}
	open, deployed, err := a.wantedUpdates(ctx, t)
	if err != nil {
		return d, err
	}
	w := &contentWalk{agent: a, latest: all.latest(), exact: make(map[metadata.Identity]*revision, len(all))}
	for _, r := range all {
		w.exact[r.identity()] = r
	}
	if d.needed, err = w.files(ctx, open); err != nil {
		return d, err
	}
	d.spare, err = w.files(ctx, deployed)
	return d, err
}

// wantedUpdates are those that still have to be installed, and all that the policy deploys.
func (a *Agent) wantedUpdates(ctx context.Context, t *turn) (open, deployed []uuid.UUID, err error) {
	cancelled, err := a.cancelled(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range t.policy.Deployments {
		if !d.applies() {
			continue
		}
		state, err := a.progress(ctx, d)
		if err != nil {
			return nil, nil, err
		}
		if !d.Required() {
			state.missing = without(state.missing, cancelled)
		}
		open = slices.Concat(open, state.missing, state.pending, state.unknown)
		deployed = append(deployed, d.Updates...)
	}
	postponed, _, err := load[[]uuid.UUID](ctx, a.store, keyPostponed)
	if err != nil {
		return nil, nil, err
	}
	open = append(open, postponed...)
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return nil, nil, err
	}
	for id, job := range jobs {
		// A download that goes on has been used of late; one that its user has given up is nobody's.
		if job.State.working() || job.State == JobPendingHardReboot {
			open = append(open, id)
		}
	}
	return open, deployed, nil
}

// contentWalk finds the files of updates, of bundles by all their members, whether or not the machine needs each of them.
type contentWalk struct {
	agent  *Agent
	latest map[uuid.UUID]*revision
	exact  map[metadata.Identity]*revision
}

func (w *contentWalk) files(ctx context.Context, ids []uuid.UUID) (map[content.SHA1]bool, error) {
	found, seen := make(map[content.SHA1]bool), make(map[metadata.Identity]bool)
	var next []*revision
	for _, id := range ids {
		next = append(next, w.latest[id])
	}
	for len(next) > 0 {
		r := next[0]
		next = next[1:]
		if r == nil || r.core == nil || seen[r.identity()] {
			continue
		}
		seen[r.identity()] = true
		for _, clause := range r.core.Relationships.Bundled {
			for _, member := range clause.Members {
				if w.exact[member] != nil {
					next = append(next, w.exact[member])
					continue
				}
				// A catalogue that was mapped for another server lacks members until that server sends them anew.
				if err := w.add(ctx, found, member); err != nil {
					return nil, err
				}
			}
		}
		if err := w.add(ctx, found, r.identity()); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (w *contentWalk) add(ctx context.Context, found map[content.SHA1]bool, id metadata.Identity) error {
	d, here, err := w.agent.detail(ctx, id)
	if err != nil || !here {
		return err
	}
	extended, err := metadata.ParseExtended(d.Extended)
	if err != nil {
		return nil // nothing of it can be fetched or installed
	}
	for _, file := range (part{extended: extended}).files() {
		found[content.SHA1(file.SHA1)] = true
	}
	return nil
}
