package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// MaxUpdates is how many updates a site takes over at most. A catalogue with more fails the synchronization.
const MaxUpdates = 200_000

// SyncStatus is the last synchronization (SMS_SUPSyncStatus).
type SyncStatus struct {
	// ContentVersion is the version of the site's catalogue: 0 before the first synchronization, higher after each that found a
	// change. Clients get it with their policy and send it back with a completed scan.
	ContentVersion int64
	// LastState is a status message id: SyncStarted, SyncWSUSPhase, SyncCatalogPhase, SyncDone or SyncFailed; 0 before the first.
	LastState     int
	LastStateTime time.Time
	LastSuccess   time.Time
	// LastError is the text of the last failure, empty after a success.
	LastError string
}

type syncRecord struct {
	SyncStatus
	// CatalogState is the Content.Version that was copied last; nothing to copy while it is the same.
	CatalogState string
	// Holds says that the software update point holds the content version. A point that was just added does not.
	Holds bool
}

// SyncStatus tells how the last synchronization went. It answers ErrNoSoftwareUpdatePoint without the role.
func (s *Site) SyncStatus(ctx context.Context) (SyncStatus, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return SyncStatus{}, err
	}
	return s.state.sync.SyncStatus, nil
}

// Updates returns what the site has synchronized, ordered by title. It answers ErrNoSoftwareUpdatePoint without the role.
func (s *Site) Updates(ctx context.Context) ([]Update, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return nil, err
	}
	return slices.SortedFunc(maps.Values(s.state.updates), byTitle), nil
}

// Synchronize makes WSUS synchronize with its source and then copies updates into the site, raising the content version when the
// catalogue has changed. It waits for one that is running. It answers a *ChannelError while the software update point is not in
// the state WSUS_CONFIG_SUCCESS, ErrNotConnected after a restart and ErrNoSoftwareUpdatePoint without the role. A failure leaves
// the site's updates as they were and is kept as status message 6703.
func (s *Site) Synchronize(ctx context.Context) error {
	select {
	case s.synchronizing <- struct{}{}:
		defer func() { <-s.synchronizing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	point, err := s.connected(ctx)
	if err != nil {
		return fmt.Errorf("synchronize: %w", err)
	}
	if err := s.synchronize(ctx, point); err != nil {
		s.log.Warn("synchronization failed", "site", s.Code(), "error", err)
		return errors.Join(fmt.Errorf("synchronize: %w", err), s.syncFailed(ctx, point, err))
	}
	s.log.Info("synchronized", "site", s.Code(), "contentVersion", s.contentVersion())
	return nil
}

// synchronize is the sequence of a top-level site. The caller holds the synchronizing token.
func (s *Site) synchronize(ctx context.Context, point *Point) error {
	if c := point.condition(); c.State != ConfigSuccess {
		return &ChannelError{State: c.State, Reason: c.Reason}
	}
	if err := s.phase(ctx, point, SyncStarted, "Synchronization started."); err != nil {
		return err
	}
	if err := s.phase(ctx, point, SyncWSUSPhase, "Synchronization in progress. Current phase: Synchronizing WSUS Server."); err != nil {
		return err
	}
	server := point.server()
	content, err := server.Synchronize(ctx)
	if err != nil {
		return fmt.Errorf("WSUS server: %w", err)
	}
	if err := s.phase(ctx, point, SyncCatalogPhase, "Synchronization in progress. Current phase: Synchronizing site database."); err != nil {
		return err
	}
	if s.holds(content) {
		return s.syncDone(ctx, point, content, nil)
	}
	offered, err := collect(ctx, server)
	if err != nil {
		return fmt.Errorf("read updates: %w", err)
	}
	return s.syncDone(ctx, point, content, offered)
}

// phase keeps one step of a synchronization, unless the point was removed meanwhile.
func (s *Site) phase(ctx context.Context, point *Point, id int, text string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	if current, err := s.connected(ctx); err != nil || current != point {
		return errors.Join(err, errChangedMeanwhile)
	}
	record, status := s.syncState(id, ""), s.withStatus(id, text)
	return s.commit(ctx, changes{keySync: record, keyStatus: status}, func(st *state) { st.sync, st.status = record, status })
}

// syncFailed keeps a failure, also when ctx has ended. That of a point that was removed meanwhile is nobody's any more.
func (s *Site) syncFailed(ctx context.Context, point *Point, cause error) error {
	ctx = context.WithoutCancel(ctx)
	s.changing.Lock()
	defer s.changing.Unlock()
	if current, err := s.connected(ctx); err != nil || current != point {
		return nil
	}
	record := s.syncState(SyncFailed, cause.Error())
	status := s.withStatus(SyncFailed, "Synchronization failed: "+cause.Error())
	return s.commit(ctx, changes{keySync: record, keyStatus: status}, func(st *state) { st.sync, st.status = record, status })
}

func (s *Site) syncState(id int, failure string) syncRecord {
	s.mu.RLock()
	defer s.mu.RUnlock()
	record := s.state.sync
	record.LastState, record.LastStateTime, record.LastError = id, s.now(), failure
	return record
}

func (s *Site) contentVersion() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.sync.ContentVersion
}
