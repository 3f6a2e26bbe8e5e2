package clientagent

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// unlocks is the digest of the installed revisions that others depend on: what a scan tells the server, and what decides which updates
// the server sends.
func (a *Agent) unlocks(ctx context.Context, facts *applicability.Scan, all catalogue) (string, error) {
	lists, err := a.cachedLists(ctx, facts, all)
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	for _, id := range lists.InstalledNonLeafUpdateIDs {
		digest.Write(binary.BigEndian.AppendUint32(nil, uint32(id)))
	}
	return hex.EncodeToString(digest.Sum(nil)[:8]), nil
}

// noteStale marks the last scan stale when the server would send more to the machine as it is now: an installation has satisfied a
// prerequisite, or made something required whose details nobody has asked for.
func (a *Agent) noteStale(ctx context.Context, c *changes, w *workshop, found []evaluated) error {
	job, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil || job.Done.IsZero() {
		return err
	}
	unlocks, err := a.unlocks(ctx, w.facts, w.all)
	if err != nil {
		return err
	}
	undelivered, err := a.undelivered(ctx, w, found)
	if err != nil {
		return err
	}
	if unlocks != job.Unlocks || undelivered {
		job.Stale = true
		c.set(keyScan, job)
	}
	return nil
}

// undelivered tells whether details are missing of what is required or installed.
func (a *Agent) undelivered(ctx context.Context, w *workshop, found []evaluated) (bool, error) {
	wanted, err := a.detailed(ctx, w.facts, w.all, found)
	if err != nil {
		return false, err
	}
	for _, r := range wanted {
		if _, here, err := a.detail(ctx, r.identity()); err != nil || !here {
			return err == nil, err
		}
	}
	return false, nil
}
