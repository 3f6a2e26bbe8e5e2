package clientagent

import "time"

// RestartNotice is how a pending restart stands, for a program that shows it: the sequence of configmgr.md §7.6 as data.
type RestartNotice struct {
	// Pending says that an installation waits for a restart. All other fields are zero without.
	Pending bool `json:"pending"`
	// Since is when a deadline first asked for the restart; zero while none does, and the restart is the user's choice.
	Since time.Time `json:"since,omitzero"`
	// At is when the machine restarts by itself; zero for never, as on a machine that is no Restarter.
	At time.Time `json:"at,omitzero"`
	// FinalCountdown is when the countdown appears that cannot be closed.
	FinalCountdown time.Time `json:"finalCountdown,omitzero"`
	// Reminders is how often to remind before that, and how long a notification stays away that the user snoozes; zero for not at all.
	// A restart that may not be forced is reminded of for as long as it is pending.
	Reminders time.Duration `json:"reminders,omitempty"`
	// NextReminder is the next of them, counted from Since; zero when none is left before the final countdown.
	NextReminder time.Time `json:"nextReminder,omitzero"`
	// ProgressBar is shown when the restart is at most 24 hours away.
	ProgressBar bool `json:"progressBar,omitempty"`
	// Dialog asks for a window instead of a toast notification.
	Dialog bool `json:"dialog,omitempty"`
	// Suppressed says that a deadline has passed and the restart is left to the user all the same.
	Suppressed bool `json:"suppressed,omitempty"`
}

// progressBarWithin is how near a restart must be for a progress bar.
const progressBarWithin = 24 * time.Hour

// restartWish is what the deployments want of a pending restart.
type restartWish struct {
	// asked: a deployment that has begun waits for it and does not suppress it. outside: one of those may restart outside of windows.
	asked, outside bool
	// suppressed: a deployment that has begun waits for it and leaves it to the user.
	suppressed bool
	// since is when it was first asked for.
	since time.Time
}

// restartMoment is what a restart has to reckon with.
type restartMoment struct {
	now      time.Time
	windows  ServiceWindows // for restarts
	zone     *time.Location
	watched  bool // a user is logged on, who gets the countdown
	settings ComputerRestartSettings
}

// plan decides when the machine restarts. Nobody is logged on: at once, else after the countdown; in either case in a window, unless the
// deployment may restart outside of them. A time that has passed while the machine slept is made up for in the next window.
func (m restartMoment) plan(wish restartWish) RestartNotice {
	n := RestartNotice{Pending: true, Suppressed: wish.suppressed && !wish.asked, Dialog: m.settings.ShowDialog}
	if !wish.asked {
		return n
	}
	n.Since = wish.since
	if m.settings.CanForceRestart == No {
		// No countdown bounds the interval here.
		n.Reminders = m.settings.ReminderInterval
		n.NextReminder = m.nextReminder(n.Since, n.Reminders)
		return n
	}
	n.Reminders = m.settings.Reminders()
	at := wish.since
	if m.watched {
		at = at.Add(m.settings.Countdown)
	}
	if at.Before(m.now) {
		at = m.now
	}
	if _, open := m.windows.Open(at, m.zone); !open && !wish.outside {
		span, any := m.windows.Next(at, m.zone)
		if !any {
			n.NextReminder = m.nextReminder(n.Since, n.Reminders)
			return n
		}
		at = span.Start
	}
	n.At, n.FinalCountdown = at, at
	if m.watched {
		n.FinalCountdown = at.Add(-m.settings.FinalCountdown)
	}
	n.ProgressBar = at.Sub(m.now) <= progressBarWithin
	if next := m.nextReminder(n.Since, n.Reminders); next.Before(n.FinalCountdown) {
		n.NextReminder = next
	}
	return n
}

// nextReminder is the first after now of those that come every so often since a time; zero for none.
func (m restartMoment) nextReminder(since time.Time, every time.Duration) time.Time {
	if every <= 0 {
		return time.Time{}
	}
	passed := max(0, m.now.Sub(since)) / every
	return since.Add((passed + 1) * every)
}
