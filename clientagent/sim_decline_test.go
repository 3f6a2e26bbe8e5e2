package clientagent_test

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
)

// someday plans something at a time of the month, drawn from the numbers of the actors.
func (w *simWorld) someday(do func()) {
	w.queue.plan(simBegin().Add(time.Duration(w.extra.Int64N(int64(simMonth)))), do)
}

// planDisabling has an administrator who switches deployments off and on again.
func (w *simWorld) planDisabling() {
	for range 1 + w.extra.IntN(6) {
		w.someday(func() {
			if len(w.orders) == 0 {
				return
			}
			d := w.orders[w.extra.IntN(len(w.orders))].Deployment
			if d.Updates = w.offered(d.Updates); len(d.Updates) == 0 {
				return
			}
			d.Disabled = !d.Disabled
			w.happened("order: disabled %t", d.Disabled)
			w.order(d)
		})
	}
}

// planDeclining has an administrator who declines updates.
func (w *simWorld) planDeclining() {
	for range 1 + w.extra.IntN(3) {
		w.someday(w.declineOne)
	}
}

// declineOne hides an update from everybody, and what it has superseded comes back.
func (w *simWorld) declineOne() {
	if len(w.public) < 4 {
		return
	}
	at := 1 + w.extra.IntN(len(w.public)-1)
	u := w.public[at]
	for _, server := range w.servers() {
		if err := server.Decline(context.Background(), u.id); err != nil {
			w.breach("administration", "%s cannot be declined: %v", u.name, err)
		}
	}
	if err := w.site.Synchronize(context.Background()); err != nil {
		w.breach("administration", "site cannot synchronize: %v", err)
	}
	u.declined = true
	w.public = slices.Delete(slices.Clone(w.public), at, at+1)
	w.happened("order: declined")
	w.log("%s is declined", u.name)
}

// offered are those of the updates that nobody has declined.
func (w *simWorld) offered(ids []uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool { return w.byID(id).declined })
}
