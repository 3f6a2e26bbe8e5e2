package clientagent_test

import (
	"context"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// planHours has users who name hours in which they do not work, and leave updates to them.
func (a *simAgent) planHours() {
	for range 1 + a.extra.IntN(3) {
		a.some(a.nameHours)
	}
	for range 1 + a.extra.IntN(10) {
		a.some(a.postponeSomething)
	}
}

// nameHours takes other hours than before; at times none.
func (a *simAgent) nameHours() {
	var hours []simWindow
	for range a.extra.IntN(3) {
		hours = append(hours, simWindow{kind: clientagent.UserDefinedWindow, hour: 4 + a.extra.IntN(19), duration: time.Duration(30+a.extra.IntN(300)) * time.Minute})
	}
	var windows []clientagent.ServiceWindow
	for i, h := range hours {
		windows = append(windows, h.serviceWindow(i))
	}
	a.act("hours", func(ctx context.Context) error {
		err := a.agent.SetNonBusinessHours(ctx, windows...)
		if err == nil {
			a.hours = hours
			a.world.happened("user: names hours")
		}
		// A call that was cut short may have been written or not.
		a.unsureOfHours = a.store.dead || a.unsureOfHours && err != nil
		return err
	})
}

func (a *simAgent) postponeSomething() {
	a.act("postpone", func(ctx context.Context) error {
		offered, err := a.agent.Updates(ctx)
		if err != nil || len(offered) == 0 {
			return err
		}
		id := offered[a.extra.IntN(len(offered))].ID
		a.postponed = append(a.postponed, a.world.byID(id)) // whatever is answered: the answer may be lost
		if err = a.agent.Postpone(ctx, id); err == nil {
			a.world.happened("user: postpones")
		}
		return err
	})
}

// isPostponed tells whether a user has left an update to the hours that it is.
func (a *simAgent) isPostponed(u *simUpdate) bool {
	if !slices.Contains(a.postponed, u.whole()) {
		return false
	}
	quiet := len(a.hours) > 0 && a.remaining(a.hours, a.began(u)) > 0
	if quiet {
		a.world.happened("install: postponed")
	}
	return quiet || a.unsureOfHours
}

// graceEnds is when a deployment begins whose deadline is at a time: in the first hours of the user, and when the grace is over at the latest.
func (a *simAgent) graceEnds(deadline time.Time, grace time.Duration) time.Time {
	latest := deadline.Add(grace)
	if a.unsureOfHours {
		return deadline
	}
	if len(a.hours) == 0 || grace <= 0 {
		return latest
	}
	if a.remaining(a.hours, deadline) > 0 {
		return deadline
	}
	for day := range 7 {
		for _, h := range a.hours {
			if opens := a.opens(h, deadline, day); !opens.Before(deadline) && opens.Before(latest) {
				latest = opens
			}
		}
	}
	return latest
}
