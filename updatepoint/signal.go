package updatepoint

import (
	"context"
	"sync"
	"time"
)

// signal wakes everyone who waits for the next time that something changes. The zero value is ready.
type signal struct {
	mu   sync.Mutex
	next chan struct{}
}

// watch returns a channel that is closed at the next fire.
func (s *signal) watch() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next == nil {
		s.next = make(chan struct{})
	}
	return s.next
}

func (s *signal) fire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		close(s.next)
		s.next = nil
	}
}

// wait blocks until the channel is closed, the delay is over or ctx ends, and tells whether the channel was closed. A delay of 0
// has no end.
func wait(ctx context.Context, changed <-chan struct{}, delay time.Duration) bool {
	var over <-chan time.Time
	if delay > 0 {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-changed:
		return true
	case <-over:
	case <-ctx.Done():
	}
	return false
}
