package clientagent

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"
)

// ServiceWindows are all maintenance windows of a client, from every collection that it is in. Choose those that count with ForUpdates,
// ForRestarts or NonBusinessHours first; Open, Next, Fits and the others reckon with every enabled window of their receiver. Windows that
// overlap are one window from the first opening to the last end; windows that only touch stay two. No enabled window at all means that
// there is no limit. All methods leave the windows as they are and may be called from several goroutines; a nil zone is UTC.
type ServiceWindows []ServiceWindow

// ForUpdates are the windows in which software updates are installed: those for software updates when there are any, else those for all
// deployments. allDeployments is the setting "Enable installation of software updates in "All deployments" maintenance window when
// "Software Update" maintenance window is available" (CB 1810): with it both kinds count together. A window whose last time is over still
// counts: it keeps the others out and nothing is installed.
func (w ServiceWindows) ForUpdates(allDeployments bool) ServiceWindows {
	updates := w.of(SoftwareUpdateWindow)
	if len(updates) > 0 && !allDeployments {
		return updates
	}
	return slices.Concat(updates, w.of(AllProgramWindow))
}

// ForRestarts are the windows in which a restart for software updates takes place: those of ForUpdates, and those for restarts only.
func (w ServiceWindows) ForRestarts(allDeployments bool) ServiceWindows {
	return slices.Concat(w.ForUpdates(allDeployments), w.of(RebootRequiredWindow))
}

// NonBusinessHours are the hours that the user called non-working.
func (w ServiceWindows) NonBusinessHours() ServiceWindows { return w.of(UserDefinedWindow) }

// of are the enabled windows of one type.
func (w ServiceWindows) of(kind ServiceWindowType) (chosen ServiceWindows) {
	for _, window := range w {
		if window.Type == kind && !window.Disabled {
			chosen = append(chosen, window)
		}
	}
	return chosen
}

// Unlimited says that there is no enabled window: whatever asks may go on at any time.
func (w ServiceWindows) Unlimited() bool {
	return !slices.ContainsFunc(w, func(window ServiceWindow) bool { return !window.Disabled })
}

// Shortest is the shortest duration of an enabled window, zero without one. The two notification times of a restart must be shorter, see
// Settings.Advice.
func (w ServiceWindows) Shortest() (shortest time.Duration) {
	for _, token := range w.tokens() {
		if shortest == 0 || token.Duration < shortest {
			shortest = token.Duration
		}
	}
	return shortest
}

// Clone copies the windows with their schedules.
func (w ServiceWindows) Clone() ServiceWindows {
	own := slices.Clone(w)
	for i := range own {
		own[i].Schedule = slices.Clone(own[i].Schedule)
	}
	return own
}

// Validate tells everything that is wrong with all windows, as a *multierror.Error.
func (w ServiceWindows) Validate() error {
	var faults *multierror.Error
	if len(w) > MaxServiceWindows {
		faults = multierror.Append(faults, fmt.Errorf("%d windows are more than %d", len(w), MaxServiceWindows))
	}
	seen := make(map[string]bool, len(w))
	for _, window := range w {
		if seen[window.ID] {
			faults = multierror.Append(faults, fmt.Errorf("window %q is there twice", window.ID))
		}
		seen[window.ID] = true
		if err := window.Validate(); err != nil {
			faults = multierror.Append(faults, multierror.Prefix(err, fmt.Sprintf("window %q:", window.ID)))
		}
	}
	return faults.ErrorOrNil()
}

// tokens are the tokens of all enabled windows, each with its window.
func (w ServiceWindows) tokens() iter.Seq2[ServiceWindow, ScheduleToken] {
	return func(yield func(ServiceWindow, ScheduleToken) bool) {
		for _, window := range w {
			if window.Disabled {
				continue
			}
			for _, token := range window.Schedule {
				if !yield(window, token) {
					return
				}
			}
		}
	}
}
