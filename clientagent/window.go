package clientagent

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/go-multierror"
)

// Limits of maintenance windows. The product's page says both "less than 24 hours" and "24 hours at most"; exactly 24 hours is accepted.
const (
	ShortestWindow = 5 * time.Minute
	LongestWindow  = 24 * time.Hour
	// LongestUserDefinedWindow is the limit for UserDefinedWindow, one of this package: Software Center itself makes windows that last longer
	// than a day, such as from Sunday to Monday at 05:00, when business hours begin.
	LongestUserDefinedWindow = 7 * 24 * time.Hour
	// MaxServiceWindows is how many windows a client may have, a limit of this package.
	MaxServiceWindows = 500
)

// ServiceWindowType says what a window is for, with the numbers of CCM_ServiceWindow.Type.
type ServiceWindowType int

// The types of windows.
const (
	AllProgramWindow     ServiceWindowType = 1 // ALLPROGRAM, "All deployments" in the console
	ProgramWindow        ServiceWindowType = 2 // PROGRAM
	RebootRequiredWindow ServiceWindowType = 3 // REBOOTREQUIRED
	SoftwareUpdateWindow ServiceWindowType = 4 // SOFTWAREUPDATE, "Software updates" in the console
	OSDWindow            ServiceWindowType = 5 // OSD, "Task sequences" in the console
	UserDefinedWindow    ServiceWindowType = 6 // USER_DEFINED: hours that the user called non-working in Software Center
)

// ServiceWindow is a maintenance window: when a client may install and restart (CCM_ServiceWindow, SMS_ServiceWindow).
type ServiceWindow struct {
	ID   string `json:"id"` // ServiceWindowID
	Name string `json:"name,omitempty"`
	// Type of the window.
	Type ServiceWindowType `json:"type"`
	// Schedule says when the window opens and, by the duration of its tokens, for how long: from ShortestWindow to LongestWindow of elapsed
	// time, even where the clock jumps meanwhile; for UserDefinedWindow to LongestUserDefinedWindow. Its tokens also say whether the window is
	// in UTC or in the local time of each client.
	Schedule Schedule `json:"schedule"`
	// Disabled windows are as good as not there (SMS_ServiceWindow.IsEnabled).
	Disabled bool `json:"disabled,omitempty"`
	// EffectiveDateOffset repeats a known issue of the product: a window in UTC opens at the local time that was right on the day its token
	// starts, so that it is off by an hour while daylight saving differs from that day. False keeps to UTC.
	EffectiveDateOffset bool `json:"effectiveDateOffset,omitempty"`
}

// DefaultServiceWindow is what the console proposes: all deployments, every week on the day of the week of the effective date, from
// 01:00 to 04:00 local time.
func DefaultServiceWindow(effective time.Time) ServiceWindow {
	start := time.Date(effective.Year(), effective.Month(), effective.Day(), 1, 0, 0, 0, time.UTC)
	return ServiceWindow{Type: AllProgramWindow, Schedule: Weekly(1, start.Weekday(), start).Lasting(3 * time.Hour)}
}

// Validate tells everything that is wrong with the window, as a *multierror.Error.
func (w ServiceWindow) Validate() error {
	var faults *multierror.Error
	if w.ID == "" {
		faults = multierror.Append(faults, errors.New("window has no id"))
	}
	if w.Type < AllProgramWindow || w.Type > UserDefinedWindow {
		faults = multierror.Append(faults, fmt.Errorf("window type %d is not within 1 and 6", w.Type))
	}
	if len(w.Schedule) == 0 {
		faults = multierror.Append(faults, errors.New("window has no schedule: it would never open"))
	}
	if err := w.Schedule.Validate(); err != nil {
		faults = multierror.Append(faults, err)
	}
	longest := LongestWindow
	if w.Type == UserDefinedWindow {
		longest = LongestUserDefinedWindow
	}
	for i, token := range w.Schedule {
		if token.Duration < ShortestWindow || token.Duration > longest {
			faults = multierror.Append(faults, fmt.Errorf("schedule token %d: window lasts %v, not from %v to %v",
				i+1, token.Duration, ShortestWindow, longest))
		}
	}
	return faults.ErrorOrNil()
}

// next is when the window opens for the first time strictly after a moment by one of its tokens.
func (w ServiceWindow) next(token ScheduleToken, after time.Time, zone *time.Location) time.Time {
	if !w.EffectiveDateOffset || !token.UTC || zone == nil {
		return token.Next(after, zone)
	}
	// The window opens as much later as the offset from UTC has shrunk since the effective date; an offset changes by less than a day.
	effective := offsetAt(wallMinute(token.Start), zone)
	for due := token.Next(after.Add(-wholeDay), zone); !due.IsZero(); due = token.Next(due, zone) {
		if opens := fromWall(due.UTC().Add(effective), zone); opens.After(after) {
			return opens
		}
	}
	return time.Time{}
}
