package clientsync_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// handshake is what comes before the first call (MS-WUSP §3.2).
var handshake = []string{"GetConfig", "GetAuthorizationCookie", "GetCookie", "RegisterComputer"}

func newSession(t testing.TB, m *memory) (*clientsync.Session, *inProcess) {
	t.Helper()
	client, carrier := connect(t, serve(m))
	return &clientsync.Session{Client: client, ClientID: clientID, DNSName: "pc1.example.test", Info: computer(), Now: m.clock}, carrier
}

// calls makes a call and answers which operations went over the wire for it.
func calls(t testing.TB, carrier *inProcess, call func() error) []string {
	t.Helper()
	carrier.actions = nil
	require.NoError(t, call())
	return carrier.actions
}

func syncOnce(s *clientsync.Session) func() error {
	return func() error {
		_, err := s.SyncUpdates(context.Background(), clientsync.SyncParameters{})
		return err
	}
}

func TestSessionShakesHandsOnce(t *testing.T) {
	m := newMemory()
	s, carrier := newSession(t, m)
	require.Equal(t, append(handshake, "SyncUpdates"), calls(t, carrier, syncOnce(s)))
	require.Equal(t, []string{"SyncUpdates"}, calls(t, carrier, syncOnce(s)))

	// State goes through JSON, as an agent keeps it.
	kept, err := json.Marshal(s.State)
	require.NoError(t, err)
	again, carrier := newSession(t, m)
	require.NoError(t, json.Unmarshal(kept, &again.State))
	require.Equal(t, []string{"SyncUpdates"}, calls(t, carrier, syncOnce(again)))

	again.Info.OSBuildNumber++
	require.Equal(t, []string{"RegisterComputer", "SyncUpdates"}, calls(t, carrier, syncOnce(again)))
	require.Equal(t, again.Info, m.registered[clientID])
}

// A program that has nothing to say of its computer need not repeat the name.
func TestSessionRegistersByItsName(t *testing.T) {
	m := newMemory()
	s, carrier := newSession(t, m)
	s.Info = clientsync.ComputerInfo{}
	require.Equal(t, append(handshake, "SyncUpdates"), calls(t, carrier, syncOnce(s)))
	require.Equal(t, clientsync.ComputerInfo{DNSName: s.DNSName}, m.registered[clientID])
	require.Equal(t, []string{"SyncUpdates"}, calls(t, carrier, syncOnce(s)))
}

// Each fault of MS-WUSP §2.2.2.4 has its recovery.
func TestSessionRecovers(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*memory)
		want   []string
	}{
		"ConfigChanged": {func(m *memory) { m.config.LastChange = start.Add(time.Minute) },
			[]string{"SyncUpdates", "GetConfig", "GetAuthorizationCookie", "GetCookie", "SyncUpdates"}},
		"ServerChanged": {func(m *memory) { m.config.ServerID = uuid.New(); clear(m.registered) },
			append(append([]string{"SyncUpdates"}, "GetConfig", "GetAuthorizationCookie", "GetCookie", "RefreshCache", "RegisterComputer"), "SyncUpdates")},
		"InvalidCookie": {func(m *memory) { m.config.CookieKey = make([]byte, 32) },
			append(append([]string{"SyncUpdates"}, "GetConfig", "GetAuthorizationCookie", "GetCookie", "RefreshCache", "RegisterComputer"), "SyncUpdates")},
		"RegistrationRequired": {func(m *memory) { clear(m.registered) }, []string{"SyncUpdates", "RegisterComputer", "SyncUpdates"}},
		"expired by the clock": {func(m *memory) { m.now = start.Add(time.Hour) }, []string{"GetAuthorizationCookie", "GetCookie", "SyncUpdates"}},
		"expired and changed": {func(m *memory) { m.now = start.Add(time.Hour); m.config.LastChange = start.Add(time.Minute) },
			[]string{"GetAuthorizationCookie", "GetCookie", "GetConfig", "GetAuthorizationCookie", "GetCookie", "SyncUpdates"}},
		"expired and moved": {func(m *memory) { m.now = start.Add(time.Hour); m.config.ServerID = uuid.New() },
			append([]string{"GetAuthorizationCookie", "GetCookie"}, "GetConfig", "GetAuthorizationCookie", "GetCookie", "RefreshCache", "RegisterComputer", "SyncUpdates")},
	} {
		t.Run(name, func(t *testing.T) {
			m := newMemory()
			s, carrier := newSession(t, m)
			s.Refresh = func(ctx context.Context, s *clientsync.Session) error {
				_, err := s.RefreshCache(ctx, []clientsync.UpdateIdentity{refreshedRevision().GlobalID})
				return err
			}
			require.NoError(t, syncOnce(s)())
			m.change(func() { test.change(m) })
			require.Equal(t, test.want, calls(t, carrier, syncOnce(s)))
		})
	}
}

