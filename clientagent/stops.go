package clientagent

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/google/uuid"
)

// errDownloadCancelled is why CancelDownload ends a download.
var errDownloadCancelled = errors.New("its download was cancelled")

// stops hands the wish to stop downloads to whoever downloads meanwhile, as the wish itself has to wait for its turn.
type stops struct {
	mu sync.Mutex
	// wished counts the calls that wait for their turn.
	wished  map[uuid.UUID]int
	running map[uuid.UUID]context.CancelCauseFunc
	orders  []*order
}

// order is a call of Install, which may come to a download several times.
type order struct {
	ids, stopped []uuid.UUID
}

// watch is the context of a download of an update: it ends when somebody wishes, or has wished, to stop that.
func (s *stops) watch(ctx context.Context, id uuid.UUID) (watched context.Context, done func()) {
	watched, cancel := context.WithCancelCause(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wished[id] > 0 {
		cancel(errDownloadCancelled)
	}
	if s.running == nil {
		s.running = make(map[uuid.UUID]context.CancelCauseFunc)
	}
	s.running[id] = cancel
	return watched, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.running, id)
		cancel(nil)
	}
}

// stopped says that a download was stopped by a wish, and not because its work ends.
func stopped(watched, ctx context.Context) bool {
	return ctx.Err() == nil && errors.Is(context.Cause(watched), errDownloadCancelled)
}

// wish stops the downloads that run, and those that begin until the returned function is called.
func (s *stops) wish(ids []uuid.UUID) (done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wished == nil {
		s.wished = make(map[uuid.UUID]int)
	}
	for _, id := range ids {
		s.wished[id]++
		if cancel := s.running[id]; cancel != nil {
			cancel(errDownloadCancelled)
		}
	}
	for _, o := range s.orders {
		for _, id := range ids {
			if slices.Contains(o.ids, id) && !slices.Contains(o.stopped, id) {
				o.stopped = append(o.stopped, id)
			}
		}
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, id := range ids {
			if s.wished[id]--; s.wished[id] == 0 {
				delete(s.wished, id)
			}
		}
	}
}

// take takes an order, until the returned function is called.
func (s *stops) take(ids []uuid.UUID) (*order, func()) {
	o := &order{ids: ids}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = append(s.orders, o)
	return o, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.orders = slices.DeleteFunc(s.orders, func(other *order) bool { return other == o })
	}
}

// split are the updates of an order that are still to be installed, and those that somebody has stopped.
func (s *stops) split(o *order) (ids, stopped []uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return without(o.ids, o.stopped), slices.Clone(o.stopped)
}
