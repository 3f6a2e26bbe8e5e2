package clientagent

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// logOutcome says what came of installations that have just been verified.
func (a *Agent) logOutcome(ctx context.Context, ids []uuid.UUID, states map[uuid.UUID]compliance.State) error {
	for _, id := range ids {
		job, err := a.job(ctx, id)
		if err != nil {
			return err
		}
		switch job.State {
		case JobError:
			a.log.WarnContext(ctx, "update failed to install", "update", id, "code", hresult(job.Code), "meaning", CodeMeaning(job.Code),
				"reason", job.Reason)
		case JobPendingHardReboot:
			a.log.InfoContext(ctx, "update waits for a restart", "update", id)
		default:
			a.log.InfoContext(ctx, "update verified", "update", id, "state", states[id])
		}
	}
	return nil
}

// logStates is the trace of everything that changes its state, for whoever has to find out why something does not happen.
func (c *changes) logStates(ctx context.Context) {
	if c.log.Enabled(ctx, slog.LevelDebug) {
		for _, m := range c.states {
			c.log.DebugContext(ctx, "state changed", "topic", int(m.Topic.Type), "id", m.Topic.ID, "state", m.State, "code", hresult(m.Code))
		}
	}
	c.states = nil
}

// hresult is a code as the product writes it.
func hresult(code int32) string { return fmt.Sprintf("0x%08X", uint32(code)) }
