package storagetest

import (
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func wsusSubscription(s *subject[wsus.Store]) {
	_, err := s.store.Subscription(s.Context())
	require.ErrorIs(s, err, wsus.ErrNotFound)
	for _, sub := range []wsus.Subscription{{Categories: []uuid.UUID{update(2), update(1)}, Classifications: []uuid.UUID{update(3)}},
		{Classifications: []uuid.UUID{update(4)}}, {}} {
		given := wsus.Subscription{Categories: append([]uuid.UUID(nil), sub.Categories...), Classifications: sub.Classifications}
		require.NoError(s, s.store.PutSubscription(s.Context(), given))
		if len(given.Categories) > 0 {
			given.Categories[0] = update(9) // what the caller does with its own afterwards
		}
		s.reopen()
		got, err := s.store.Subscription(s.Context())
		require.NoError(s, err)
		require.Equal(s, sub, got)
	}
}

func wsusLeftOut(s *subject[wsus.Store]) {
	first := wsus.LeftOut{UpdateID: update(1), Revision: 200, Title: "Updäte", Products: []uuid.UUID{update(7), update(6)},
		Classifications: []uuid.UUID{update(5)}}
	bare := wsus.LeftOut{UpdateID: update(2)}
	require.NoError(s, s.store.PutLeftOut(s.Context()))
	require.NoError(s, s.store.PutLeftOut(s.Context(), wsus.LeftOut{UpdateID: update(1), Title: "old"}))
	require.NoError(s, s.store.PutLeftOut(s.Context(), first, bare))
	s.reopen()
	for _, want := range []wsus.LeftOut{first, bare} {
		got, err := s.store.LeftOut(s.Context(), want.UpdateID)
		require.NoError(s, err)
		require.Equal(s, want, got)
	}
	_, err := s.store.LeftOut(s.Context(), update(3))
	require.ErrorIs(s, err, wsus.ErrNotFound)
}
