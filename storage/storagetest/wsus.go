package storagetest

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

// WSUS tests a wsus.Store.
func WSUS(t *testing.T, open Open[wsus.Store], f Features) {
	cases(t, open, f, map[string]func(*subject[wsus.Store]){
		"identity":             wsusIdentity,
		"computers":            wsusComputers,
		"computers cancelled":  wsusComputersCancelled,
		"computers break off":  wsusComputersBreakOff,
		"many computers":       wsusManyComputers,
		"approvals":            wsusApprovals,
		"approvals at once":    wsusApprovalsAtOnce,
		"groups":               wsusGroups,
		"regrouped":            wsusRegrouped,
		"memberships":          wsusMemberships,
		"decisions at once":    wsusDecisionsAtOnce,
		"rules":                wsusRules,
		"licenses":             wsusLicenses,
		"configuration":        wsusConfiguration,
		"subscription":         wsusSubscription,
		"left out":             wsusLeftOut,
		"decisions cancelled":  wsusDecisionsCancelled,
		"events":               wsusEvents,
		"event batches":        wsusEventBatches,
		"events at once":       wsusEventsAtOnce,
		"machines":             wsusMachines,
		"deleted computers":    wsusDeletedComputers,
		"reports":              wsusReports,
		"many statuses":        wsusManyStatuses,
		"reports cancelled":    wsusReportsCancelled,
		"everybody at once":    wsusEverybodyAtOnce,
		"catalogue is durable": wsusCatalog,
	})
}

func wsusIdentity(s *subject[wsus.Store]) {
	_, err := s.store.Identity(s.Context())
	require.ErrorIs(s, err, wsus.ErrNotFound)
	require.ErrorIs(s, s.store.PutIdentity(cancelled(), wsus.Identity{}), context.Canceled)
	_, err = s.store.Identity(s.Context())
	require.ErrorIs(s, err, wsus.ErrNotFound)

	id := wsus.Identity{ServerID: update(1), CookieKey: []byte("01234567890123456789012345678901"), ConfigChanged: at,
		Setup: wsus.Setup{UsingSSL: true, ServerCertificateName: "wsus01.lab.example", PortNumber: 8531}}
	require.NoError(s, s.store.PutIdentity(s.Context(), wsus.Identity{ServerID: update(2)}))
	require.NoError(s, s.store.PutIdentity(s.Context(), id))
	s.reopen()
	got, err := s.store.Identity(s.Context())
	require.NoError(s, err)
	id.ConfigChanged = kept(at)
	require.Equal(s, id, got)
	got.CookieKey[0] = 'X'
	again, err := s.store.Identity(s.Context())
	require.NoError(s, err)
	require.Equal(s, id, again)
	_, err = s.store.Identity(cancelled())
	require.ErrorIs(s, err, context.Canceled)
}

func computer(n int) wsus.Computer {
	return wsus.Computer{ID: fmt.Sprintf("%05d", n), DNSName: "ws.lab.example", RequestedGroup: "Pilot", Registered: true, OSVersion: "10.0.19045",
		ServicePack: "1.0", OSLocale: "de-DE", OSDescription: "Windows 10 'Pro'", Architecture: "amd64", ProductType: 1, NewProductType: 48,
		SuiteMask: 256, Manufacturer: "M", Model: "\x00", BIOSName: "B", BIOSVersion: "1.2", BIOSReleaseDate: at.AddDate(-4, 0, 0),
		ClientVersion: "10.0", IPAddress: "192.0.2.7", FirstContact: at.Add(1), LastContact: at, LastSyncTime: at.Add(time.Hour),
		SyncedVersion: 1 << 40, InstalledNonLeaf: []int32{1, 300, 2147483647, -1}, LastReportedStatusTime: at.Add(time.Minute), StatusVersion: 7,
		FormerHardware: "0a", HardwareChanged: at.Add(time.Second)}
}

// keptComputer is what a store makes of a computer.
func keptComputer(c wsus.Computer) wsus.Computer {
	for _, t := range []*time.Time{&c.BIOSReleaseDate, &c.FirstContact, &c.LastContact, &c.LastSyncTime, &c.LastReportedStatusTime, &c.HardwareChanged} {
		*t = kept(*t)
	}
	return c
}

