package updatepoint_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/updatepoint"
)

func messageIDs(t *testing.T, site *updatepoint.Site) []int {
	t.Helper()
	messages, err := site.StatusMessages(t.Context())
	require.NoError(t, err)
	var ids []int
	for _, m := range messages {
		require.Equal(t, "SMS_WSUS_SYNC_MANAGER", m.Component)
		ids = append(ids, m.ID)
	}
	return ids
}

func contentVersion(t *testing.T, site *updatepoint.Site) int64 {
	t.Helper()
	status, err := site.SyncStatus(t.Context())
	require.NoError(t, err)
	return status.ContentVersion
}

func TestSynchronizationSequence(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"))
	require.Equal(t, []int{6701, 6704, 6705, 6702}, messageIDs(t, site))
	require.EqualValues(t, 1, contentVersion(t, site))

	require.NoError(t, site.Synchronize(t.Context()))
	require.EqualValues(t, 1, contentVersion(t, site), "nothing has changed")

	h.set(update(1, "One"), update(2, "Two"))
	require.NoError(t, site.Synchronize(t.Context()))
	require.EqualValues(t, 2, contentVersion(t, site))
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"One", "Two"}, []string{updates[0].Title, updates[1].Title})
	require.EqualValues(t, 1, updates[0].Since)
	require.EqualValues(t, 2, updates[1].Since)
}

func TestFailedSynchronizationChangesNothing(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"))
	h.set(update(2, "Two"))
	h.change(func(w *remote) { w.syncErr = errors.New("upstream answers 503") })
	require.ErrorContains(t, site.Synchronize(t.Context()), "upstream answers 503")
	require.Equal(t, []int{6701, 6704, 6703}, messageIDs(t, site)[4:])
	status, err := site.SyncStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, updatepoint.SyncFailed, status.LastState)
	require.Contains(t, status.LastError, "upstream answers 503")
	require.EqualValues(t, 1, status.ContentVersion)
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	require.Equal(t, "One", updates[0].Title)

	store.breakWith(errDisk)
	require.ErrorIs(t, site.Synchronize(t.Context()), errDisk)
	store.breakWith(nil)
	h.change(func(w *remote) { w.syncErr = nil })
	require.NoError(t, site.Synchronize(t.Context()))
	status, err = site.SyncStatus(t.Context())
	require.NoError(t, err)
	require.Empty(t, status.LastError)
	require.EqualValues(t, 2, status.ContentVersion)
}

// A deployed update that the catalogue no longer has expires; any other goes.
func TestUpdatesThatAreGone(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"), update(2, "Two"))
	_, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems})
	require.NoError(t, err)
	h.set(update(3, "Three"))
	require.NoError(t, site.Synchronize(t.Context()))
	site = openSite(t, updatepoint.MixedMode, store, newReports())
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, updates, 2)
	require.Equal(t, "One", updates[0].Title)
	require.True(t, updates[0].Expired)
	require.Equal(t, "Three", updates[1].Title)
}

func TestNewestRevisionCounts(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	older, newer := update(1, "Old text"), update(1, "New text")
	newer.Revision = 101
	withPoint(t, site, newer, older)
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, updates, 1)
	require.Equal(t, "New text", updates[0].Title)
}

func TestStatusMessagesAreBounded(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site)
	for range updatepoint.MaxStatusMessages / 4 {
		require.NoError(t, site.Synchronize(t.Context()))
	}
	ids := messageIDs(t, site)
	require.Len(t, ids, updatepoint.MaxStatusMessages)
	require.Equal(t, 6702, ids[len(ids)-1])
}
