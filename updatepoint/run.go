package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Intervals of Run.
const (
	// ReconcileInterval is how often WSUS Configuration Manager applies the channel again.
	ReconcileInterval = time.Hour
	// SyncRetry is how long a failed synchronization waits for its next try; a change of the channel's state ends the wait.
	SyncRetry = time.Hour
	// ReopenInterval is how long ports that could not be opened wait for the next try.
	ReopenInterval = time.Minute
)

// ErrRunning answers Run while it is running already.
var ErrRunning = errors.New("site is running already")

// Run serves a WSUS that runs in this program on the ports of the software update point, reconciles every hour and on change,
// and keeps the synchronization schedule: at once for a point that holds no content version, then every Config.SyncInterval. It
// follows when the role is added, changed or removed. When ctx ends it returns nil, after all that it started has ended. It
// returns an error when ports cannot be opened the first time; later that is a fault of the channel.
func (s *Site) Run(ctx context.Context) error {
	select {
	case s.running <- struct{}{}:
		defer func() { <-s.running }()
	default:
		return fmt.Errorf("run: %w", ErrRunning)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.keepServing(ctx) })
	group.Go(func() error { s.keepReconciling(ctx); return nil })
	group.Go(func() error { s.keepSynchronizing(ctx); return nil })
	if err := group.Wait(); err != nil {
		return fmt.Errorf("run: %w", err)
	}
	return nil
}

// keepServing serves the software update point of the moment, and the next one after each change.
func (s *Site) keepServing(ctx context.Context) error {
	opened := false
	for ctx.Err() == nil {
		point, changed := s.presentUntil()
		host, hosted := hostOf(point)
		if !hosted {
			wait(ctx, changed, 0)
			continue
		}
		set := point.current()
		plain, secure, err := listen(ctx, set)
		if err == nil {
			opened = true
			err = s.serveUntil(ctx, changed, func(ctx context.Context) error {
				return point.serve(ctx, set, host, plain, secure)
			})
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		if !opened {
			return err
		}
		point.block(err)
		wait(ctx, changed, ReopenInterval)
	}
	return nil
}

// serveUntil runs serve until the channel is closed or ctx ends.
func (s *Site) serveUntil(ctx context.Context, changed <-chan struct{}, serve func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	var watcher sync.WaitGroup
	defer watcher.Wait()
	defer stop()
	watcher.Go(func() {
		defer stop()
		wait(ctx, changed, 0)
	})
	return serve(ctx)
}

// keepReconciling applies the channel every hour.
func (s *Site) keepReconciling(ctx context.Context) {
	for ctx.Err() == nil {
		if point, changed := s.presentUntil(); !wait(ctx, changed, ReconcileInterval) && point != nil {
			point.Reconcile(ctx)
		}
	}
}

// keepSynchronizing synchronizes whenever that is due, and again after a failure.
func (s *Site) keepSynchronizing(ctx context.Context) {
	for ctx.Err() == nil {
		concluded := s.concluded.watch()
		delay, due := s.nextSync()
		if !due || delay > 0 {
			wait(ctx, concluded, delay)
			continue
		}
		// A failure is logged and kept as status message 6703.
		if err := s.Synchronize(ctx); err != nil {
			wait(ctx, concluded, SyncRetry)
		}
	}
}

// nextSync tells how long the next synchronization may wait; due is false when none is planned.
func (s *Site) nextSync() (delay time.Duration, due bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch {
	case s.point == nil || s.point.condition().State == ConfigPending:
		return 0, false
	case !s.state.sync.Holds:
		return 0, true
	case s.config.SyncInterval == 0:
		return 0, false
	}
	now, last := s.now(), s.state.sync.LastSuccess
	if last.After(now) {
		// A clock that was wrong dated it, so nobody knows when it was. To wait from now on instead would start anew at each look.
		return 0, true
	}
	return last.Add(s.config.SyncInterval).Sub(now), true
}

// presentUntil returns the connected point, or nil, and a channel that is closed when it changes. Both are of one moment: a change that
// the point has already seen must not end the serving of it, since listeners that were given cannot be opened again.
func (s *Site) presentUntil() (*Point, <-chan struct{}) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.point, s.changed.watch()
}

// hostOf returns the WSUS of a point when it runs in this program.
func hostOf(p *Point) (Host, bool) {
	if p == nil {
		return nil, false
	}
	host, ok := p.server().(Host)
	return host, ok
}
