package clientsync

import (
	"context"
	"fmt"
	"slices"
)

// Bounds of FileAddresses: levels of prerequisites that are walked down, and updates asked for at a time.
const (
	addressLevels = 20
	addressBatch  = 50
)

// FileAddresses asks the server where some files are, as it tells clients: those of the first updates with files that it meets. It
// walks down the updates like a computer on which everything is installed, and evaluates and downloads nothing. A server without
// files answers none. A server that wants registration gets the session's Info, which leaves a computer in its list.
func (s *Session) FileAddresses(ctx context.Context) ([]string, error) {
	var p SyncParameters
	for range addressLevels {
		info, err := s.SyncUpdates(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("ask for updates: %w", err)
		}
		if len(info.NewUpdates) == 0 {
			return nil, nil
		}
		var ids []int32
		for _, u := range info.NewUpdates {
			ids = append(ids, u.ID)
			if u.IsLeaf {
				p.OtherCachedUpdateIDs = append(p.OtherCachedUpdateIDs, u.ID)
			} else {
				p.InstalledNonLeafUpdateIDs = append(p.InstalledNonLeafUpdateIDs, u.ID)
			}
		}
		addresses, err := s.addressesOf(ctx, ids)
		if err != nil || len(addresses) > 0 {
			return addresses, err
		}
	}
	return nil, nil
}

func (s *Session) addressesOf(ctx context.Context, ids []int32) ([]string, error) {
	for batch := range slices.Chunk(ids, addressBatch) {
		info, err := s.GetExtendedUpdateInfo(ctx, ExtendedQuery{RevisionIDs: batch, InfoTypes: []FragmentType{ExtendedFragment}})
		if err != nil {
			return nil, fmt.Errorf("ask for addresses of files: %w", err)
		}
		var addresses []string
		for _, location := range info.FileLocations {
			addresses = append(addresses, location.URL)
		}
		if len(addresses) > 0 {
			return addresses, nil
		}
	}
	return nil, nil
}
