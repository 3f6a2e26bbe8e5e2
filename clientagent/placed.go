package clientagent

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// keyPlaced is the record of the parts that an installer has put in place and that wait for a restart. The job of a bundle tells one thing
// for all its parts: when a later one fails, the next attempt must not install the earlier ones again.
const keyPlaced = "placed"

// placed are the parts that wait for a restart; none once it has come. A machine that cannot tell whether a restart is pending has none.
func (a *Agent) placed(ctx context.Context) ([]uuid.UUID, error) {
	watcher, able := a.machine.(RestartWatcher)
	if !able {
		return nil, nil
	}
	ids, found, err := load[[]uuid.UUID](ctx, a.store, keyPlaced)
	if err != nil || !found {
		return nil, err
	}
	waits, err := watcher.RestartPending(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for a pending restart: %w", err)
	}
	if !waits {
		return nil, nil
	}
	return ids, nil
}

// onlyPlaced says that nothing is known to wait for a restart but parts of an update whose job failed all the same. It is no other update to
// wait for: the next attempt skips those parts, and asks for the restart.
func (a *Agent) onlyPlaced(ctx context.Context, w *workshop, id uuid.UUID) (bool, error) {
	jobs, err := a.openJobs(ctx)
	if err != nil || anyPending(jobs) {
		return false, err
	}
	placed, err := a.placed(ctx)
	if err != nil || len(placed) == 0 {
		return false, err
	}
	members, err := w.facts.Members(ctx, id)
	if err != nil {
		return false, fmt.Errorf("members of update %s: %w", id, err)
	}
	own := func(placed uuid.UUID) bool {
		return slices.ContainsFunc(members, func(core *metadata.Core) bool { return core.UpdateID == placed })
	}
	return !slices.ContainsFunc(placed, func(id uuid.UUID) bool { return !own(id) }), nil
}

// setPlaced keeps the parts that wait for a restart.
func (c *changes) setPlaced(ids []uuid.UUID) {
	if len(ids) == 0 {
		c.remove(keyPlaced)
		return
	}
	c.set(keyPlaced, ids)
}
