package clientagent

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// Deployment is an assignment of updates (SMS_UpdatesAssignment, configmgr.md §5.4).
type Deployment struct {
	ID      uuid.UUID   `json:"id"` // AssignmentUniqueID
	Name    string      `json:"name"`
	Updates []uuid.UUID `json:"updates"` // AssignedCIs
	// StartTime is the software available time.
	StartTime time.Time `json:"startTime"`
	// EnforcementDeadline zero makes the deployment optional.
	EnforcementDeadline time.Time `json:"enforcementDeadline"`
	// ExpirationTime ends the deployment: from then on nothing is evaluated, downloaded, installed, shown, told or restarted because of
	// it. What is installed stays, and so does what was told. Zero is never.
	ExpirationTime time.Time `json:"expirationTime,omitzero"`
	DeploymentOptions
}

// DeploymentOptions say how a deployment is carried out. The zero value is what the product presets: times in UTC, all shown to
// the user, forced restart, maintenance windows that hold for installation and restart, and all state messages.
//
// These properties of SMS_UpdatesAssignment are left out, as no decision of this agent depends on them: WoLEnabled, for wake-up packets are
// sent by the site; DPLocality, for content comes from the addresses that the update server names, and MeteredUse alone decides about
// metered connections; UseBranchCache; StateMessagePriority, for all that is pending goes in one report; the alerts of
// DisableMomAlerts and RaiseMomAlertsOnFailure; SendDetailedNonComplianceStatus, LogComplianceToWinEvent and PersistOnWriteFilterDevices;
// EvaluationSchedule, in whose place that of the client settings counts; and DesiredConfigType, which is always REQUIRED.
type DeploymentOptions struct {
	// AssignmentAction ActionDetect makes an optional deployment one that only reports compliance.
	AssignmentAction AssignmentAction `json:"assignmentAction,omitempty"`
	// StateMessageVerbosity is how much clients tell of the deployment.
	StateMessageVerbosity StateMessageVerbosity `json:"stateMessageVerbosity,omitempty"`
	// LocalTime (UseGMTTimes false) takes date and clock of all times, as their UTC text has them, for those of each machine: a
	// deadline of 22:00 is then 22:00 everywhere. A clock that a change to summer time skips is read as one hour later.
	LocalTime bool `json:"localTime,omitempty"`
	// UserExperience is what the user gets to see.
	UserExperience UserExperience `json:"userExperience,omitempty"`
	// SuppressReboot leaves a needed restart to the user, by the class of the machine.
	SuppressReboot RebootSuppression `json:"suppressReboot,omitempty"`
	// OverrideServiceWindows installs at the deadline whatever the maintenance windows are.
	OverrideServiceWindows bool `json:"overrideServiceWindows,omitempty"`
	// RebootOutsideOfServiceWindows lets the restart happen outside them.
	RebootOutsideOfServiceWindows bool `json:"rebootOutsideOfServiceWindows,omitempty"`
	// SoftDeadlineEnabled honours the grace period of the client settings.
	SoftDeadlineEnabled bool `json:"softDeadlineEnabled,omitempty"`
	// RandomizationEnabled delays the installation at the deadline by a random time up to StartWindow, unless the client settings
	// disable that.
	RandomizationEnabled bool `json:"randomizationEnabled,omitempty"`
	// Automatic says that an automatic deployment rule made it: its deadline is always delayed so.
	Automatic bool `json:"automatic,omitempty"`
	// PreDownload fetches the content of an optional deployment at its available time (CB 2203); it is not shown before that is done.
	PreDownload bool `json:"preDownload,omitempty"`
	// ReevaluateAfterRestart scans again right after the restart, so that what has become required installs in the same window
	// (software updates deployment re-evaluation behavior upon restart).
	ReevaluateAfterRestart bool `json:"reevaluateAfterRestart,omitempty"`
}

// Required tells a required deployment from an optional one.
func (d Deployment) Required() bool { return !d.EnforcementDeadline.IsZero() }

// Available is the available time on a machine of that zone; nil means UTC.
func (d Deployment) Available(zone *time.Location) time.Time { return d.at(d.StartTime, zone) }

// Deadline is the enforcement deadline on a machine of that zone, before any delay; zero for an optional deployment.
func (d Deployment) Deadline(zone *time.Location) time.Time {
	return d.at(d.EnforcementDeadline, zone)
}

func (d Deployment) at(moment time.Time, zone *time.Location) time.Time {
	if !d.LocalTime || zone == nil || moment.IsZero() {
		return moment
	}
	return fromWall(moment.UTC(), zone)
}

// equal compares what the policy says of a deployment; the same moments may be written in different zones.
func (d Deployment) equal(other Deployment) bool {
	return d.ID == other.ID && slices.Equal(d.Updates, other.Updates) && d.StartTime.Equal(other.StartTime) &&
		d.EnforcementDeadline.Equal(other.EnforcementDeadline) && d.ExpirationTime.Equal(other.ExpirationTime) &&
		d.DeploymentOptions == other.DeploymentOptions
}

// Validate tells everything that makes the options unusable for a deployment of that type, as a *multierror.Error. What has a
// meaning only at a deadline is refused for an optional deployment, and the other way round, so that nobody relies on it.
func (o DeploymentOptions) Validate(required bool) error {
	var faults *multierror.Error
	if _, known := experienceNames[o.UserExperience]; !known {
		faults = multierror.Append(faults, fmt.Errorf("user experience %d is not one of 0 to 2", o.UserExperience))
	}
	if o.SuppressReboot < 0 || o.SuppressReboot > SuppressAll {
		faults = multierror.Append(faults, fmt.Errorf("restart suppression %d is not one of 0 to 3", o.SuppressReboot))
	}
	if _, known := verbosityNames[o.StateMessageVerbosity]; !known {
		faults = multierror.Append(faults, fmt.Errorf("state message verbosity %d is not one of %d (none), %d (errors), %d (successes) and %d (all)",
			o.StateMessageVerbosity, VerbosityNone, VerbosityErrors, VerbositySuccesses, VerbosityAll))
	}
	if err := o.checkAction(required); err != nil {
		faults = multierror.Append(faults, err)
	}
	if required && o.PreDownload {
		faults = multierror.Append(faults, errors.New(
			"pre-download is for optional deployments: a required one always downloads at its available time"))
	}
	if !required {
		atDeadline := map[string]bool{
			"installing outside of maintenance windows": o.OverrideServiceWindows,
			"restarting outside of maintenance windows": o.RebootOutsideOfServiceWindows,
			"a grace period":               o.SoftDeadlineEnabled,
			"randomization":                o.RandomizationEnabled,
			"hiding it in Software Center": o.UserExperience == HideAll,
		}
		for _, option := range slices.Sorted(maps.Keys(atDeadline)) {
			if atDeadline[option] {
				faults = multierror.Append(faults, fmt.Errorf("%s needs a deadline: make the deployment required, or leave it out", option))
			}
		}
	}
	return faults.ErrorOrNil()
}
