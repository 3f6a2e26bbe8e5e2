package storagetest

import (
	"context"
	"sync"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func putGroup(s *subject[wsus.Store], g wsus.TargetGroup) wsus.TargetGroup {
	s.Helper()
	got, err := s.store.PutGroup(s.Context(), g)
	require.NoError(s, err)
	g.Sequence = got.Sequence
	require.Equal(s, g, got)
	return got
}

func groups(s *subject[wsus.Store]) ([]wsus.TargetGroup, int64) {
	s.Helper()
	all, regrouped, err := s.store.Groups(s.Context())
	require.NoError(s, err)
	return all, regrouped
}

func wsusGroups(s *subject[wsus.Store]) {
	all, regrouped := groups(s)
	require.Empty(s, all)
	require.Zero(s, regrouped)
	pilot := wsus.TargetGroup{ID: update(2), Name: "Pilot", ParentID: update(1)}
	ring := wsus.TargetGroup{ID: update(1), Name: "Ring ÄÖ", ParentID: wsus.AllComputers}
	ring = putGroup(s, ring)
	putGroup(s, wsus.TargetGroup{ID: update(2), Name: "PILOT", ParentID: update(1)})
	putGroup(s, pilot)
	pilot = putGroup(s, pilot)
	require.Equal(s, []int64{1, 4}, []int64{ring.Sequence, pilot.Sequence}, "its own name is free")
	s.reopen()
	for _, name := range []string{"pilot", "RING äö"} {
		_, err := s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(3), Name: name})
		require.ErrorIs(s, err, wsus.ErrConflict)
	}
	_, err := s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(1), Name: "pilot"})
	require.ErrorIs(s, err, wsus.ErrConflict)
	all, regrouped = groups(s)
	require.Equal(s, []wsus.TargetGroup{pilot, ring}, all)
	require.Zero(s, regrouped, "new groups and new names reach nobody")

	putGroup(s, wsus.TargetGroup{ID: update(2), Name: "Test", ParentID: update(1)})
	putGroup(s, wsus.TargetGroup{ID: update(3), Name: "pilot"}) // the name is free again
}

// What may have changed for every computer has the number of its moment, in the one order with approvals and memberships.
func wsusRegrouped(s *subject[wsus.Store]) {
	putGroup(s, wsus.TargetGroup{ID: update(1), Name: "one", ParentID: wsus.AllComputers})
	putGroup(s, wsus.TargetGroup{ID: update(2), Name: "two", ParentID: wsus.AllComputers})
	require.Equal(s, int64(3), approve(s, wsus.Approval{UpdateID: update(9), Group: update(1)}).Sequence)
	kept := approve(s, wsus.Approval{UpdateID: update(9), Group: update(2)})
	moved := putGroup(s, wsus.TargetGroup{ID: update(2), Name: "two", ParentID: update(1)})
	require.Equal(s, int64(5), moved.Sequence)
	s.reopen()
	_, regrouped := groups(s)
	require.Equal(s, int64(5), regrouped, "another parent")

	require.NoError(s, s.store.DeleteGroups(s.Context(), update(1), update(77)))
	s.reopen()
	all, regrouped := groups(s)
	require.Equal(s, []wsus.TargetGroup{moved}, all)
	require.Equal(s, int64(6), regrouped, "deleted")
	approvals, err := s.store.Approvals(s.Context())
	require.NoError(s, err)
	require.Equal(s, []wsus.Approval{kept}, approvals, "those of the group went with it")

	require.NoError(s, s.store.PutConfiguration(s.Context(), wsus.Configuration{}))
	s.reopen()
	_, regrouped = groups(s)
	require.Equal(s, int64(7), regrouped, "configured")
	again := approve(s, wsus.Approval{UpdateID: update(9), Group: update(1)})
	require.Equal(s, int64(8), again.Sequence)
	require.Equal(s, int32(3), again.DeploymentID, "deployment ids do not come back from deleted groups")
}

func wsusMemberships(s *subject[wsus.Store]) {
	require.Empty(s, collect(s, s.store.Memberships(s.Context())))
	got, err := s.store.PutMemberships(s.Context(),
		wsus.Membership{ComputerID: "b", Groups: []uuid.UUID{update(2), update(1)}, Sequence: 99}, wsus.Membership{ComputerID: "a"})
	require.NoError(s, err)
	b := wsus.Membership{ComputerID: "b", Groups: []uuid.UUID{update(2), update(1)}, Sequence: 1}
	a := wsus.Membership{ComputerID: "a", Sequence: 2}
	require.Equal(s, []wsus.Membership{b, a}, got)
	got[0].Groups[0] = update(3)
	s.reopen()
	require.Equal(s, []wsus.Membership{a, b}, collect(s, s.store.Memberships(s.Context())))

	_, err = s.store.PutMemberships(s.Context(), wsus.Membership{ComputerID: "b"})
	require.NoError(s, err)
	s.reopen()
	require.Equal(s, []wsus.Membership{a, {ComputerID: "b", Sequence: 3}}, collect(s, s.store.Memberships(s.Context())))
	endsWith(s, context.Canceled, s.store.Memberships(cancelled()))
}

// Approvals, groups and memberships count in one order, whoever writes them.
func wsusDecisionsAtOnce(s *subject[wsus.Store]) {
	const writers, each = 6, 20
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[int64]bool{}
	for writer := range writers {
		wg.Go(func() {
			for i := range each {
				var sequence int64
				var err error
				switch writer % 3 {
				case 0:
					var a []wsus.Approval
					if a, err = s.store.PutApprovals(s.Context(), wsus.Approval{UpdateID: update(i), Group: update(writer)}); err == nil {
						sequence = a[0].Sequence
					}
				case 1:
					var g wsus.TargetGroup
					g, err = s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(100*writer + i), Name: update(100*writer + i).String()})
					sequence = g.Sequence
				case 2:
					var m []wsus.Membership
					if m, err = s.store.PutMemberships(s.Context(), wsus.Membership{ComputerID: update(i).String()}); err == nil {
						sequence = m[0].Sequence
					}
				}
				mu.Lock()
				if err != nil || seen[sequence] {
					s.Errorf("sequence %d, %v", sequence, err)
				}
				seen[sequence] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(s, seen, writers*each)
	require.True(s, seen[1] && seen[writers*each])
}
