package clientsync

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrCategoryScan says that the server is too old for category scans (before 3.2, MS-WUSP §3.1.5.6).
var ErrCategoryScan = errors.New("the server's protocol version has no category scans")

// Sizes of the batches that a Session cuts long lists into. Real servers take these.
const (
	refreshBatch  = 200
	locationBatch = 100
	eventBatch    = 100
)

// SyncUpdates makes one call and keeps the new cookie. The caller repeats it while the answer is truncated or brought a
// revision that is no leaf, and stops after [DefaultMaxTrips].
func (s *Session) SyncUpdates(ctx context.Context, p SyncParameters) (SyncInfo, error) {
	var info SyncInfo
	err := s.do(ctx, s.prepare, func(ctx context.Context) (err error) {
		info, err = s.Client.SyncUpdates(ctx, s.State.Cookie, p)
		return err
	})
	if err != nil {
		return SyncInfo{}, err
	}
	s.keep(info.NewCookie)
	return info, nil
}

// GetExtendedUpdateInfo makes as many calls as the server's limit asks for and joins their answers; each place of a file is told once.
func (s *Session) GetExtendedUpdateInfo(ctx context.Context, q ExtendedQuery) (ExtendedInfo, error) {
	if err := s.do(ctx, s.prepare, nil); err != nil {
		return ExtendedInfo{}, err
	}
	limit, err := s.State.Config.maxExtendedPerRequest()
	if err != nil {
		return ExtendedInfo{}, err
	}
	var all ExtendedInfo
	located := map[FileLocation]bool{}
	for ids := range slices.Chunk(q.RevisionIDs, limit) {
		var part ExtendedInfo
		chunk := q
		chunk.RevisionIDs = ids
		err := s.do(ctx, s.prepare, func(ctx context.Context) (err error) {
			part, err = s.Client.GetExtendedUpdateInfo(ctx, s.State.Cookie, chunk)
			return err
		})
		if err != nil {
			return ExtendedInfo{}, err
		}
		all.Updates = append(all.Updates, part.Updates...)
		all.OutOfScopeRevisionIDs = append(all.OutOfScopeRevisionIDs, part.OutOfScopeRevisionIDs...)
		for _, l := range part.FileLocations {
			if !located[l] {
				located[l] = true
				all.FileLocations = append(all.FileLocations, l)
			}
		}
	}
	return all, nil
}

// SyncPrinterCatalog makes one call and keeps the new cookie, as SyncUpdates.
func (s *Session) SyncPrinterCatalog(ctx context.Context, p PrinterParameters) (SyncInfo, error) {
	var info SyncInfo
	err := s.do(ctx, s.prepare, func(ctx context.Context) (err error) {
		info, err = s.Client.SyncPrinterCatalog(ctx, s.State.Cookie, p)
		return err
	})
	if err != nil {
		return SyncInfo{}, err
	}
	s.keep(info.NewCookie)
	return info, nil
}

// GetFileLocations asks in batches.
func (s *Session) GetFileLocations(ctx context.Context, digests [][20]byte) ([]FileLocation, error) {
	var all []FileLocation
	for batch := range slices.Chunk(digests, locationBatch) {
		var (
			locations []FileLocation
			renewed   Cookie
		)
		err := s.do(ctx, s.prepare, func(ctx context.Context) (err error) {
			locations, renewed, err = s.Client.GetFileLocations(ctx, s.State.Cookie, batch)
			return err
		})
		if err != nil {
			return nil, err
		}
		s.keep(renewed)
		all = append(all, locations...)
	}
	return all, nil
}

// RefreshCache asks in batches. It may be called by Refresh.
func (s *Session) RefreshCache(ctx context.Context, ids []UpdateIdentity) ([]RefreshedRevision, error) {
	var all []RefreshedRevision
	for batch := range slices.Chunk(ids, refreshBatch) {
		var revisions []RefreshedRevision
		err := s.do(ctx, s.prepare, func(ctx context.Context) (err error) {
			revisions, err = s.Client.RefreshCache(ctx, s.State.Cookie, batch)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = append(all, revisions...)
	}
	return all, nil
}

// StartCategoryScan needs the configuration only. ErrCategoryScan says that the server cannot.
func (s *Session) StartCategoryScan(ctx context.Context, requested []CategoryRelationship) (CategoryScan, error) {
	var scan CategoryScan
	err := s.do(ctx, s.prepareConfig, func(ctx context.Context) (err error) {
		text, _ := s.State.Config.Property(ProtocolVersion)
		if version, err := ParseVersion(text); err != nil || !version.AtLeast(Version{3, 2}) {
			return fmt.Errorf("%w: %.20q", ErrCategoryScan, text)
		}
		scan, err = s.Client.StartCategoryScan(ctx, requested)
		return err
	})
	return scan, err
}

// ReportEventBatch hands events over in batches. When it fails, some may have been received: report all again, the server
// knows them by EventInstanceID. It answers false when the server did for any batch.
func (s *Session) ReportEventBatch(ctx context.Context, events []ReportingEvent) (bool, error) {
	all := true
	for batch := range slices.Chunk(events, eventBatch) {
		var received bool
		err := s.do(ctx, s.prepare, func(ctx context.Context) (err error) {
			received, err = s.Client.ReportEventBatch(ctx, s.State.Cookie, s.now(), batch)
			return err
		})
		if err != nil {
			return false, err
		}
		all = all && received
	}
	return all, nil
}

// keep takes over the cookie of an answer. An answer without one leaves the old.
func (s *Session) keep(renewed Cookie) {
	if len(renewed.EncryptedData) > 0 {
		s.State.Cookie = renewed
	}
}
