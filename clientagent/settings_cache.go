package clientagent

import (
	"fmt"
	"time"
)

// ClientCacheSettings are those of the group Client Cache Settings. Zero means the default. They bound what is kept, never what is
// fetched: software updates are downloaded whatever the size of the cache, and what a deployment still needs is not removed.
type ClientCacheSettings struct {
	// MaxCacheSize is the maximum cache size in MB of 1,048,576 bytes (since 1606): 5120, up to 1048576.
	MaxCacheSize int `json:"maxCacheSize,omitempty"`
	// MinimumDuration is how long content is kept that nothing needs any more, in whole minutes (since 1906): a day, up to a week. It is
	// counted from the last time that the agent fetched or installed it, or else from when it was first seen.
	MinimumDuration time.Duration `json:"minimumDuration,omitempty"`
}

// Bounds of the maximum cache size in MB. The default is what clients use without the setting, the most what the product's console takes.
const (
	DefaultCacheSize = 5120
	maxCacheSize     = 1 << 20
)

// limit is the maximum cache size in bytes, of settings in their ranges.
func (s ClientCacheSettings) limit() int64 { return int64(s.MaxCacheSize) << 20 }

var clientCacheRules = []settingRule{
	{Setting: Setting{Name: "Maximum cache size (MB)", Property: "clientCache.maxCacheSize", Default: "5120", Range: "1–1048576",
		OutOfRange: "the nearer end of the range", Since: "1606"},
		check: func(s *Settings) error {
			if n := s.ClientCache.MaxCacheSize; n < 0 || n > maxCacheSize {
				return fmt.Errorf("%d is not within 1 and %d", n, maxCacheSize)
			}
			return nil
		},
		mend: func(s *Settings) {
			if s.ClientCache.MaxCacheSize <= 0 {
				s.ClientCache.MaxCacheSize = DefaultCacheSize
			}
			s.ClientCache.MaxCacheSize = min(s.ClientCache.MaxCacheSize, maxCacheSize)
		}},
	keptFor.rule(Setting{Name: "Minimum duration before cached content can be removed (minutes)", Property: "clientCache.minimumDuration",
		Default: "1440 minutes", Range: "1–10080 minutes", OutOfRange: "the nearer end of the range", Since: "1906"}),
}

var keptFor = length{at: func(s *Settings) *time.Duration { return &s.ClientCache.MinimumDuration },
	least: time.Minute, most: 7 * wholeDay, preset: wholeDay, unit: time.Minute}
