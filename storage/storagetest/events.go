package storagetest

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func event(n int, computer string) wsus.Event {
	return wsus.Event{ID: update(n), ComputerID: computer}
}

// arrived reads the numbers of a computer's events.
func arrived(s *subject[wsus.Store], computer string) []int {
	s.Helper()
	numbers := []int{}
	for _, e := range collect(s, s.store.Events(s.Context(), computer)) {
		numbers = append(numbers, int(e.ID[13])<<16|int(e.ID[14])<<8|int(e.ID[15]))
	}
	return numbers
}

func wsusEvents(s *subject[wsus.Store]) {
	full := wsus.Event{ID: update(5), ComputerID: "a", EventID: 147, SourceID: 1, At: at, Received: at, Unsealed: true, UpdateID: update(6), Revision: 201,
		HResult: -2145124329, AppName: "Device Driver Retrieval Client\x00", Replacement: []string{"", "\xff'", "\n"}, MiscData: []string{"D=x"}}
	n, err := s.store.AppendEvents(s.Context(), full, event(3, "b"), event(4, "a"), event(3, "c"))
	require.NoError(s, err)
	require.Equal(s, 3, n, "one twice in the batch")
	s.reopen()
	again := full
	again.EventID, again.MiscData = 1, []string{}
	n, err = s.store.AppendEvents(s.Context(), event(1, "a"), again)
	require.NoError(s, err)
	require.Equal(s, 1, n)
	n, err = s.store.AppendEvents(s.Context())
	require.NoError(s, err)
	require.Zero(s, n)

	s.reopen()
	require.Equal(s, []int{5, 3, 4, 1}, arrived(s, ""), "in the order of arrival")
	require.Equal(s, []int{5, 4, 1}, arrived(s, "a"))
	require.Empty(s, arrived(s, "c"))
	full.At, full.Received = kept(at), kept(at)
	require.Equal(s, full, collect(s, s.store.Events(s.Context(), "a"))[0])
	require.Equal(s, event(4, "a"), collect(s, s.store.Events(s.Context(), "a"))[1])

	known, err := s.store.KnownEvents(s.Context(), update(4), update(99), update(5))
	require.NoError(s, err)
	require.Equal(s, map[uuid.UUID]bool{update(4): true, update(5): true}, known)
}

func wsusEventBatches(s *subject[wsus.Store]) {
	const many = 3017
	var events []wsus.Event
	want := []int{}
	for i := range many {
		events = append(events, event(many-i, "a"))
		want = append(want, many-i)
	}
	n, err := s.store.AppendEvents(s.Context(), events...)
	require.NoError(s, err)
	require.Equal(s, many, n)
	n, err = s.store.AppendEvents(s.Context(), events...)
	require.NoError(s, err)
	require.Zero(s, n)
	s.reopen()
	require.Equal(s, want, arrived(s, ""))

	_, err = s.store.AppendEvents(cancelled(), event(many+1, "a"))
	require.ErrorIs(s, err, context.Canceled)
	endsWith(s, context.Canceled, s.store.Events(cancelled(), ""))
	endsWith(s, context.Canceled, s.store.Events(cancelled(), "a"))
	require.Len(s, arrived(s, ""), many)
}

// Of the same event from several requests, one is new.
func wsusEventsAtOnce(s *subject[wsus.Store]) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	added := 0
	for writer := range 8 {
		wg.Go(func() {
			for i := range 20 {
				n, err := s.store.AppendEvents(s.Context(), event(i, fmt.Sprint(writer)), event(1000+writer*20+i, "own"))
				mu.Lock()
				added += n
				mu.Unlock()
				if err != nil {
					s.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(s, 20+160, added)
	s.reopen()
	require.Len(s, arrived(s, ""), 180)
	require.Len(s, arrived(s, "own"), 160)
}