// The client's clock may be behind: then the server tells.
func TestSessionWithASlowClock(t *testing.T) {
	m := newMemory()
	s, carrier := newSession(t, m)
	s.Now = func() time.Time { return start }
	m.anchor = 9
	require.NoError(t, syncOnce(s)())
	m.change(func() { m.now = start.Add(2 * time.Hour) })
	require.Equal(t, []string{"SyncUpdates", "GetAuthorizationCookie", "GetCookie", "SyncUpdates"}, calls(t, carrier, syncOnce(s)))
	require.Equal(t, int64(9), m.bearers[len(m.bearers)-1].Anchor, "the old cookie told what the client has seen")
}

// A server that answers the same fault again is not asked a third time.
func TestSessionGivesUp(t *testing.T) {
	for _, code := range []clientsync.FaultCode{clientsync.InvalidCookie, clientsync.ServerChanged, clientsync.ConfigChanged, clientsync.CookieExpired,
		clientsync.RegistrationRequired, clientsync.RegistrationNotRequired, clientsync.InvalidAuthorizationCookie} {
		t.Run(string(code), func(t *testing.T) {
			m := newMemory()
			m.syncFail = &clientsync.Fault{Code: code}
			s, carrier := newSession(t, m)
			_, err := s.SyncUpdates(t.Context(), clientsync.SyncParameters{})
			requireFault(t, err, code)
			asked := 0
			for _, action := range carrier.actions {
				if action == "SyncUpdates" {
					asked++
				}
			}
			require.Equal(t, 2, asked)
		})
	}
	for _, code := range []clientsync.FaultCode{clientsync.InvalidParameters, clientsync.InternalServerError, clientsync.ServerBusy, clientsync.FileLocationChanged} {
		m := newMemory()
		s, carrier := newSession(t, m)
		m.syncFail = &clientsync.Fault{Code: code}
		_, err := s.SyncUpdates(t.Context(), clientsync.SyncParameters{})
		requireFault(t, err, code)
		require.Equal(t, append(handshake, "SyncUpdates"), carrier.actions, "nothing to be done at once")
	}
}

// A refresh that failed is made again before the next call, also by a later process.
func TestSessionRefreshesUntilItSucceeds(t *testing.T) {
	m := newMemory()
	s, _ := newSession(t, m)
	require.NoError(t, syncOnce(s)())
	m.change(func() { m.config.ServerID = uuid.New() })
	broken, tries := errors.New("no room"), 0
	s.Refresh = func(context.Context, *clientsync.Session) error { tries++; return broken }
	require.ErrorIs(t, syncOnce(s)(), broken)
	require.ErrorIs(t, syncOnce(s)(), broken)

	kept, err := json.Marshal(s.State)
	require.NoError(t, err)
	again, _ := newSession(t, m)
	require.NoError(t, json.Unmarshal(kept, &again.State))
	again.Refresh = func(context.Context, *clientsync.Session) error { tries++; return nil }
	require.NoError(t, syncOnce(again)())
	require.NoError(t, syncOnce(again)())
	require.Equal(t, 3, tries)
}

