package clientsync_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// What one kind of question has told is not taken for told by the others, nor forgotten when a cookie is renewed.
func TestEachKindOfQuestionHasItsAnchor(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	ctx := t.Context()
	p, cookie := introduce(t, client, m, "2.90"), shakeHands(t, client, m, "2.90")

	ask := func(anchor int64, question func() (clientsync.SyncInfo, error)) {
		t.Helper()
		m.change(func() { m.anchor = anchor })
		info, err := question()
		require.NoError(t, err)
		cookie = info.NewCookie
	}
	software := func() (clientsync.SyncInfo, error) {
		return client.SyncUpdates(ctx, cookie, clientsync.SyncParameters{})
	}
	drivers := func() (clientsync.SyncInfo, error) {
		return client.SyncUpdates(ctx, cookie, clientsync.SyncParameters{SkipSoftwareSync: true})
	}
	printers := func() (clientsync.SyncInfo, error) {
		return client.SyncPrinterCatalog(ctx, cookie, clientsync.PrinterParameters{})
	}
	ask(1, software)
	ask(2, drivers)
	ask(3, printers)
	ask(4, software)
	p.OldCookie = cookie
	cookie, err := client.GetCookie(ctx, p)
	require.NoError(t, err)
	ask(5, software)

	var got [][3]int64
	for _, b := range m.bearers {
		got = append(got, [3]int64{b.Anchor, b.DriverAnchor, b.PrinterAnchor})
	}
	require.Equal(t, [][3]int64{{0, 0, 0}, {1, 0, 0}, {1, 2, 0}, {1, 2, 3}, {4, 2, 3}}, got)
}

// What a scan for some categories has told counts in further scans for the same ones, also after a renewal, and for nothing else.
func TestCategoryScansHaveTheirAnchor(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	ctx := t.Context()
	p, cookie := introduce(t, client, m, "2.90"), shakeHands(t, client, m, "2.90")
	one, other := []uuid.UUID{{1}}, []uuid.UUID{{1}, {2}}
	for step, c := range []struct {
		categories []uuid.UUID
		drivers    bool
		want       [3]int64 // Anchor, DriverAnchor and ScanAnchor that the backend is asked with
	}{
		{categories: one, want: [3]int64{0, 0, 0}},
		{categories: one, want: [3]int64{0, 0, 1}},
		{want: [3]int64{0, 0, 0}},
		{categories: one, want: [3]int64{3, 0, 0}},
		{drivers: true, want: [3]int64{3, 0, 0}},
		{categories: one, want: [3]int64{3, 5, 4}},
		{categories: other, want: [3]int64{3, 5, 0}},
		{categories: other, want: [3]int64{3, 5, 7}},
		{categories: one, want: [3]int64{3, 5, 0}},
		{want: [3]int64{3, 5, 0}},
		{categories: one, want: [3]int64{10, 5, 0}},
	} {
		m.change(func() { m.anchor = int64(step + 1) })
		info, err := client.SyncUpdates(ctx, cookie, clientsync.SyncParameters{SkipSoftwareSync: c.drivers, FilterCategoryIDs: c.categories})
		require.NoError(t, err)
		b := m.bearers[len(m.bearers)-1]
		require.Equal(t, c.want, [3]int64{b.Anchor, b.DriverAnchor, b.ScanAnchor}, "step %d", step+1)
		p.OldCookie = info.NewCookie
		cookie, err = client.GetCookie(ctx, p)
		require.NoError(t, err)
	}
}
