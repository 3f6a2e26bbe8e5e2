package clientsync_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// A server that asks for time gets it, twice as long each time, half of it at random; then the fault is the caller's.
func TestSessionIsPatient(t *testing.T) {
	for _, code := range []clientsync.FaultCode{clientsync.ServerBusy, clientsync.InternalServerError} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory()
			s, _ := newSession(t, m)
			require.NoError(t, syncOnce(s)())
			random := 0.0
			var told []clientsync.Recovery
			s.Recovered = func(r clientsync.Recovery) { told = append(told, r) }
			s.Random = func() float64 { return random }
			s.Patience = clientsync.Patience{Retries: 4, Delay: 10 * time.Second, MaxDelay: 30 * time.Second}

			m.syncFail = &clientsync.Fault{Code: code}
			begin := time.Now()
			_, err := s.SyncUpdates(t.Context(), clientsync.SyncParameters{})
			requireFault(t, err, code)
			// Half of 10, 20, 30 and 30 seconds.
			require.Equal(t, 45*time.Second, time.Since(begin))
			require.Len(t, told, 4)
			require.Equal(t, clientsync.Recovery{Fault: told[3].Fault, Attempt: 4, Did: "wait for the server", Wait: 15 * time.Second}, told[3])

			random, begin = 0.5, time.Now()
			time.AfterFunc(20*time.Second, func() { m.change(func() { m.syncFail = nil }) })
			require.NoError(t, syncOnce(s)())
			require.Equal(t, 22500*time.Millisecond, time.Since(begin), "three quarters of 10 and of 20 seconds")

			m.change(func() { m.syncFail = &clientsync.Fault{Code: code} })
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err = s.SyncUpdates(ctx, clientsync.SyncParameters{})
			require.ErrorIs(t, err, context.DeadlineExceeded)
			requireFault(t, err, code)
		})
	}
}

// Files that have moved are asked for anew, once, and then the call is made again.
func TestSessionRelocates(t *testing.T) {
	m := newMemory()
	m.locations = []clientsync.FileLocation{location(t)}
	s, carrier := newSession(t, m)
	require.NoError(t, syncOnce(s)())
	var found []clientsync.FileLocation
	s.Relocate = func(ctx context.Context, s *clientsync.Session) (err error) {
		found, err = s.GetFileLocations(ctx, [][20]byte{location(t).FileDigest})
		m.change(func() { m.syncFail = nil })
		return err
	}
	m.syncFail = &clientsync.Fault{Code: clientsync.FileLocationChanged}
	require.Equal(t, []string{"SyncUpdates", "GetFileLocations", "SyncUpdates"}, calls(t, carrier, syncOnce(s)))
	require.Equal(t, m.locations, found)

	m.syncFail = &clientsync.Fault{Code: clientsync.FileLocationChanged}
	s.Relocate = func(context.Context, *clientsync.Session) error { return context.Canceled }
	require.ErrorIs(t, syncOnce(s)(), context.Canceled)
}

// Every round trip counts, also those of the handshake and of recoveries; at the bound nothing more goes over the wire.
func TestSessionCountsTrips(t *testing.T) {
	m := newMemory()
	s, carrier := newSession(t, m)
	s.MaxTrips = 9
	require.NoError(t, syncOnce(s)())
	require.Equal(t, 5, s.Trips, "the handshake and one call")
	m.change(func() { m.config.ServerID = uuid.New(); clear(m.registered) })
	carrier.actions = nil
	err := syncOnce(s)()
	require.ErrorIs(t, err, clientsync.ErrTooManyTrips)
	require.Equal(t, []string{"SyncUpdates", "GetConfig", "GetAuthorizationCookie", "GetCookie"}, carrier.actions)
	s.Trips = 0
	require.NoError(t, syncOnce(s)())
}

// What was done is told in words.
func TestSessionSaysWhatItDid(t *testing.T) {
	m := newMemory()
	s, _ := newSession(t, m)
	require.NoError(t, syncOnce(s)())
	var told []string
	s.Recovered = func(r clientsync.Recovery) { told = append(told, string(r.Fault.Code)+": "+r.Did) }
	m.change(func() {
		m.now = start.Add(time.Hour)
		m.config.LastChange = start.Add(time.Minute)
		clear(m.registered)
	})
	s.Now = func() time.Time { return start }
	require.NoError(t, syncOnce(s)())
	require.Equal(t, []string{
		"CookieExpired: authorization and cookie anew",
		"ConfigChanged: configuration, authorization and cookie anew",
		"RegistrationRequired: register the computer",
	}, told)
}
