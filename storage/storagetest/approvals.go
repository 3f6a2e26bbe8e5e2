package storagetest

import (
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func approve(s *subject[wsus.Store], a wsus.Approval) wsus.Approval {
	s.Helper()
	got, err := s.store.PutApprovals(s.Context(), a)
	require.NoError(s, err)
	require.Len(s, got, 1)
	return got[0]
}

func wsusApprovals(s *subject[wsus.Store]) {
	all, err := s.store.Approvals(s.Context())
	require.NoError(s, err)
	require.Empty(s, all)

	first := wsus.Approval{UpdateID: update(9), Revision: 203, Group: update(1), Action: 1, Deadline: at.Add(time.Hour),
		AdministratorName: `LAB\Ünal 'x'`, CreationDate: at.Add(-time.Hour), Changed: at, Sequence: 77, DeploymentID: 77}
	got := approve(s, first)
	first.Deadline, first.CreationDate, first.Changed = kept(first.Deadline), kept(first.CreationDate), kept(first.Changed)
	first.Sequence, first.DeploymentID = 1, 1
	require.Equal(s, first, got)

	second := approve(s, wsus.Approval{UpdateID: update(9), Group: update(2)})
	require.Equal(s, wsus.Approval{UpdateID: update(9), Group: update(2), Sequence: 2, DeploymentID: 2}, second, "no deadline is no time")

	// Another decision about the same is a new one in the order, not another deployment.
	s.reopen()
	first.Action, first.Dead = 2, true
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

	// Several at once are numbered in their order.
	none, err := s.store.PutApprovals(s.Context())
	require.NoError(s, err)
	require.Empty(s, none)
	several, err := s.store.PutApprovals(s.Context(), wsus.Approval{UpdateID: update(1), Group: update(2)}, wsus.Approval{UpdateID: update(1), Group: update(1)})
	require.NoError(s, err)
	require.Equal(s, []int64{5, 6}, []int64{several[0].Sequence, several[1].Sequence})
	require.Equal(s, []int32{4, 3}, []int32{several[0].DeploymentID, several[1].DeploymentID})
	s.reopen()
	all, err = s.store.Approvals(s.Context())
	require.NoError(s, err)
	require.Equal(s, []wsus.Approval{second, first, several[0], several[1]}, all)
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
				put, err := s.store.PutApprovals(s.Context(), wsus.Approval{UpdateID: update((writer + i) % 10)})
				a := append(put, wsus.Approval{})[0]
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
