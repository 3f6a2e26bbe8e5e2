package clientagent

import (
	"context"
	"time"
)

// MaintenanceWindow is what Software Center shows of the windows in which software updates are installed.
type MaintenanceWindow struct {
	// Limited says that there are such windows. Without, updates install at their deadline, and the other fields are zero.
	Limited bool `json:"limited"`
	// OpenUntil is when the window ends that is open now; zero when none is.
	OpenUntil time.Time `json:"openUntil,omitzero"`
	// Next is the next one to open; zero when none will any more.
	Next Span `json:"next,omitzero"`
}

// MaintenanceWindow tells when the policy lets software updates be installed, those aside that a user starts and that a deployment installs
// outside of windows. It can be called while the agent works.
func (a *Agent) MaintenanceWindow(ctx context.Context) (MaintenanceWindow, error) {
	policy, _, err := load[Policy](ctx, a.store, keyPolicy)
	if err != nil {
		return MaintenanceWindow{}, err
	}
	windows := policy.ServiceWindows.ForUpdates(policy.Settings.UseAllDeploymentsWindows)
	if windows.Unlimited() {
		return MaintenanceWindow{}, nil
	}
	shown := MaintenanceWindow{Limited: true}
	shown.OpenUntil, _ = windows.Open(a.now(), a.config.Zone)
	shown.Next, _ = windows.Next(a.now(), a.config.Zone)
	return shown, nil
}
