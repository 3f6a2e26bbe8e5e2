package clientagent

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Maximum run times of updates (MaxExecutionTime; configmgr.md §5.3).
const (
	// DefaultMaxRunTime is that of an update whose policy says nothing.
	DefaultMaxRunTime = 10 * time.Minute
	// FeatureMaxRunTime is what a site presets for service packs, update rollups and upgrades.
	FeatureMaxRunTime = 60 * time.Minute
	// ShortestMaxRunTime and LongestMaxRunTime are the range of the property, 5 to 9999 minutes.
	ShortestMaxRunTime = 5 * time.Minute
	LongestMaxRunTime  = 9999 * time.Minute
)

// ValidateMaxRunTime says when a maximum run time is out of its range or not in whole minutes.
func ValidateMaxRunTime(d time.Duration) error {
	if d < ShortestMaxRunTime || d > LongestMaxRunTime || d%time.Minute != 0 {
		return fmt.Errorf("maximum run time %v is not in whole minutes from 5 to 9999", d)
	}
	return nil
}

// maxRunTime is the maximum run time of an update under this policy.
func (p Policy) maxRunTime(id uuid.UUID) time.Duration {
	if d, ok := p.MaxRunTimes[id]; ok {
		return d
	}
	return DefaultMaxRunTime
}
