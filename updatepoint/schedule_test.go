package updatepoint_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// A success that was dated by a clock years ahead delays the next synchronization by no more than one interval, and the schedule goes on
// from there.
func TestScheduleAfterAClockThatWasAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		elsewhere := newHost()
		far, dial := memoryServer(t, elsewhere)
		defer far()
		store, kept := newRecords(), newReports()
		open := func(now func() time.Time) *updatepoint.Site {
			site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: store, Compliance: kept,
				SyncInterval: 24 * time.Hour, Now: now})
			require.NoError(t, err)
			_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: elsewhere.remote, Ports: ports.Custom, Dial: dial})
			require.NoError(t, err)
			return site
		}
		ahead := open(func() time.Time { return time.Now().AddDate(10, 0, 0) })
		require.NoError(t, ahead.Synchronize(t.Context()))

		site := open(time.Now)
		elsewhere.set(update(1, "One"))
		end := run(t, site)
		time.Sleep(24*time.Hour + time.Minute)
		require.EqualValues(t, 2, contentVersion(t, site))
		elsewhere.set(update(2, "Two"))
		time.Sleep(24 * time.Hour)
		require.EqualValues(t, 3, contentVersion(t, site))
		require.NoError(t, end())
	})
}
