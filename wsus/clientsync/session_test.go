package clientsync_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
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
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment}})
	require.NoError(t, err)
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

func TestClientErrors(t *testing.T) {
	ctx := context.Background()
	for _, url := range []string{"", "wsus.example", "ftp://wsus.example", "http://", "http://a:b@wsus.example", "http://wsus.example/?q", ":"} {
		_, err := clientsync.NewClient(url, nil)
		require.Error(t, err, url)
	}
	ask := func(h http.Handler) error {
		client, _ := connect(t, h)
		_, err := client.GetConfig(ctx, "1.8")
		return err
	}
	var status *clientsync.StatusError
	require.ErrorAs(t, ask(answering(403, "text/plain; charset=utf-8", "use https")), &status)
	require.Equal(t, 403, status.StatusCode)
	require.ErrorContains(t, status, "use https")
	require.ErrorAs(t, ask(answering(500, "text/html", "<html>oops</html>")), &status)
	require.Empty(t, status.Text)
	require.ErrorAs(t, ask(answering(500, "text/xml", envelope(clientsync.ClientNamespace, "GetConfigResponse", ""))), &status)
	require.ErrorContains(t, ask(answering(200, "text/xml", "<html>oops</html>")), "not an envelope")
	require.ErrorContains(t, ask(answering(200, "text/xml", envelope(clientsync.ClientNamespace, "GetCookieResponse", ""))), "GetCookieResponse")
	require.ErrorContains(t, ask(answering(200, "text/xml", envelope("urn:x", "GetConfigResponse", ""))), "urn:x")

	client, _ := connect(t, answering(200, "text/xml", envelope(clientsync.ClientNamespace, "GetConfigResponse", fmt.Sprintf("%2000d", 1))))
	client.MaxAnswer = 1000
	_, err := client.GetConfig(ctx, "1.8")
	require.ErrorContains(t, err, "the answer has more than 1000 bytes")

	for _, url := range []string{"http://evil.example/SimpleAuth.asmx", "//evil.example/x", "../x", "a/%2e%2e/x", "x?y"} {
		_, err := client.GetAuthorizationCookie(ctx, url, clientID, "", "pc1")
		require.ErrorContains(t, err, "not a plain path", url)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = client.GetConfig(canceled, "1.8")
	require.ErrorIs(t, err, context.Canceled)
}

// Faults of real servers are read, with their older spellings (MS-WUSP §2.2.2.4, §3.1.5.10).
func TestClientReadsFaults(t *testing.T) {
	fault := func(detail string) string {
		return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode>` +
			`<faultstring>Fault occurred</faultstring><faultactor>http://wsus.example/x.asmx</faultactor>` + detail + `</soap:Fault></soap:Body></soap:Envelope>`
	}
	id := uuid.New()
	for detail, want := range map[string]*clientsync.Fault{
		`<detail><ErrorCode>InvalidParameters</ErrorCode><Message>filter</Message><ID>` + id.String() + `</ID><Method>"urn:x/y"</Method></detail>`: {
			Code: clientsync.InvalidParameters, Message: "filter", ID: id, Method: `"urn:x/y"`},
		`<Detail><ErrorCode>FileLocationsChanged</ErrorCode></Detail>`: {Code: clientsync.FileLocationChanged},
		`<detail><ErrorCode>InvalidParameter</ErrorCode></detail>`:     {Code: clientsync.InvalidParameters},
		``: {Message: "Fault occurred"},
	} {
		client, _ := connect(t, answering(500, "text/xml", fault(detail)))
		_, err := client.GetConfig(context.Background(), "1.8")
		var got *clientsync.Fault
		require.ErrorAs(t, err, &got)
		require.Equal(t, want, got)
		require.True(t, clientsync.IsFault(err, want.Code))
	}
}
