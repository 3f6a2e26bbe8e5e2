package clientagent

import (
	"context"
	"fmt"

	"github.com/google/uuid"
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

// setPlaced keeps the parts that wait for a restart.
func (c *changes) setPlaced(ids []uuid.UUID) {
	if len(ids) == 0 {
		c.remove(keyPlaced)
		return
	}
	c.set(keyPlaced, ids)
}
