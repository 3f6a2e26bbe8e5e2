package clientagent

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// ScanResult is what a scan found.
type ScanResult struct {
	Time           time.Time `json:"time"`
	ContentVersion int64     `json:"contentVersion,omitempty"`
	// Server is the WSUS server that was scanned.
	Server string `json:"server"`
	// Updates of the catalogue, ordered by id.
	Updates []UpdateStatus `json:"updates"`
}

// Required are the ids of the updates that the machine needs, for Install.
func (r ScanResult) Required() []uuid.UUID {
	var ids []uuid.UUID
	for _, u := range r.Updates {
		if u.State == compliance.Required {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

// Scan scans now: online and forced, as the user's Software Updates Scan Cycle. It registers and fetches the policy first when that has not
// been done yet, and notices a restart that updates were waiting for. ErrDisabled answers while the policy keeps the components dormant,
// ErrNoLocation when it names no server; a failed scan is tried again by Step as any other.
func (a *Agent) Scan(ctx context.Context) (ScanResult, error) {
	t, done, err := a.askReady(ctx)
	if err != nil {
		return ScanResult{}, err
	}
	defer done()
	job, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil {
		return ScanResult{}, err
	}
	if _, err := a.tryScan(ctx, t, job); err != nil {
		return ScanResult{}, err
	}
	return a.lastScan(ctx)
}

// LastScan is the result of the last scan that succeeded, with what installations changed since. ErrNotFound answers before the first.
func (a *Agent) LastScan(ctx context.Context) (ScanResult, error) {
	result, err := a.lastScan(ctx)
	if err == nil && result.Time.IsZero() {
		err = fmt.Errorf("there was no scan yet: %w", ErrNotFound)
	}
	return result, err
}

func (a *Agent) lastScan(ctx context.Context) (ScanResult, error) {
	job, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil {
		return ScanResult{}, err
	}
	updates, err := a.allUpdates(ctx)
	return ScanResult{Time: job.Done, ContentVersion: job.Version, Server: job.Server, Updates: updates}, err
}

// scanOutcome is what a scan is remembered by.
type scanOutcome struct {
	// unlocks is the digest of what unlocked the answer.
	unlocks string
	// unreadable counts the revisions that cannot be read.
	unreadable int
}

// longestScan ends a scan at a server that takes connections and does not answer, or drips: the agent has deadlines to keep. What the server has
// told is stored, so that the retry goes on from there.
const longestScan = time.Hour

// scanOnline asks the server of a location, judges the answer and stores the verdicts together with what done adds.
func (a *Agent) scanOnline(ctx context.Context, t *turn, location Location, done func(c *changes, outcome scanOutcome) error) error {
	ctx, cancel := context.WithTimeout(ctx, longestScan)
	defer cancel()
	machine, err := a.computer(ctx)
	if err != nil {
		return err
	}
	all, err := a.readCatalogue(ctx)
	if err != nil {
		return err
	}
	s, err := a.openSession(ctx, t, location.WSUSURL, machine, all)
	if err != nil {
		return err
	}
	facts, err := a.syncUpdates(ctx, s, all)
	if err != nil {
		return err
	}
	found, err := evaluate(ctx, facts, all)
	if err != nil {
		return err
	}
	wanted, err := a.detailed(ctx, facts, all, found)
	if err != nil {
		return err
	}
	if err := a.fetchDetails(ctx, s, location.WSUSURL, wanted); err != nil {
		return err
	}
	unlocks, err := a.unlocks(ctx, facts, all)
	if err != nil {
		return err
	}
	outcome := scanOutcome{unlocks: unlocks}
	for _, r := range all {
		if r.fault != nil {
			outcome.unreadable++
		}
	}
	c := a.begin()
	c.keepSession(s)
	c.remove(keyPartial)
	if err := errors.Join(a.record(ctx, c, t, found), done(c, outcome)); err != nil {
		return err
	}
	if err := c.commit(ctx); err != nil {
		return err
	}
	a.reportScan(ctx, t, machine, s, found)
	return nil
}

// scanCode is the HRESULT of a failed scan.
func scanCode(err error) int32 {
	var (
		known  *InstallError
		fault  *clientsync.Fault
		status *clientsync.StatusError
	)
	switch {
	case errors.Is(err, ErrNoLocation):
		return CodeServerValueMissing
	case errors.Is(err, ErrGroupPolicyConflict):
		return CodeGroupPolicyConflict
	case errors.As(err, &known):
		return known.Code
	case errors.As(err, &fault):
		return CodeSOAPFault
	case errors.As(err, &status):
		return statusCode(status.StatusCode)
	}
	if code := networkCode(err); code != 0 {
		return code
	}
	return CodeInternal
}
