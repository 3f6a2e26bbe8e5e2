package clientagent_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// simZones are where machines stand: both ways of daylight saving change within the month, and zones without it.
var simZones = []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"}

// simWindow is a maintenance window that opens every day.
type simWindow struct {
	kind     clientagent.ServiceWindowType
	hour     int
	duration time.Duration
	utc      bool
}

// drawSimWindows makes the windows of the collection simHalf: in half of the worlds there are none.
func drawSimWindows(r *rand.Rand) []simWindow {
	if r.IntN(2) == 0 {
		return nil
	}
	kinds := []clientagent.ServiceWindowType{clientagent.SoftwareUpdateWindow, clientagent.AllProgramWindow, clientagent.AllProgramWindow,
		clientagent.RebootRequiredWindow, clientagent.OSDWindow}
	windows := make([]simWindow, 1+r.IntN(4))
	for i := range windows {
		windows[i] = simWindow{kind: kinds[r.IntN(len(kinds))], hour: 4 + r.IntN(19), duration: time.Duration(30+r.IntN(300)) * time.Minute, utc: r.IntN(3) == 0}
	}
	return windows
}

func (w simWindow) serviceWindow(number int) clientagent.ServiceWindow {
	start := time.Date(2026, 1, 5, w.hour, 0, 0, 0, time.UTC)
	schedule := clientagent.Daily(1, start).Lasting(w.duration)
	if w.utc {
		schedule = schedule.InUTC()
	}
	return clientagent.ServiceWindow{ID: fmt.Sprintf("window-%d", number), Name: fmt.Sprint(w.kind, " at ", w.hour), Type: w.kind, Schedule: schedule}
}

// windows are those of the machine that count for updates, and for restarts with them.
func (a *simAgent) windows(restart bool) (counted []simWindow) {
	if !a.inHalf() {
		return nil
	}
	all := a.world.windows
	has := slices.ContainsFunc(all, func(w simWindow) bool { return w.kind == clientagent.SoftwareUpdateWindow })
	for _, w := range all {
		switch w.kind {
		case clientagent.SoftwareUpdateWindow:
			counted = append(counted, w)
		case clientagent.AllProgramWindow:
			if !has || a.policy().Settings.UseAllDeploymentsWindows {
				counted = append(counted, w)
			}
		case clientagent.RebootRequiredWindow:
			if restart {
				counted = append(counted, w)
			}
		}
	}
	return counted
}

// remaining is how long a window is open from a moment on, with those that overlap it; a day when there are no windows at all.
func (a *simAgent) remaining(windows []simWindow, at time.Time) time.Duration {
	if len(windows) == 0 {
		return 24 * time.Hour
	}
	var spans []clientagent.Span
	for _, w := range windows {
		for day := -2; day <= 2; day++ {
			opens := a.opens(w, at, day)
			spans = append(spans, clientagent.Span{Start: opens, End: opens.Add(w.duration)})
		}
	}
	var end time.Time
	for _, s := range spans {
		if !s.Start.After(at) && s.End.After(at) && s.End.After(end) {
			end = s.End
		}
	}
	if end.IsZero() {
		return 0
	}
	for range spans {
		for _, s := range spans {
			if s.Start.Before(end) && s.End.After(end) {
				end = s.End
			}
		}
	}
	return end.Sub(at)
}

// opens is when a window opens on the day so many days after that of the moment.
func (a *simAgent) opens(w simWindow, at time.Time, day int) time.Time {
	zone := a.zone
	if w.utc {
		zone = time.UTC
	}
	local := at.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day()+day, w.hour, 0, 0, 0, zone)
}

// fits tells whether the update can be installed in any of the windows at all.
func (a *simAgent) fits(windows []simWindow, run time.Duration) bool {
	if len(windows) == 0 {
		return true
	}
	for _, w := range windows {
		if a.remaining(windows, a.opens(w, a.world.now, 0)) >= run {
			return true
		}
	}
	return false
}

func (a *simAgent) inHalf() bool { return a.number%2 == 0 }

// dueAt is the earliest moment at which a deployment may install without the user, apart from random delays.
func (a *simAgent) dueAt(d clientagent.Deployment) time.Time {
	settings := a.policy().Settings
	due := a.local(d.EnforcementDeadline, d.LocalTime)
	if settings.BatchDeadlines {
		return due.Add(-settings.BatchingPeriod)
	}
	if d.SoftDeadlineEnabled {
		due = a.graceEnds(due, settings.ComputerAgent.GracePeriod)
	}
	return due
}

// local is the moment at which the clock of the machine shows what the deployment says.
func (a *simAgent) local(moment time.Time, local bool) time.Time {
	if !local || moment.IsZero() {
		return moment
	}
	u := moment.UTC()
	return time.Date(u.Year(), u.Month(), u.Day(), u.Hour(), u.Minute(), u.Second(), 0, a.zone)
}

// drawOptions draws how a deployment is carried out.
func (w *simWorld) drawOptions(required bool) (o clientagent.DeploymentOptions) {
	one := func(in int) bool { return w.rand.IntN(in) == 0 }
	o.LocalTime, o.SuppressReboot = one(3), clientagent.RebootSuppression(max(0, w.rand.IntN(7)-3))
	if !required {
		o.PreDownload = one(3)
		return o
	}
	o.OverrideServiceWindows, o.RebootOutsideOfServiceWindows = one(4), one(4)
	o.SoftDeadlineEnabled, o.RandomizationEnabled, o.Automatic, o.ReevaluateAfterRestart = one(3), one(3), one(6), one(3)
	return o
}

// drawRunTimes gives some updates another maximum run time than the preset.
func (w *simWorld) drawRunTimes(ctx context.Context, updates []*simUpdate) error {
	for _, u := range updates {
		u.runTime = clientagent.DefaultMaxRunTime
		if w.rand.IntN(3) > 0 {
			continue
		}
		u.runTime = time.Duration(5+w.rand.IntN(240)) * time.Minute
		if err := w.site.SetMaxRunTime(ctx, u.id, u.runTime); err != nil {
			return err
		}
	}
	return nil
}

// simHalfCollection is every other machine, with its windows.
func (w *simWorld) simHalfCollection() updatepoint.Collection {
	half := updatepoint.Collection{Name: simHalf}
	for number := 0; number < 300; number += 2 {
		half.Members = append(half.Members, fmt.Sprintf("pc%03d.lab.example", number))
	}
	for i, window := range w.windows {
		half.ServiceWindows = append(half.ServiceWindows, window.serviceWindow(i))
	}
	return half
}