func wsusComputers(s *subject[wsus.Store]) {
	_, err := s.store.Computer(s.Context(), "00001")
	require.ErrorIs(s, err, wsus.ErrNotFound)
	require.Empty(s, collect(s, s.store.Computers(s.Context())))
	require.NoError(s, s.store.PutComputers(s.Context()))

	require.NoError(s, s.store.PutComputers(s.Context(), wsus.Computer{ID: "00002"}, wsus.Computer{ID: "00001"}, wsus.Computer{ID: "Z"}))
	require.NoError(s, s.store.PutComputers(s.Context(), wsus.Computer{ID: "00001", Model: "first"}, computer(1)))
	s.reopen()
	want := keptComputer(computer(1))
	got, err := s.store.Computer(s.Context(), "00001")
	require.NoError(s, err)
	require.Equal(s, want, got)
	require.Equal(s, []wsus.Computer{want, {ID: "00002"}, {ID: "Z"}}, collect(s, s.store.Computers(s.Context())))
}

func wsusComputersCancelled(s *subject[wsus.Store]) {
	require.ErrorIs(s, s.store.PutComputers(cancelled(), computer(1)), context.Canceled)
	require.Empty(s, collect(s, s.store.Computers(s.Context())))
	require.NoError(s, s.store.PutComputers(s.Context(), computer(1)))
	_, err := s.store.Computer(cancelled(), "00001")
	require.ErrorIs(s, err, context.Canceled)
	endsWith(s, context.Canceled, s.store.Computers(cancelled()))

	ctx, cancel := context.WithCancel(s.Context())
	defer cancel()
	for range s.store.Computers(ctx) {
		cancel() // in the middle: the sequence ends, with or without the error
	}
}

func wsusComputersBreakOff(s *subject[wsus.Store]) {
	require.NoError(s, s.store.PutComputers(s.Context(), computer(1), computer(2), computer(3)))
	for range 50 {
		next, stop := iter.Pull2(s.store.Computers(s.Context()))
		s.Cleanup(stop) // not yet
		c, err, _ := next()
		require.NoError(s, err)
		c.Model = "changed"
		require.NoError(s, s.store.PutComputers(s.Context(), c))
	}
	require.Len(s, collect(s, s.store.Computers(s.Context())), 3)
}

func wsusManyComputers(s *subject[wsus.Store]) {
	const many = 3000
	var all []wsus.Computer
	for i := range many {
		all = append(all, computer(many-1-i))
	}
	require.NoError(s, s.store.PutComputers(s.Context(), all...))
	s.reopen()
	got := collect(s, s.store.Computers(s.Context()))
	require.Len(s, got, many)
	for i, c := range got {
		require.Equal(s, fmt.Sprintf("%05d", i), c.ID)
	}
}

// The catalogue's volume behaves like a folder, and is in the store's.
func wsusCatalog(s *subject[wsus.Store]) {
	volume := s.store.Catalog()
	_, err := volume.Open("segment")
	require.ErrorIs(s, err, fs.ErrNotExist)
	segment, err := volume.Append("segment.new")
	require.NoError(s, err)
	_, err = io.WriteString(segment, "fragments")
	require.NoError(s, err)
	require.NoError(s, segment.Sync())
	require.NoError(s, segment.Close())
	require.NoError(s, volume.Rename("segment.new", "segment"))
	require.NoError(s, volume.SyncDir())
	s.reopen()
	r, err := s.store.Catalog().Open("segment")
	require.NoError(s, err)
	text, err := io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
	require.NoError(s, err)
	require.NoError(s, r.Close())
	require.Equal(s, "fragments", string(text))
}

// All kinds of writes go on at once; each is there when it has been acknowledged.
func wsusEverybodyAtOnce(s *subject[wsus.Store]) {
	var wg sync.WaitGroup
	check := func(err error) {
		if err != nil {
			s.Error(err)
		}
	}
	for writer := range 8 {
		wg.Go(func() {
			for i := range 10 {
				n := writer*10 + i
				check(s.store.PutComputers(s.Context(), computer(n)))
				_, err := s.store.Computer(s.Context(), computer(n).ID)
				check(err)
				_, err = s.store.PutGroup(s.Context(), wsus.TargetGroup{ID: update(n), Name: fmt.Sprint("group ", n)})
				check(err)
				_, err = s.store.PutApprovals(s.Context(), wsus.Approval{UpdateID: update(n), Group: update(n), Changed: time.Now()})
				check(err)
				_, err = s.store.AppendEvents(s.Context(), wsus.Event{ID: uuid.New(), ComputerID: "a"})
				check(err)
			}
		})
	}
	wg.Wait()
	s.reopen()
	require.Len(s, collect(s, s.store.Computers(s.Context())), 80)
	require.Len(s, collect(s, s.store.Events(s.Context(), "a")), 80)
}
