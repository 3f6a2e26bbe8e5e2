package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// waitForScans waits until every machine has reported a whole scan.
func (h *house) waitForScans(ctx context.Context, machines int) error {
	for {
		table, err := h.site.Compliance(ctx)
		if err != nil {
			return err
		}
		scanned := 0
		for _, c := range table.Computers {
			if c.Counts.Unknown == 0 && !c.LastScan.IsZero() {
				scanned++
			}
		}
		h.progress.show("machines scanned", scanned, machines)
		if scanned >= machines {
			h.progress.say("%d machines scanned %d updates: %d required, %d installed, %d not required", scanned, len(table.Updates),
				table.States.Required, table.States.Installed, table.States.NotRequired)
			return nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// waitForDeployments waits until every deployment has reached its end state on every machine, and every update of them too.
func (h *house) waitForDeployments(ctx context.Context, ids ...uuid.UUID) error {
	var stuck time.Time // since when nothing moves any more
	for {
		reached, total := 0, 0
		var failed []string
		deployed := make(map[uuid.UUID]bool)
		for _, id := range ids {
			status, err := h.site.DeploymentStatus(ctx, id)
			if err != nil {
				return err
			}
			for _, id := range status.Deployment.Updates {
				deployed[id] = true
			}
			for _, c := range status.Clients {
				total++
				switch c.Status {
				case updatepoint.Success:
					reached++
				case updatepoint.StatusError:
					failed = append(failed, fmt.Sprintf("%q on %s: %s", status.Deployment.Name, c.Name, clientagent.CodeMeaning(c.ErrorCode)))
				}
			}
		}
		table, err := h.site.ComplianceSummary(ctx)
		if err != nil {
			return err
		}
		required := 0
		for _, u := range table.Updates {
			if deployed[u.ID] {
				required += u.Counts.Required
			}
		}
		h.progress.show(fmt.Sprintf("deployments done on machines, %d updates required still", required), reached, total)
		if total > 0 && reached == total && required == 0 {
			h.progress.say("all deployments have reached their end state: %d installed, %d required, %d not required",
				table.States.Installed, table.States.Required, table.States.NotRequired)
			return nil
		}
		switch {
		case len(failed) == 0 || reached+len(failed) < total:
			stuck = time.Time{}
		case stuck.IsZero():
			stuck = time.Now()
		case time.Since(stuck) > patience:
			err := fmt.Errorf("deployments failed: %s", strings.Join(failed, "; "))
			if h.once {
				return err
			}
			h.progress.say("%v; the agents try again at their next re-evaluation", err)
			return nil
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// patience is how long failures must last, through the agents' own retries, before the example gives up.
const patience = 15 * time.Second

// pause waits a moment, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
