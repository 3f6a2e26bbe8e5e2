package storagetest

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

// A client id's machines are found by it, and those of ids that begin alike are not among them.
func wsusMachines(s *subject[wsus.Store]) {
	ids := []string{"ab", "ab#1", "ab#ff", "ab-1", "abc", "a", "a#1", "ab0"}
	for _, id := range ids {
		require.NoError(s, s.store.PutComputers(s.Context(), wsus.Computer{ID: id}))
	}
	s.reopen()
	for client, want := range map[string][]string{"ab": {"ab", "ab#1", "ab#ff"}, "a": {"a", "a#1"}, "abc": {"abc"}, "b": nil, "": nil} {
		machines, err := s.store.Machines(s.Context(), client)
		require.NoError(s, err)
		var got []string
		for _, c := range machines {
			got = append(got, c.ID)
		}
		require.Equal(s, want, got, client)
	}
	_, err := s.store.Machines(cancelled(), "ab")
	require.ErrorIs(s, err, context.Canceled)
}

func status(computer string, n int, state wsus.UpdateInstallationState) wsus.Status {
	return wsus.Status{ComputerID: computer, UpdateID: update(n), State: state, Changed: at}
}

func keptStatuses(list ...wsus.Status) []wsus.Status {
	for i := range list {
		list[i].Changed = kept(list[i].Changed)
	}
	return list
}

func wsusReports(s *subject[wsus.Store]) {
	require.Empty(s, collect(s, s.store.Statuses(s.Context(), "")))
	require.NoError(s, s.store.PutReport(s.Context(), wsus.Report{Computer: computer(2), Events: []wsus.Event{event(1, "00002")},
		Statuses: []wsus.Status{status("00002", 9, wsus.Failed), status("00002", 3, wsus.NotInstalled)}}))
	again := computer(2)
	again.StatusVersion, again.InstalledNonLeaf = 8, nil
	s.reopen()
	require.NoError(s, s.store.PutReport(s.Context(), wsus.Report{Computer: again, Events: []wsus.Event{event(1, "00002"), event(2, "00002")},
		Statuses: []wsus.Status{status("00002", 3, wsus.Installed)}}))
	require.NoError(s, s.store.PutReport(s.Context(), wsus.Report{Computer: wsus.Computer{ID: "00001"},
		Statuses: []wsus.Status{status("00001", 7, wsus.InstalledPendingReboot)}}))
	s.reopen()
	require.Equal(s, []int{1, 2}, arrived(s, "00002"))
	require.Equal(s, []wsus.Computer{{ID: "00001"}, keptComputer(again)}, collect(s, s.store.Computers(s.Context())))
	second := keptStatuses(status("00002", 3, wsus.Installed), status("00002", 9, wsus.Failed))
	require.Equal(s, second, collect(s, s.store.Statuses(s.Context(), "00002")))
	require.Equal(s, append(keptStatuses(status("00001", 7, wsus.InstalledPendingReboot)), second...), collect(s, s.store.Statuses(s.Context(), "")))
	require.Empty(s, collect(s, s.store.Statuses(s.Context(), "0000")))
}

func wsusDeletedComputers(s *subject[wsus.Store]) {
	for _, id := range []string{"a", "b", "c"} {
		require.NoError(s, s.store.PutReport(s.Context(), wsus.Report{Computer: wsus.Computer{ID: id}, Events: []wsus.Event{event(int(id[0]), id)},
			Statuses: []wsus.Status{status(id, 1, wsus.Installed)}}))
	}
	require.ErrorIs(s, s.store.DeleteComputers(cancelled(), "a"), context.Canceled)
	require.NoError(s, s.store.DeleteComputers(s.Context(), "a", "nobody", "c"))
	require.NoError(s, s.store.DeleteComputers(s.Context()))
	s.reopen()
	require.Equal(s, []wsus.Computer{{ID: "b"}}, collect(s, s.store.Computers(s.Context())))
	require.Equal(s, keptStatuses(status("b", 1, wsus.Installed)), collect(s, s.store.Statuses(s.Context(), "")))
	require.Len(s, arrived(s, ""), 3, "what it reported stays")
	machines, err := s.store.Machines(s.Context(), "a")
	require.NoError(s, err)
	require.Empty(s, machines)
}

func wsusManyStatuses(s *subject[wsus.Store]) {
	const many = 5010 // for each of three computers: more than a page for each, and for all
	var want []wsus.Status
	for _, id := range []string{"a", "b", "c"} {
		var rows []wsus.Status
		for n := range many {
			rows = append(rows, status(id, n, wsus.UpdateInstallationState(n%7)))
		}
		require.NoError(s, s.store.PutReport(s.Context(), wsus.Report{Computer: wsus.Computer{ID: id}, Statuses: rows}))
		want = append(want, keptStatuses(rows...)...)
	}
	s.reopen()
	require.Equal(s, want[many:2*many], collect(s, s.store.Statuses(s.Context(), "b")))
	require.Equal(s, want, collect(s, s.store.Statuses(s.Context(), "")))
}

func wsusReportsCancelled(s *subject[wsus.Store]) {
	require.ErrorIs(s, s.store.PutReport(cancelled(), wsus.Report{Computer: computer(1), Events: []wsus.Event{event(1, "a")},
		Statuses: []wsus.Status{status("00001", 1, wsus.Failed)}}), context.Canceled)
	require.Empty(s, collect(s, s.store.Computers(s.Context())))
	require.Empty(s, collect(s, s.store.Statuses(s.Context(), "")))
	require.Empty(s, arrived(s, ""))
	endsWith(s, context.Canceled, s.store.Statuses(cancelled(), ""))
	_, err := s.store.KnownEvents(cancelled(), update(1))
	require.ErrorIs(s, err, context.Canceled)
}
