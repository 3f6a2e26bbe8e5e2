package clientagent_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// simOrder is a deployment as the administrator has it.
type simOrder struct {
	updatepoint.Deployment
}

const simHalf = "every other machine"

// govern gives the site its settings, a collection and the first deployments.
func (w *simWorld) govern() error {
	w.settings = clientagent.DefaultSettings()
	w.settings.ReevaluationInterval = []time.Duration{24 * time.Hour, 48 * time.Hour, 96 * time.Hour, 7 * 24 * time.Hour}[w.rand.IntN(4)]
	w.settings.ScanInterval = []time.Duration{24 * time.Hour, 72 * time.Hour, 7 * 24 * time.Hour}[w.rand.IntN(3)]
	w.settings.PolicyPollingInterval, w.settings.StateMessageInterval = w.leisure(time.Hour), w.leisure(15*time.Minute)
	w.settings.UseAllDeploymentsWindows, w.settings.BatchDeadlines = w.rand.IntN(3) == 0, w.rand.IntN(3) == 0
	w.settings.BatchingPeriod = time.Duration(1+w.rand.IntN(3)) * 24 * time.Hour
	w.settings.ComputerAgent.GracePeriod = time.Duration(w.rand.IntN(24)) * time.Hour
	w.settings.ExactStart, w.settings.RandomizeDeadline = w.rand.IntN(2) == 0, w.rand.IntN(2) == 0
	w.adjust(&w.settings)
	if err := w.site.EnableClientAgent(context.Background(), w.settings); err != nil {
		return err
	}
	w.windows = drawSimWindows(w.rand)
	if err := w.site.PutCollection(context.Background(), w.simHalfCollection()); err != nil {
		return err
	}
	if err := w.drawRunTimes(context.Background(), w.public); err != nil {
		return err
	}
	for range 1 + w.rand.IntN(3) {
		w.deploy()
	}
	return nil
}

// leisure is the product's preset in a few small worlds and a longer interval in all others, so that there is time for more worlds.
func (w *simWorld) leisure(preset time.Duration) time.Duration {
	switch n := w.rand.IntN(12); {
	case w.seed%20 == 0:
		return preset
	case n < 1:
		return 3 * time.Hour
	case n < 5:
		return 8 * time.Hour
	}
	return 24 * time.Hour
}

// planOrders plans what administrators do in the month.
func (w *simWorld) planOrders() {
	for range 2 + w.rand.IntN(12) {
		w.queue.plan(w.moment(), func() {
			switch w.rand.IntN(10) {
			case 0:
				w.toggle()
			case 1:
				w.withdraw()
			case 2, 3:
				w.change()
			case 4:
				w.publishMore()
			default:
				w.deploy()
			}
		})
	}
	w.queue.plan(w.moment(), w.publishMore)
}

// moment is any time of the month.
func (w *simWorld) moment() time.Time {
	return simBegin().Add(time.Duration(w.rand.Int64N(int64(simMonth))))
}

func (w *simWorld) deploy() {
	d := updatepoint.Deployment{Name: fmt.Sprintf("d%02d", len(w.orders)), Collection: []string{updatepoint.AllSystems, simHalf}[w.rand.IntN(2)],
		StartTime:         w.now.Add(time.Duration(w.rand.IntN(72)-12) * time.Hour),
		DeploymentOptions: clientagent.DeploymentOptions{SuppressReboot: clientagent.RebootSuppression(max(0, w.rand.IntN(7)-3))}}
	for _, u := range w.public {
		if w.rand.IntN(3) == 0 {
			d.Updates = append(d.Updates, u.id)
		}
	}
	if len(d.Updates) == 0 {
		d.Updates = append(d.Updates, w.public[0].id)
	}
	if w.rand.IntN(4) > 0 {
		d.Deadline = d.StartTime.Add(time.Duration(w.rand.IntN(120)) * time.Hour)
	}
	d.DeploymentOptions = w.drawOptions(d.Required())
	w.drawEnd(&d)
	w.order(d)
}

// order hands a deployment to the site, and keeps it as the site has it.
func (w *simWorld) order(d updatepoint.Deployment) {
	made, err := w.site.Deploy(context.Background(), d)
	if err != nil {
		w.breach("administration", "deployment %s was refused: %v", d.Name, err)
		return
	}
	d.ID = made.ID
	w.orders = slices.DeleteFunc(w.orders, func(o simOrder) bool { return o.ID == d.ID })
	w.orders = append(w.orders, simOrder{d})
	w.log("deployment %s: %d updates, start %s, deadline %s, to %s, %+v", d.Name, len(d.Updates), d.StartTime.Format(time.DateTime),
		d.Deadline.Format(time.DateTime), d.Collection, d.DeploymentOptions)
}

// change moves the deadline of a required deployment, or takes an update out.
func (w *simWorld) change() {
	if len(w.orders) == 0 {
		return
	}
	d := w.orders[w.rand.IntN(len(w.orders))].Deployment
	if d.Updates = w.offered(d.Updates); len(d.Updates) == 0 {
		return
	}
	if d.Required() {
		d.Deadline = d.Deadline.Add(time.Duration(w.rand.IntN(96)-48) * time.Hour)
		if d.Deadline.Before(d.StartTime) {
			d.Deadline = d.StartTime
		}
	}
	if len(d.Updates) > 1 && w.rand.IntN(2) == 0 {
		d.Updates = d.Updates[1:]
	}
	w.order(d)
}

func (w *simWorld) withdraw() {
	if len(w.orders) == 0 {
		return
	}
	at := w.rand.IntN(len(w.orders))
	if err := w.site.RemoveDeployment(context.Background(), w.orders[at].ID); err != nil {
		w.breach("administration", "deployment %s cannot be removed: %v", w.orders[at].Name, err)
	}
	w.log("deployment %s is taken back", w.orders[at].Name)
	w.orders = slices.Delete(w.orders, at, at+1)
}

func (w *simWorld) toggle() {
	w.settings.Enabled = !w.settings.Enabled
	var err error
	if w.settings.Enabled {
		err = w.site.EnableClientAgent(context.Background(), w.settings)
	} else {
		err = w.site.DisableClientAgent(context.Background())
	}
	if err != nil {
		w.breach("administration", "agents cannot be switched: %v", err)
	}
	w.log("agents enabled: %t", w.settings.Enabled)
}

// publishMore publishes what was held back.
func (w *simWorld) publishMore() {
	var more []*simUpdate
	for _, u := range w.catalog {
		if u.later {
			u.later = false
			more = append(more, u)
		}
	}
	if len(more) == 0 {
		return
	}
	w.public = append(w.public, more...)
	w.publish(more)
	if err := w.drawRunTimes(context.Background(), more); err != nil {
		w.breach("administration", "run times cannot be set: %v", err)
	}
	w.log("%d more updates are published", len(more))
}

// names tells whether the deployment is for the update itself or the bundle that it is a part of.
func simNames(updates []uuid.UUID, u *simUpdate) bool {
	return slices.Contains(updates, u.id) || u.bundle != nil && slices.Contains(updates, u.bundle.id)
}
