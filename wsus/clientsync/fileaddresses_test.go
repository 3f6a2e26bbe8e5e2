package clientsync_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// Addresses are those of the first updates that have files, and walking ends where nothing new comes.
func TestFileAddresses(t *testing.T) {
	m := newMemory()
	s, carrier := newSession(t, m)
	m.info.NewUpdates = []clientsync.UpdateInfo{{ID: 7}, {ID: 8, IsLeaf: true}}
	m.extended = clientsync.ExtendedInfo{FileLocations: []clientsync.FileLocation{{FileDigest: [20]byte{1}, URL: "http://wsus:8530/Content/a"}}}
	addresses, err := s.FileAddresses(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"http://wsus:8530/Content/a"}, addresses)
	require.Equal(t, []int32{7, 8}, m.queries[0].RevisionIDs)

	// Without files it goes down level by level, as a computer with everything installed, for a bounded number of levels.
	m.extended = clientsync.ExtendedInfo{}
	carrier.actions, m.params = nil, nil
	addresses, err = s.FileAddresses(t.Context())
	require.NoError(t, err)
	require.Empty(t, addresses)
	require.Equal(t, []int32{7}, m.params[1].InstalledNonLeafUpdateIDs)
	require.Equal(t, []int32{8}, m.params[1].OtherCachedUpdateIDs)
	require.LessOrEqual(t, len(carrier.actions), 40)

	m.info.NewUpdates = nil
	addresses, err = s.FileAddresses(t.Context())
	require.NoError(t, err)
	require.Empty(t, addresses)

	m.syncFail = &clientsync.Fault{Code: clientsync.ServerBusy}
	_, err = s.FileAddresses(t.Context())
	requireFault(t, err, clientsync.ServerBusy)
}
