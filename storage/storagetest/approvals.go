package storagetest

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func approve(s *subject[wsus.Store], a wsus.Approval) wsus.Approval {
	s.Helper()
	got, err := s.store.PutApproval(s.Context(), a)
	require.NoError(s, err)
	return got
}

func wsusApprovals(s *subject[wsus.Store]) {
	all, err := s.store.Approvals(s.Context())
	require.NoError(s, err)
	require.Empty(s, all)

	first := wsus.Approval{UpdateID: update(9), Group: update(1), Action: 1, Deadline: at.Add(time.Hour), Changed: at, Sequence: 77, DeploymentID: 77}
	got := approve(s, first)
	first.Deadline, first.Changed, first.Sequence, first.DeploymentID = kept(first.Deadline), kept(first.Changed), 1, 1
	require.Equal(s, first, got)

	second := approve(s, wsus.Approval{UpdateID: update(9), Group: update(2)})
	require.Equal(s, wsus.Approval{UpdateID: update(9), Group: update(2), Sequence: 2, DeploymentID: 2}, second, "no deadline is no time")

	// Another decision about the same is a new one in the order, not another deployment.
	s.reopen()
	first.Action = 2
	got = approve(s, first)
	first.Sequence = 3
	require.Equal(s, first, got)

	s.reopen()
	third := approve(s, wsus.Approval{UpdateID: update(1), Group: update(1)})
	require.Equal(s, int64(4), third.Sequence)
	require.Equal(s, int32(3), third.DeploymentID)

	s.reopen()
	all, err = s.store.Approvals(s.Context())
	require.NoError(s, err)
	require.Equal(s, []wsus.Approval{second, first, third}, all)
}

// Sequence numbers do not repeat and have no gap; deployment ids belong to one (update, group) each.
func wsusApprovalsAtOnce(s *subject[wsus.Store]) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	sequences := map[int64]bool{}
	deployments := map[int32]uuid.UUID{}
	for writer := range 8 {
		wg.Go(func() {
			for i := range 20 {
				a, err := s.store.PutApproval(s.Context(), wsus.Approval{UpdateID: update((writer + i) % 10)})
				mu.Lock()
				if owner, known := deployments[a.DeploymentID]; err != nil || sequences[a.Sequence] || known && owner != a.UpdateID {
					s.Errorf("%+v, %v", a, err)
				}
				sequences[a.Sequence], deployments[a.DeploymentID] = true, a.UpdateID
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Len(s, sequences, 160)
	require.True(s, sequences[1] && sequences[160])
	require.Len(s, deployments, 10)
	s.reopen()
	require.Equal(s, int64(161), approve(s, wsus.Approval{UpdateID: update(3)}).Sequence)
	require.Equal(s, int32(11), approve(s, wsus.Approval{UpdateID: update(11)}).DeploymentID)
}

func wsusGroups(s *subject[wsus.Store]) {
	groups, err := s.store.Groups(s.Context())
	require.NoError(s, err)
	require.Empty(s, groups)
	pilot := wsus.TargetGroup{ID: update(2), Name: "Pilot"}
	ring := wsus.TargetGroup{ID: update(1), Name: "Ring ÄÖ"}
	for _, g := range []wsus.TargetGroup{ring, {ID: update(2), Name: "PILOT"}, pilot, pilot} {
		require.NoError(s, s.store.PutGroup(s.Context(), g), "its own name is free")
	}
	s.reopen()
	for _, name := range []string{"pilot", "RING äö"} {
		require.ErrorIs(s, s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(3), Name: name}), wsus.ErrConflict)
	}
	require.ErrorIs(s, s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(1), Name: "pilot"}), wsus.ErrConflict)
	groups, err = s.store.Groups(s.Context())
	require.NoError(s, err)
	require.Equal(s, []wsus.TargetGroup{pilot, ring}, groups)

	require.NoError(s, s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(2), Name: "Test"}))
	require.NoError(s, s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(3), Name: "pilot"}), "the name is free again")
}

func wsusDecisionsCancelled(s *subject[wsus.Store]) {
	_, err := s.store.PutApproval(cancelled(), wsus.Approval{UpdateID: update(1)})
	require.ErrorIs(s, err, context.Canceled)
	require.ErrorIs(s, s.store.PutGroup(cancelled(), wsus.TargetGroup{ID: update(1)}), context.Canceled)
	_, err = s.store.Approvals(cancelled())
	require.ErrorIs(s, err, context.Canceled)
	_, err = s.store.Groups(cancelled())
	require.ErrorIs(s, err, context.Canceled)
	require.Equal(s, int64(1), approve(s, wsus.Approval{UpdateID: update(1)}).Sequence)
}
