package console

import (
	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// deployment is a deployment with how far its clients are.
type deployment struct {
	updatepoint.Deployment
	Done, Clients int
	Reached       bool
}

// Options are those of its options that clients act on otherwise than most would expect, in words.
func (d deployment) Options() []string {
	o := d.DeploymentOptions
	var shown []string
	for _, option := range []struct {
		set  bool
		text string
	}{
		{d.Disabled, "disabled: no client gets it"},
		{!d.ExpirationTime.IsZero(), "expires " + page{}.Date(d.ExpirationTime)},
		{o.AssignmentAction == clientagent.ActionDetect, "only detects"},
		{o.LocalTime, "times of each client's clock"},
		{o.PreDownload, "pre-download"},
		{o.SoftDeadlineEnabled, "grace period"},
		{o.OverrideServiceWindows, "installs outside of maintenance windows"},
		{o.RebootOutsideOfServiceWindows, "restarts outside of maintenance windows"},
		{o.SuppressReboot != 0, "restart suppressed"},
		{o.UserExperience == clientagent.HideAll, "hidden from users"},
		{o.StateMessageVerbosity != 0 && o.StateMessageVerbosity != clientagent.VerbosityAll, "state messages: " + o.StateMessageVerbosity.String()},
	} {
		if option.set {
			shown = append(shown, option.text)
		}
	}
	return shown
}
