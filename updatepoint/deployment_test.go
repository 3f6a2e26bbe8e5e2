package updatepoint_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/updatepoint"
)

func TestDeploymentIsRefusedWithEveryReason(t *testing.T) {
	now := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	expired := update(3, "Three")
	expired.Expired = true
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"), expired)
	before := store.snapshot()
	_, err := site.Deploy(t.Context(), updatepoint.Deployment{
		ID: uuid.MustParse("11111111-2222-4333-8444-555555555555"), Name: strings.Repeat("x", 257),
		Updates:    []uuid.UUID{id(1), id(1), id(2), id(3)},
		Collection: "Nobody", StartTime: now, Deadline: now.Add(-time.Hour)})
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 7)
	require.ErrorIs(t, err, updatepoint.ErrNotFound)
	require.ErrorIs(t, err, updatepoint.ErrUnknownUpdate)
	require.ErrorIs(t, err, updatepoint.ErrExpiredUpdate)
	require.ErrorIs(t, err, updatepoint.ErrUnknownCollection)
	require.ErrorContains(t, err, "Three")
	require.ErrorContains(t, err, id(2).String())
	require.Equal(t, before, store.snapshot())

	_, err = site.Deploy(t.Context(), updatepoint.Deployment{})
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 3, "no name, no updates, no collection")
	_, err = site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: make([]uuid.UUID, 1001), Collection: updatepoint.AllSystems})
	require.ErrorIs(t, err, updatepoint.ErrTooManyUpdates)
}

// Rule 21 of configmgr.md §10; its limit of 1,000 updates is in TestDeploymentIsRefusedWithEveryReason.
func TestDeploymentTypeIsImmutable(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	d := updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems, Deadline: time.Now().Add(time.Hour)}
	made, err := site.Deploy(t.Context(), d)
	require.NoError(t, err)
	require.True(t, made.Required())
	require.False(t, made.StartTime.IsZero())

	d.ID, d.Deadline = made.ID, d.Deadline.Add(time.Hour)
	_, err = site.Deploy(t.Context(), d)
	require.NoError(t, err, "the time may change")
	d.Deadline = time.Time{}
	_, err = site.Deploy(t.Context(), d)
	require.ErrorIs(t, err, updatepoint.ErrTypeImmutable)

	all, err := site.Deployments(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.NoError(t, site.RemoveDeployment(t.Context(), made.ID))
	require.ErrorIs(t, site.RemoveDeployment(t.Context(), made.ID), updatepoint.ErrNotFound)
}

func TestDeploymentsAreBounded(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	d := updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems}
	for range updatepoint.MaxDeployments {
		_, err := site.Deploy(t.Context(), d)
		require.NoError(t, err)
	}
	_, err := site.Deploy(t.Context(), d)
	require.ErrorIs(t, err, updatepoint.ErrTooManyDeployments)
}

func TestCollections(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	ctx := t.Context()
	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "Pilot", Members: []string{"pc1"}}))
	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "PILOT", Members: []string{"pc1", "pc2"}}))
	require.Error(t, site.PutCollection(ctx, updatepoint.Collection{Name: "all systems"}))
	require.Error(t, site.PutCollection(ctx, updatepoint.Collection{Name: "a\x00", Members: []string{""}}))
	_, err := site.Deploy(ctx, updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: "pilot"})
	require.NoError(t, err)
	require.ErrorIs(t, site.RemoveCollection(ctx, "Pilot"), updatepoint.ErrCollectionInUse)
	require.ErrorIs(t, site.RemoveCollection(ctx, "Other"), updatepoint.ErrNotFound)

	site = openSite(t, updatepoint.MixedMode, store, newReports())
	collections, err := site.Collections(ctx)
	require.NoError(t, err)
	require.Equal(t, []updatepoint.Collection{{Name: "PILOT", Members: []string{"pc1", "pc2"}}}, collections)
}
