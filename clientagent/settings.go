package clientagent

import (
	"fmt"
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
)

// Settings of the Software Updates Client Agent. They travel in the policy and are the same for all clients of a site.
type Settings struct {
	// Enabled switches the components on; false makes them dormant: they keep their history, drop their deployments and do not
	// scan.
	Enabled bool `json:"enabled"`
	// ScanInterval is the software update scan schedule. Effective raises less than a day to a day.
	ScanInterval time.Duration `json:"scanInterval"`
	// ReevaluationInterval is the deployment re-evaluation schedule, 1 to 31 days. Effective raises less than a day to a day.
	ReevaluationInterval time.Duration `json:"reevaluationInterval"`
	// PolicyPollingInterval is the client policy polling interval, in whole minutes, from 3 minutes to a day.
	PolicyPollingInterval time.Duration `json:"policyPollingInterval"`
	// StateMessageInterval is the state message reporting cycle, from 1 minute to 30 days.
	StateMessageInterval time.Duration `json:"stateMessageInterval"`
	// ExactStart starts scheduled scans and re-evaluations at their due time; otherwise each is delayed by a random time up to
	// StartWindow, so that the clients of a site do not come all at once.
	ExactStart bool `json:"exactStart,omitempty"`
	// RandomizeDeadline delays the installation by a random time up to StartWindow after a deadline.
	RandomizeDeadline bool `json:"randomizeDeadline,omitempty"`
}

// DefaultSettings are the product's: enabled, scan and re-evaluation every 7 days, policy every 60 minutes, state messages every
// 15 minutes.
func DefaultSettings() Settings {
	return Settings{
		Enabled:               true,
		ScanInterval:          7 * 24 * time.Hour,
		ReevaluationInterval:  7 * 24 * time.Hour,
		PolicyPollingInterval: time.Hour,
		StateMessageInterval:  15 * time.Minute,
	}
}

// Validate tells every setting that is out of range at once, as a *multierror.Error. A scan or re-evaluation interval below a
// day is no error: it is raised, as in the product.
func (s Settings) Validate() error {
	var faults *multierror.Error
	for _, check := range []struct {
		name               string
		value, least, most time.Duration
	}{
		{"scan interval", s.ScanInterval, 1, 365 * 24 * time.Hour},
		{"re-evaluation interval", s.ReevaluationInterval, 1, LongestReevaluation},
		{"policy polling interval", s.PolicyPollingInterval, 3 * time.Minute, 24 * time.Hour},
		{"state message interval", s.StateMessageInterval, time.Minute, 30 * 24 * time.Hour},
	} {
		if check.value < check.least || check.value > check.most {
			faults = multierror.Append(faults, fmt.Errorf("%s %v is not within %v and %v",
				check.name, check.value, check.least, check.most))
		}
	}
	return faults.ErrorOrNil()
}

// Effective are the settings as an agent follows them: intervals below a day raised, those that are not set at their default.
// An agent applies it to every policy, so that a site with lax checks cannot make its clients scan all day.
func (s Settings) Effective() Settings {
	preset := DefaultSettings()
	s.ScanInterval = max(orDefault(s.ScanInterval, preset.ScanInterval), ShortestCycle)
	s.ReevaluationInterval = max(orDefault(s.ReevaluationInterval, preset.ReevaluationInterval), ShortestCycle)
	s.PolicyPollingInterval = max(orDefault(s.PolicyPollingInterval, preset.PolicyPollingInterval), 3*time.Minute)
	s.StateMessageInterval = max(orDefault(s.StateMessageInterval, preset.StateMessageInterval), time.Minute)
	return s
}

func orDefault(value, preset time.Duration) time.Duration {
	if value <= 0 {
		return preset
	}
	return value
}
