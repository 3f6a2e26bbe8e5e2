package clientagent_test

import (
	"context"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// drawEnd has a deployment end some days after it began, or only detect.
func (w *simWorld) drawEnd(d *updatepoint.Deployment) {
	if !w.has("options") {
		return
	}
	if w.extra.IntN(3) == 0 {
		d.ExpirationTime = d.StartTime.Add(time.Duration(150+w.extra.IntN(400)) * time.Hour)
		w.happened("order: expires")
	}
	if !d.Required() && w.extra.IntN(2) == 0 {
		d.AssignmentAction, d.PreDownload, d.SuppressReboot = clientagent.ActionDetect, false, 0
		w.happened("order: detects only")
	}
}

// live are the deployments of the policy that have not ended.
func (a *simAgent) live() (live []clientagent.Deployment) {
	for _, d := range a.policy().Deployments {
		if !a.hasEnded(d.ExpirationTime, d.LocalTime, a.turned) {
			live = append(live, d)
		}
	}
	return live
}

func (a *simAgent) hasEnded(end time.Time, local bool, at time.Time) bool {
	return !end.IsZero() && !a.local(end, local).After(at)
}

// planCancelling has users who cancel a download.
func (a *simAgent) planCancelling() {
	for range 1 + a.extra.IntN(8) {
		a.some(func() {
			a.act("cancel", func(ctx context.Context) error {
				offered, err := a.agent.Updates(ctx)
				if err != nil || len(offered) == 0 {
					return err
				}
				id := offered[a.extra.IntN(len(offered))].ID
				a.cancelled = append(a.cancelled, a.world.byID(id)) // whatever is answered: the answer may be lost
				err = a.agent.CancelDownload(ctx, id)
				if err == nil {
					a.world.happened("user: cancels")
				}
				return err
			})
		})
	}
}
