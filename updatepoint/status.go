package updatepoint

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// ConfigurationState is the state of WSUS Configuration Manager, with the product's numbers.
type ConfigurationState int

// The states of WSUS Configuration Manager. Synchronization needs ConfigSuccess.
const (
	ConfigNone                ConfigurationState = 0
	ConfigPending             ConfigurationState = 1
	ConfigSuccess             ConfigurationState = 2
	ConfigFailed              ConfigurationState = 3
	ConfigSubscriptionPending ConfigurationState = 4
)

// String is the name that WCM.log writes.
func (c ConfigurationState) String() string {
	switch c {
	case ConfigNone:
		return "WSUS_CONFIG_NONE"
	case ConfigPending:
		return "WSUS_CONFIG_PENDING"
	case ConfigSuccess:
		return "WSUS_CONFIG_SUCCESS"
	case ConfigFailed:
		return "WSUS_CONFIG_FAILED"
	case ConfigSubscriptionPending:
		return "WSUS_CONFIG_SUBSCRIPTION_PENDING"
	}
	return fmt.Sprintf("ConfigurationState(%d)", int(c))
}

// SyncManager is the component that synchronizes.
const SyncManager = "SMS_WSUS_SYNC_MANAGER"

// Status message ids of SyncManager. A synchronization emits 6701, 6704, 6705 and 6702, with 6703 in the place of what was not
// reached.
const (
	SyncStarted      = 6701
	SyncDone         = 6702
	SyncFailed       = 6703
	SyncWSUSPhase    = 6704
	SyncCatalogPhase = 6705
)

// MaxStatusMessages is how many status messages a site keeps; the oldest go first.
const MaxStatusMessages = 200

// StatusMessage is one event of a component of the site.
type StatusMessage struct {
	ID        int       `json:"id"`
	Component string    `json:"component"`
	Time      time.Time `json:"time"`
	Text      string    `json:"text"`
}

// StatusMessages returns the messages that are kept, the oldest first.
func (s *Site) StatusMessages(ctx context.Context) ([]StatusMessage, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.state.status), nil
}

// withStatus returns the kept messages with one more at the end. Only who holds the synchronizing token calls it.
func (s *Site) withStatus(id int, text string) []StatusMessage {
	s.mu.RLock()
	defer s.mu.RUnlock()
	kept := s.state.status
	if len(kept) >= MaxStatusMessages {
		kept = kept[len(kept)-MaxStatusMessages+1:]
	}
	return append(slices.Clone(kept), StatusMessage{ID: id, Component: SyncManager, Time: s.now(), Text: text})
}
