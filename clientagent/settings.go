package clientagent

import (
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/go-multierror"
)

// Limits and defaults of the agent's cycles (2007 "Software Updates Client Agent Properties" and today's client settings).
const (
	// ShortestCycle is what a shorter scan or re-evaluation interval is raised to.
	ShortestCycle = 24 * time.Hour
	// LongestReevaluation is the longest interval of the simple re-evaluation schedule.
	LongestReevaluation = 31 * 24 * time.Hour
	// StartWindow is within what random time after its due time a scheduled cycle starts, and a deadline when it is randomized.
	StartWindow = 2 * time.Hour
	// ScanTTL is how old the last scan may be before a cycle that is not forced scans again.
	ScanTTL = 24 * time.Hour
	// DefaultBatchingPeriod is the product's, once batching is switched on.
	DefaultBatchingPeriod = 7 * 24 * time.Hour
)

// Settings of the Software Updates Client Agent, and of other groups of client settings as far as they matter to updates. They
// travel in the policy: those of the site, or custom ones where a client has some. In every field but the first zero means the
// product's default. SettingsTable lists them with the product's names, defaults and ranges.
type Settings struct {
	// Enabled switches the components on; false makes them dormant: they keep their history, drop their deployments and do not
	// scan.
	Enabled bool `json:"enabled"`
	// ScanInterval is the simple software update scan schedule. Effective raises less than a day to a day.
	ScanInterval time.Duration `json:"scanInterval"`
	// ScanSchedule is the custom software update scan schedule; it takes the place of the simple one. Occurrences less than a day
	// after the last are left out. A start less than ScanTTL after the last scan finds that one young enough, as every scheduled one does: with
	// random delays a daily schedule does not scan every day.
	ScanSchedule Schedule `json:"scanSchedule,omitempty"`
	// ReevaluationInterval is the simple deployment re-evaluation schedule, 1 to 31 days. Effective raises less than a day to a day.
	ReevaluationInterval time.Duration `json:"reevaluationInterval"`
	// EvaluationSchedule is the custom deployment re-evaluation schedule, as ScanSchedule.
	EvaluationSchedule Schedule `json:"evaluationSchedule,omitempty"`
	// BatchDeadlines: when any software update deployment deadline is reached, install all other required deployments whose deadline
	// comes within BatchingPeriod, of whole hours up to 23 or of whole days up to 365.
	BatchDeadlines bool          `json:"batchDeadlines,omitempty"`
	BatchingPeriod time.Duration `json:"batchingPeriod,omitempty"`
	// HideDeployments hides all deployments from end users (2007).
	HideDeployments bool `json:"hideDeployments,omitempty"`
	// UseAllDeploymentsWindows enables installation of software updates in "All deployments" maintenance windows when "Software
	// Update" windows are available (since 1810).
	UseAllDeploymentsWindows bool `json:"useAllDeploymentsWindows,omitempty"`
	// ExactStart starts scheduled scans and re-evaluations at their due time; otherwise each is delayed by a random time up to
	// StartWindow, so that the clients of a site do not come all at once. It is not in the product, whose clients always draw.
	ExactStart bool `json:"exactStart,omitempty"`
	// RandomizeDeadline delays the installation by a random time up to StartWindow after a deadline. It is the opposite of the
	// Computer Agent's "Disable deadline randomization" and governs deployments that no automatic deployment rule made.
	RandomizeDeadline bool `json:"randomizeDeadline,omitempty"`
	// PolicyPollingInterval is the client policy polling interval, in whole minutes, from 3 minutes to a day.
	PolicyPollingInterval time.Duration `json:"policyPollingInterval"`
	// StateMessageInterval is the state message reporting cycle, from 1 minute to 30 days.
	StateMessageInterval time.Duration `json:"stateMessageInterval"`
	// MeteredUse is the client communication on metered internet connections.
	MeteredUse MeteredUse `json:"meteredUse,omitempty"`

	Scan            ScanSettings            `json:"scan,omitzero"`
	Content         ContentSettings         `json:"content,omitzero"`
	ClientCache     ClientCacheSettings     `json:"clientCache,omitzero"`
	WindowsUpdate   WindowsUpdateSettings   `json:"windowsUpdate,omitzero"`
	ComputerAgent   ComputerAgentSettings   `json:"computerAgent,omitzero"`
	ComputerRestart ComputerRestartSettings `json:"computerRestart,omitzero"`
}

// DefaultSettings are the product's: enabled, scan and re-evaluation every 7 days, policy every 60 minutes, state messages every
// 15 minutes. What it leaves zero is at its default all the same; Effective writes it out.
func DefaultSettings() Settings {
	return Settings{
		Enabled:               true,
		ScanInterval:          7 * 24 * time.Hour,
		ReevaluationInterval:  7 * 24 * time.Hour,
		PolicyPollingInterval: time.Hour,
		StateMessageInterval:  15 * time.Minute,
	}
}

// AssignmentBatchingTimeout is within what time after a deadline other deadlines are brought forward; 0 is no batching.
func (s Settings) AssignmentBatchingTimeout() time.Duration {
	if !s.BatchDeadlines {
		return 0
	}
	return s.Effective().BatchingPeriod
}

// Validate tells every setting that is out of range at once, as a *multierror.Error, by the product's names. A scan or
// re-evaluation interval below a day is no error: it is raised, as in the product. The four intervals of DefaultSettings must be
// given, two of them only where there is no custom schedule.
func (s Settings) Validate() error {
	var faults *multierror.Error
	for _, r := range settingRules {
		if r.check == nil {
			continue
		}
		if err := r.check(&s); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("%s: %w", r.Name, err))
		}
	}
	return faults.ErrorOrNil()
}

// Clone is a copy that shares nothing with s: neither schedules nor retry codes.
func (s Settings) Clone() Settings {
	s.ScanSchedule, s.EvaluationSchedule = slices.Clone(s.ScanSchedule), slices.Clone(s.EvaluationSchedule)
	s.Scan.WSUSScanRetryCodes = slices.Clone(s.Scan.WSUSScanRetryCodes)
	return s
}

// Effective are the settings as an agent follows them: values out of range brought into it, those that are not set at their default.
// An agent applies it to every policy, so that a site with lax checks cannot make its clients scan all day.
func (s Settings) Effective() Settings {
	for _, r := range settingRules {
		if r.mend != nil {
			r.mend(&s)
		}
	}
	return s
}
