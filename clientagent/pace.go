package clientagent

import "time"

// Pace shortens an agent's cycles for laboratories: examples and tests that shall see days pass in seconds. The zero value is the
// product's pace, as the policy sets it. A positive field replaces its cycle, below the limits that hold for Settings as well.
type Pace struct {
	// PolicyPolling, Scan, Reevaluation and StateMessages replace the intervals of Settings.
	PolicyPolling, Scan, Reevaluation, StateMessages time.Duration
	// StartWindow replaces the two hours of random delay.
	StartWindow time.Duration
	// ScanTTL replaces the 24 hours that a scan stays fresh.
	ScanTTL time.Duration
	// Retry replaces the 30 minutes before a failed scan, download, registration or policy request is tried again.
	Retry time.Duration
}

// Laboratory is a pace at which every cycle takes the given time, without random delays worth mentioning. Scans stay fresh for ten cycles.
func Laboratory(cycle time.Duration) Pace {
	return Pace{PolicyPolling: cycle, Scan: 10 * cycle, Reevaluation: 10 * cycle, StateMessages: cycle,
		StartWindow: cycle, ScanTTL: 10 * cycle, Retry: cycle}
}

// retryDelay is the wait after failures that time may heal; that after a scan error of the retry list is a setting.
const retryDelay = 30 * time.Minute

// contactRetry is the wait after the site could not be reached; it is shorter because nothing works without the site.
const contactRetry = 5 * time.Minute

// rhythm is what settings and pace come to.
type rhythm struct {
	scan, reevaluation               cadence
	policy, messages                 time.Duration
	scanWindow                       time.Duration
	ttl, retry, contact, firstWindow time.Duration
	// scanRetry passes between failures of a scan, switchDelay after the last of scanRetries on one server.
	scanRetry, switchDelay, locationTimeout time.Duration
	scanRetries                             int
}

func (p Pace) rhythm(s Settings) rhythm {
	s = s.Effective()
	window := orDefault(p.StartWindow, StartWindow)
	r := rhythm{
		scan:            newCadence(s.ScanInterval, s.ScanSchedule),
		reevaluation:    newCadence(s.ReevaluationInterval, s.EvaluationSchedule),
		policy:          orDefault(p.PolicyPolling, s.PolicyPollingInterval),
		messages:        orDefault(p.StateMessages, s.StateMessageInterval),
		ttl:             orDefault(p.ScanTTL, ScanTTL),
		retry:           orDefault(p.Retry, retryDelay),
		contact:         orDefault(p.Retry, contactRetry),
		firstWindow:     window,
		scanRetry:       orDefault(p.Retry, s.Scan.ScanRetryDelay),
		locationTimeout: s.Scan.WSUSLocationTimeout,
		scanRetries:     s.Scan.MaxScanRetryCount,
	}
	r.switchDelay = min(switchDelay, r.scanRetry)
	if p.Scan > 0 {
		r.scan = cadence{interval: p.Scan}
	}
	if p.Reevaluation > 0 {
		r.reevaluation = cadence{interval: p.Reevaluation}
	}
	if !s.ExactStart {
		r.scanWindow = window
	}
	return r
}

func orDefault(value, preset time.Duration) time.Duration {
	if value <= 0 {
		return preset
	}
	return value
}
