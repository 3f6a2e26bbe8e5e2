package clientagent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/compliance"
)

// scanJob is the scan of the agent's update source, with its state of topic 501.
type scanJob struct {
	State compliance.UpdateSourceScanState `json:"state"`
	// Due is when a scan that waits for a location or a retry goes on.
	Due time.Time `json:"due,omitzero"`
	// WaitUntil is when waiting for a location becomes a failure.
	WaitUntil time.Time `json:"waitUntil,omitzero"`
	Code      int32     `json:"code,omitempty"`

	// Current is the server in use (CurrentScanPath of CCM_SUPLocationList). The last one that worked is kept (affinity).
	Current string `json:"current,omitempty"`
	// Failures in a row on that server, of the retry list.
	Failures int `json:"failures,omitempty"`
	// FailingSince is the first failure since a scan succeeded last; with boundary groups the timers of fallback run from it.
	FailingSince time.Time `json:"failingSince,omitzero"`
	// Tried are the servers given up since then, the last one at the end.
	Tried []string `json:"tried,omitempty"`
	// Switch takes the next server with the next scan.
	Switch bool `json:"switch,omitempty"`

	// Done is when the last scan succeeded, Version the content version that it covered, Server where it was (LastSuccessScanPath).
	Done    time.Time `json:"done,omitzero"`
	Version int64     `json:"version,omitempty"`
	Server  string    `json:"server,omitempty"`
	// Unlocks is the digest of the installed revisions that unlocked what the server sent in that scan.
	Unlocks string `json:"unlocks,omitempty"`
	// Stale says that the machine has changed so that the server would send more now: the next scan is online however young the last
	// one is.
	Stale bool `json:"stale,omitempty"`
}

// waitingError says that a scan is needed and that its time has not come yet.
type waitingError struct{ cause error }

func (w *waitingError) Error() string {
	if w.cause == nil {
		return "scan waits for its retry"
	}
	return fmt.Sprintf("scan waits: %v", w.cause)
}

func (w *waitingError) Unwrap() error { return w.cause }

// unlessWaiting is the error, unless it only says that the time of a scan has not come.
func unlessWaiting(err error) error {
	var waiting *waitingError
	if errors.As(err, &waiting) {
		return nil
	}
	return err
}

// open says that a request has been made and has not come to an end.
func (j scanJob) open() bool {
	switch j.State {
	case compliance.ScanWaitingForCatalog, compliance.ScanRunning, compliance.ScanPendingRetry:
		return true
	}
	return false
}

// scanCycle runs the scheduled scan when it is due and the last one is older than its time to live, and goes on with an open one.
func (a *Agent) scanCycle(ctx context.Context, t *turn) (time.Time, error) {
	if !t.policy.Settings.Enabled {
		return time.Time{}, nil
	}
	job, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	scheduled := !t.cycles.Scan.IsZero() && !t.cycles.Scan.After(t.now)
	if scheduled {
		t.cycles.Scan, t.cycles.ScanDue = a.plan(t, t.rhythm.scan, t.cycles.ScanDue)
		c := a.begin()
		c.set(keyCycles, t.cycles)
		if err := c.commit(ctx); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
	}
	if !scheduled && !job.open() || scheduled && a.isFresh(t, job) {
		return t.cycles.Scan, nil
	}
	due, err := a.freshScan(ctx, t)
	return earliest(due, t.cycles.Scan), unlessWaiting(err)
}

// isFresh says whether the last scan serves for what does not force one: it is young, of a server that the policy still names,
// and of the catalogue that the site has now.
func (a *Agent) isFresh(t *turn, job scanJob) bool {
	here := slices.ContainsFunc(t.policy.Locations, func(l Location) bool { return l.WSUSURL == job.Server })
	young := !job.Done.IsZero() && !job.Done.After(t.now) && t.now.Sub(job.Done) < t.rhythm.ttl
	return young && here && !job.Stale && job.Version == t.policy.ContentVersion && !job.open()
}

// freshScan scans online unless the last scan is fresh or an open one has to wait: what the scan schedule, the re-evaluation, and
// the checks before download and before installation ask for. After a failure it tells when to try again.
func (a *Agent) freshScan(ctx context.Context, t *turn) (retry time.Time, err error) {
	job, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if a.isFresh(t, job) {
		return time.Time{}, nil
	}
	job.Due = t.notLater(job.Due, max(t.rhythm.retry, t.rhythm.scanRetry, t.rhythm.contact)+switchDelay)
	job.WaitUntil = t.notLater(job.WaitUntil, t.rhythm.locationTimeout)
	hopeful := job.State == compliance.ScanWaitingForCatalog && job.hasLocation(t)
	if job.Due.After(t.now) && !hopeful {
		return job.Due, &waitingError{cause: codeError(job.Code)}
	}
	return a.tryScan(ctx, t, job)
}