// Long lists are cut as the server takes them, and the answers joined.
func TestSessionCutsLists(t *testing.T) {
	m := newMemory()
	m.config.MaxExtendedUpdates = 3
	m.extended = extendedInfo(t)
	m.locations = []clientsync.FileLocation{location(t)}
	m.refreshed = []clientsync.RefreshedRevision{refreshedRevision()}
	s, carrier := newSession(t, m)
	ctx := t.Context()

	info, err := s.GetExtendedUpdateInfo(ctx, clientsync.ExtendedQuery{RevisionIDs: []int32{1, 2, 3, 4, 5, 6, 7},
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment}, GeoID: "GBR"})
	require.NoError(t, err)
	require.Equal(t, "GBR", m.queries[2].GeoID)
	require.Equal(t, [][]int32{{1, 2, 3}, {4, 5, 6}, {7}}, [][]int32{m.queries[0].RevisionIDs, m.queries[1].RevisionIDs, m.queries[2].RevisionIDs})
	require.Len(t, info.Updates, 6)
	require.Equal(t, m.locations, info.FileLocations, "once")
	require.Equal(t, []int32{999, 999, 999}, info.OutOfScopeRevisionIDs)

	digests := make([][20]byte, 250)
	for i := range digests {
		digests[i] = [20]byte{byte(i), byte(i >> 8), 1}
	}
	digests[249] = location(t).FileDigest
	require.Equal(t, []string{"GetFileLocations", "GetFileLocations", "GetFileLocations"}, calls(t, carrier, func() error {
		locations, err := s.GetFileLocations(ctx, digests)
		require.Equal(t, m.locations, locations)
		return err
	}))
	ids := make([]clientsync.UpdateIdentity, 201)
	ids[200] = refreshedRevision().GlobalID
	require.Equal(t, []string{"RefreshCache", "RefreshCache"}, calls(t, carrier, func() error {
		refreshed, err := s.RefreshCache(ctx, ids)
		require.Equal(t, m.refreshed, refreshed)
		return err
	}))
	events := make([]clientsync.ReportingEvent, 150)
	for i := range events {
		events[i] = event()
		events[i].EventInstanceID = uuid.New()
	}
	require.Equal(t, []string{"ReportEventBatch", "ReportEventBatch"}, calls(t, carrier, func() error {
		received, err := s.ReportEventBatch(ctx, events)
		require.True(t, received)
		return err
	}))
	require.Equal(t, events, m.events)
}

func TestSessionCategoryScan(t *testing.T) {
	m := newMemory()
	m.scan = clientsync.CategoryScan{PreferredCategoryIDs: []uuid.UUID{{1}}}
	s, carrier := newSession(t, m)
	requested := []clientsync.CategoryRelationship{{IndexOfAndGroup: 1, CategoryID: uuid.UUID{1}}}
	require.Equal(t, []string{"GetConfig", "StartCategoryScan"}, calls(t, carrier, func() error {
		scan, err := s.StartCategoryScan(t.Context(), requested)
		require.Equal(t, m.scan, scan)
		return err
	}))
	require.Equal(t, requested, m.categories)

	for i, p := range s.State.Config.Properties {
		if p.Name == clientsync.ProtocolVersion {
			s.State.Config.Properties[i].Value = "3.1"
		}
	}
	_, err := s.StartCategoryScan(t.Context(), requested)
	require.ErrorIs(t, err, clientsync.ErrCategoryScan)
}

// A hostile or broken server gets few requests, whatever it answers.
func TestSessionAgainstAnyFault(t *testing.T) {
	for _, code := range []clientsync.FaultCode{"", "Nonsense", clientsync.InvalidCookie, clientsync.ServerChanged, clientsync.ConfigChanged,
		clientsync.CookieExpired, clientsync.RegistrationRequired, clientsync.RegistrationNotRequired, clientsync.InvalidAuthorizationCookie} {
		answer := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><detail><ErrorCode>` + string(code) +
			`</ErrorCode></detail></s:Fault></s:Body></s:Envelope>`
		client, carrier := connect(t, answering(500, "text/xml", answer))
		s := &clientsync.Session{Client: client, ClientID: clientID, DNSName: "pc1"}
		requireFault(t, syncOnce(s)(), code)
		require.LessOrEqual(t, len(carrier.actions), 2, code)
	}
}

// A Refresh that hides that it failed does no harm.
func TestSessionWithACarelessRefresh(t *testing.T) {
	m := newMemory()
	s, _ := newSession(t, m)
	require.NoError(t, syncOnce(s)())
	m.change(func() { m.config.ServerID = uuid.New() })
	s.Refresh = func(_ context.Context, s *clientsync.Session) error {
		s.State = clientsync.SessionState{}
		return nil
	}
	require.NoError(t, syncOnce(s)())
}
