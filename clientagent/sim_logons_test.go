package clientagent_test

import (
	"context"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// drawCountdown draws how long a user who is logged on has before a restart.
func (w *simWorld) drawCountdown(s *clientagent.Settings) {
	s.ComputerRestart.Countdown = time.Duration(20+w.extra.IntN(600)) * time.Minute
	s.ComputerRestart.FinalCountdown = 15 * time.Minute
}

// planLogons has users who come and go, and who restart when they are asked to.
func (a *simAgent) planLogons() {
	for range 2 + a.extra.IntN(15) {
		a.aWhile(30*time.Hour, func() { a.machine.user = true; a.world.happened("user: logs on"); a.log("user logs on"); a.wake() },
			func() { a.machine.user = false; a.log("user logs off"); a.wake() })
	}
	for range a.extra.IntN(6) {
		a.some(func() {
			if a.agent == nil {
				return
			}
			notice, err := a.agent.PendingRestart(context.Background())
			if err != nil || !notice.Pending {
				return
			}
			a.world.happened("user: restarts when asked to")
			a.act("restart", a.agent.Restart)
		})
	}
}

func (w *simWorld) logEverybodyOff() {
	for _, a := range w.agents {
		a.machine.user = false
	}
}

// UserLoggedOn makes the machine one that has users.
func (m *simMachine) UserLoggedOn(context.Context) (bool, error) { return m.user, nil }

// checkCountdown holds a restart by the agent against the user before the machine: what asks for it has asked for the time of the countdown.
func (a *simAgent) checkCountdown() {
	if !a.machine.user {
		return
	}
	a.world.happened("restart: with a user")
	countdown := a.policy().Settings.Effective().ComputerRestart.Countdown
	if waited := a.clock().Sub(a.machine.waitingSince); waited >= 0 && waited < countdown {
		a.breach("countdown", "machine is restarted under a user %v after the first installation that waits for it, not after %v", waited, countdown)
	}
}

// some plans something at a time of the month, drawn from the numbers of the actors.
func (a *simAgent) some(do func()) {
	a.happens(simBegin().Add(time.Duration(a.extra.Int64N(int64(simMonth)))), do)
}

// aWhile is forAWhile from the numbers of the actors; it ends in the month.
func (a *simAgent) aWhile(most time.Duration, begin, end func()) {
	from := simBegin().Add(time.Duration(a.extra.Int64N(int64(simMonth))))
	until := from.Add(time.Duration(a.extra.Int64N(int64(most))))
	if last := simBegin().Add(simMonth - time.Minute); until.After(last) {
		until = last
	}
	a.happens(from, begin)
	a.happens(until, end)
}