// tryScan makes one attempt. Whatever comes of it is the next state of the job.
func (a *Agent) tryScan(ctx context.Context, t *turn, job scanJob) (retry time.Time, err error) {
	location, found := a.choose(t, &job)
	if !found {
		return a.awaitLocation(ctx, t, job)
	}
	planned := job.Due
	job.WaitUntil, job.Due = time.Time{}, time.Time{}
	if !job.open() || job.Current != location.WSUSURL {
		job.Current = location.WSUSURL
		if err := a.setScan(ctx, t, &job, compliance.ScanWaitingForCatalog, 0); err != nil {
			return t.now.Add(t.rhythm.contact), err
		}
	}
	if err := a.setScan(ctx, t, &job, compliance.ScanRunning, 0); err != nil {
		return t.now.Add(t.rhythm.contact), err
	}
	if err = a.addUpdateSource(ctx, t, location); err == nil {
		err = a.scanOnline(ctx, t, location, func(c *changes, outcome scanOutcome) error {
			ended := job // a scan that cannot be written down has not happened
			ended.succeed(t, location, outcome)
			c.set(keyScan, ended)
			return c.tellScan(ctx, t, ended)
		})
	}
	if err == nil {
		return time.Time{}, nil
	}
	if ctx.Err() != nil {
		// A scan cut short is not counted; the job stays open and starts anew.
		return t.now, ctx.Err()
	}
	return a.scanFailed(ctx, t, job, planned, err)
}

// succeed ends the request, and everything that failures had left.
func (j *scanJob) succeed(t *turn, location Location, outcome scanOutcome) {
	j.State, j.Code = compliance.ScanCompleted, 0
	if outcome.unreadable > 0 {
		j.State = compliance.ScanCompletedWithErrors
	}
	j.Failures, j.FailingSince, j.Tried = 0, time.Time{}, nil
	j.Done, j.Version, j.Server = t.now, t.policy.ContentVersion, location.WSUSURL
	j.Stale, j.Unlocks = false, outcome.unlocks
}

// scanFailed decides between retry and giving up. A failure counts towards the next server unless it is of an attempt before its
// planned time, which a user asked for, or the server cannot be reached from where the machine is.
func (a *Agent) scanFailed(ctx context.Context, t *turn, job scanJob, planned time.Time, cause error) (time.Time, error) {
	code := scanCode(cause)
	cause = fmt.Errorf("scan: %w", cause)
	if !t.policy.Settings.retryable(code) {
		// The next request, maybe a week from now, begins to count anew, and so do the timers of fallback.
		job.Due, job.Failures, job.FailingSince, job.Tried = t.now.Add(t.rhythm.retry), 0, time.Time{}, nil
		return job.Due, errors.Join(cause, a.setScan(ctx, t, &job, compliance.ScanFailed, code))
	}
	switch {
	case job.Failures > 0 && planned.After(t.now):
		job.Due = planned
	case !a.reachable(ctx, t, job.Current):
		job.Due = t.now.Add(t.rhythm.scanRetry)
	default:
		job.fail(t)
	}
	return job.Due, errors.Join(cause, a.setScan(ctx, t, &job, compliance.ScanPendingRetry, code))
}

// awaitLocation waits for a policy that names a server, and gives up after WSUSLocationTimeout.
func (a *Agent) awaitLocation(ctx context.Context, t *turn, job scanJob) (time.Time, error) {
	state, code := compliance.ScanWaitingForCatalog, int32(0)
	switch {
	case job.State != compliance.ScanWaitingForCatalog:
		job.WaitUntil = t.now.Add(t.rhythm.locationTimeout)
		job.Due = t.now.Add(t.rhythm.contact)
	case job.WaitUntil.After(t.now):
		job.Due = t.now.Add(t.rhythm.contact)
	default:
		state, code = compliance.ScanFailed, CodeServerValueMissing
		job.WaitUntil, job.Due = time.Time{}, t.now.Add(t.rhythm.retry)
	}
	return job.Due, errors.Join(&waitingError{cause: ErrNoLocation}, a.setScan(ctx, t, &job, state, code))
}

func (a *Agent) setScan(ctx context.Context, t *turn, job *scanJob, state compliance.UpdateSourceScanState, code int32) error {
	job.State, job.Code = state, code
	c := a.begin()
	c.set(keyScan, *job)
	if err := c.tellScan(ctx, t, *job); err != nil {
		return err
	}
	return c.commit(ctx)
}

func (c *changes) tellScan(ctx context.Context, t *turn, job scanJob) error {
	m := currentMessage{Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: t.policy.UpdateSource},
		State: int(job.State), Code: job.Code, Time: t.now}
	if job.State == compliance.ScanCompleted {
		m.ContentVersion = job.Version
	}
	return c.tell(ctx, m)
}
