package clientagent

import (
	"context"
	"fmt"
	"time"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Status is how an agent stands.
type Status struct {
	// ClientID is empty before the first step.
	ClientID string `json:"clientId"`
	SiteCode string `json:"siteCode,omitempty"`
	// PolicyVersion counts the changes at the site up to the policy that the agent follows.
	PolicyVersion int64 `json:"policyVersion,omitempty"`
	// Enabled says that the policy has the software updates components switched on.
	Enabled bool `json:"enabled"`
	// ScanState is the state of topic 501, ScanError the HRESULT of the last failure.
	ScanState compliance.UpdateSourceScanState `json:"scanState"`
	ScanError int32                            `json:"scanError,omitempty"`
	// LastScan is when the last scan succeeded, ContentVersion what it covered, Server where it was.
	LastScan       time.Time `json:"lastScan,omitzero"`
	ContentVersion int64     `json:"contentVersion,omitempty"`
	Server         string    `json:"server,omitempty"`
	// NextPolicy, NextScan and NextReevaluation are the due times of the cycles.
	NextPolicy       time.Time `json:"nextPolicy,omitzero"`
	NextScan         time.Time `json:"nextScan,omitzero"`
	NextReevaluation time.Time `json:"nextReevaluation,omitzero"`
	// PendingRestart says that an installation waits for a restart.
	PendingRestart bool `json:"pendingRestart,omitempty"`
	// Cache is how full the cache is.
	Cache CacheStatus `json:"cache,omitzero"`
	// LastSerial is the last serial number given to a state message, Unsent how many messages the site has not taken over.
	LastSerial int64 `json:"lastSerial"`
	Unsent     int   `json:"unsent"`
}

// Settings are the client settings that the agent follows: those of its policy, brought into their ranges. ErrNotFound answers before the
// first policy. It can be called while the agent works.
func (a *Agent) Settings(ctx context.Context) (Settings, error) {
	policy, found, err := load[Policy](ctx, a.store, keyPolicy)
	if err == nil && !found {
		err = fmt.Errorf("there is no policy yet: %w", ErrNotFound)
	}
	if err != nil {
		return Settings{}, err
	}
	return policy.Settings.Effective(), nil
}

// Status reads how the agent stands; it can be called while the agent works.
func (a *Agent) Status(ctx context.Context) (Status, error) {
	me, _, err := load[identity](ctx, a.store, keyIdentity)
	if err != nil {
		return Status{}, err
	}
	policy, _, err := load[Policy](ctx, a.store, keyPolicy)
	if err != nil {
		return Status{}, err
	}
	due, _, err := load[cycles](ctx, a.store, keyCycles)
	if err != nil {
		return Status{}, err
	}
	scan, _, err := load[scanJob](ctx, a.store, keyScan)
	if err != nil {
		return Status{}, err
	}
	box, _, err := load[outbox](ctx, a.store, keyOutbox)
	if err != nil {
		return Status{}, err
	}
	cache, _, err := load[CacheStatus](ctx, a.store, keyCache)
	if err != nil {
		return Status{}, err
	}
	jobs, err := a.openJobs(ctx)
	if err != nil {
		return Status{}, err
	}
	unsent := len(box.Messages)
	for _, err := range a.store.List(ctx, prefPending) {
		if err != nil {
			return Status{}, err
		}
		unsent++
	}
	return Status{
		ClientID: me.ClientID, SiteCode: policy.SiteCode, PolicyVersion: policy.Version, Enabled: policy.Settings.Enabled,
		ScanState: scan.State, ScanError: scan.Code, LastScan: scan.Done, ContentVersion: scan.Version, Server: scan.Server,
		NextPolicy: due.Policy, NextScan: due.Scan, NextReevaluation: due.Reevaluation,
		PendingRestart: anyPending(jobs), Cache: cache, LastSerial: box.Last, Unsent: unsent,
	}, nil
}
