package sqlite

import (
	"fmt"
	"log/slog"
	"time"

	"github.com/hashicorp/go-multierror"
)

// Option changes a setting of Open.
type Option func(*settings)

type settings struct {
	readers     int
	busyTimeout time.Duration
	log         *slog.Logger
}

// Readers sets how many connections read at once; the default is 4.
func Readers(n int) Option { return func(s *settings) { s.readers = n } }

// BusyTimeout sets how long a statement waits for a lock of another program that has opened the database file, such as a backup;
// the default is 5 seconds.
func BusyTimeout(d time.Duration) Option { return func(s *settings) { s.busyTimeout = d } }

// Log sets where migrations and failed checkpoints are told; the default discards.
func Log(log *slog.Logger) Option { return func(s *settings) { s.log = log } }

func newSettings(options []Option) (settings, error) {
	s := settings{readers: 4, busyTimeout: 5 * time.Second, log: slog.New(slog.DiscardHandler)}
	for _, option := range options {
		option(&s)
	}
	var invalid *multierror.Error
	if s.readers < 1 {
		invalid = multierror.Append(invalid, fmt.Errorf("readers: %d is less than 1", s.readers))
	}
	if s.busyTimeout < 0 {
		invalid = multierror.Append(invalid, fmt.Errorf("busy timeout: %s is negative", s.busyTimeout))
	}
	if s.log == nil {
		invalid = multierror.Append(invalid, fmt.Errorf("log: is nil"))
	}
	return s, invalid.ErrorOrNil()
}
