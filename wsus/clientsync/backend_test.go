package clientsync_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/xpress"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

const clientID = "4d2c1f6e-0b1a-4c55-9a77-3f0e5d1c2b3a"

// start is the time at which the tests' server was configured and their clock begins.
var start = time.Date(2026, 3, 1, 9, 30, 0, 120_000_000, time.UTC)

// memory is a Backend of maps. Its answers are set by the tests.
type memory struct {
	mu         sync.Mutex
	config     clientsync.Config
	now        time.Time
	registered map[string]clientsync.ComputerInfo
	groups     []uuid.UUID
	events     []clientsync.ReportingEvent
	bearers    []clientsync.Bearer         // of the calls
	params     []clientsync.SyncParameters // of Sync
	queries    []clientsync.ExtendedQuery
	queries2   []clientsync.ExtendedQuery2
	printers   []clientsync.PrinterParameters
	info       clientsync.SyncInfo
	anchor     int64
	refreshed  []clientsync.RefreshedRevision
	extended   clientsync.ExtendedInfo
	extended2  clientsync.ExtendedInfo2
	locations  []clientsync.FileLocation
	categories []clientsync.CategoryRelationship // of CategoryScan
	scan       clientsync.CategoryScan
	fail       error // of every call that can fail
	syncFail   error // of Sync
	onSync     func()
}

func newMemory() *memory {
	key := sha256.Sum256([]byte("a key for tests"))
	return &memory{
		config: clientsync.Config{ServerID: uuid.MustParse("0b8f7d62-6f0d-4f7e-9c52-0e4f3c8a9b10"), CookieKey: key[:], LastChange: start},
		now:    start, registered: map[string]clientsync.ComputerInfo{}, anchor: 1,
		groups: []uuid.UUID{uuid.MustParse("a0a08746-4dbe-4a37-9adf-9e7652c0b421")},
	}
}

func (m *memory) clock() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *memory) change(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

func (m *memory) Config(context.Context) clientsync.Config {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.config
}

func (m *memory) Authorize(context.Context, string, string, string) ([]uuid.UUID, error) {
	return m.groups, m.fail
}

func (m *memory) Registered(_ context.Context, b clientsync.Bearer) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.registered[b.ID]
	return ok, nil
}

func (m *memory) Register(_ context.Context, b clientsync.Bearer, info clientsync.ComputerInfo) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.registered[b.ID] = info
	return m.fail
}

func (m *memory) Sync(_ context.Context, b clientsync.Bearer, p clientsync.SyncParameters) (clientsync.SyncInfo, int64, error) {
	if m.onSync != nil {
		m.onSync()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bearers, m.params = append(m.bearers, b), append(m.params, kept(p))
	return m.info, m.anchor, cmp.Or(m.syncFail, m.fail)
}

// kept are parameters that outlive the call: the handler's lists do not.
func kept(p clientsync.SyncParameters) clientsync.SyncParameters {
	for _, list := range []*[]int32{&p.InstalledNonLeafUpdateIDs, &p.OtherCachedUpdateIDs, &p.CachedDriverIDs} {
		*list = append([]int32(nil), *list...)
	}
	return p
}

func (m *memory) Refresh(_ context.Context, b clientsync.Bearer, ids []clientsync.UpdateIdentity) ([]clientsync.RefreshedRevision, error) {
	var known []clientsync.RefreshedRevision
	for _, r := range m.refreshed {
		if slices.Contains(ids, r.GlobalID) {
			known = append(known, r)
		}
	}
	return known, m.fail
}

func (m *memory) Extended(_ context.Context, b clientsync.Bearer, q clientsync.ExtendedQuery) (clientsync.ExtendedInfo, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bearers, m.queries = append(m.bearers, b), append(m.queries, q)
	return m.extended, m.fail
}

func (m *memory) Extended2(_ context.Context, b clientsync.Bearer, q clientsync.ExtendedQuery2) (clientsync.ExtendedInfo2, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bearers, m.queries2 = append(m.bearers, b), append(m.queries2, q)
	return m.extended2, m.fail
}

func (m *memory) Printers(_ context.Context, b clientsync.Bearer, p clientsync.PrinterParameters) (clientsync.SyncInfo, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bearers, m.printers = append(m.bearers, b), append(m.printers, p)
	return m.info, m.anchor, m.fail
}

func (m *memory) Locations(_ context.Context, b clientsync.Bearer, digests [][20]byte) ([]clientsync.FileLocation, error) {
	var known []clientsync.FileLocation
	for _, l := range m.locations {
		if slices.Contains(digests, l.FileDigest) {
			known = append(known, l)
		}
	}
	return known, m.fail
}

func (m *memory) CategoryScan(_ context.Context, requested []clientsync.CategoryRelationship) (clientsync.CategoryScan, error) {
	m.categories = requested
	return m.scan, m.fail
}

func (m *memory) Report(_ context.Context, b clientsync.Bearer, events []clientsync.ReportingEvent) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bearers, m.events = append(m.bearers, b), append(m.events, events...)
	return m.fail
}

// inProcess carries requests to a handler without a network and keeps the last of each.
type inProcess struct {
	handler http.Handler
	request []byte
	answer  []byte
	actions []string
}

func (p *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	p.request = slices.Clone(body.Bytes())
	r.Body = http.NoBody
	action := r.Header.Get("SOAPAction")
	p.actions = append(p.actions, action[lastSlash(action)+1:len(action)-1])
	served := httptest.NewRequest(r.Method, r.URL.String(), &body)
	served.Header = r.Header
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, served.WithContext(r.Context()))
	p.answer = slices.Clone(w.Body.Bytes())
	if w.Header().Get("Content-Encoding") == "xpress" {
		if message, err := xpress.Decode(nil, w.Body.Bytes(), 1<<24); err == nil {
			p.answer = message
		}
	}
	return w.Result(), nil
}

func lastSlash(s string) int { return bytes.LastIndexByte([]byte(s), '/') }

// answering is a handler with one answer for everything.
func answering(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

// connect makes a client of a handler.
func connect(t testing.TB, h http.Handler) (*clientsync.Client, *inProcess) {
	t.Helper()
	carrier := &inProcess{handler: h}
	client, err := clientsync.NewClient("http://wsus.example.test:8530/", &http.Client{Transport: carrier})
	require.NoError(t, err)
	return client, carrier
}

// serve makes a handler on the backend's clock.
func serve(m *memory, options ...clientsync.Option) *clientsync.Handler {
	return clientsync.NewHandler(m, append([]clientsync.Option{clientsync.WithClock(m.clock)}, options...)...)
}

// introduce gets what GetCookie wants.
func introduce(t testing.TB, client *clientsync.Client, m *memory, version string) clientsync.GetCookieParameters {
	t.Helper()
	ctx := context.Background()
	config, err := client.GetConfig(ctx, version)
	require.NoError(t, err)
	authorization, err := client.GetAuthorizationCookie(ctx, config.ServiceURL, clientID, "", "pc1.example.test")
	require.NoError(t, err)
	return clientsync.GetCookieParameters{
		AuthCookies: []clientsync.AuthorizationCookie{authorization},
		LastChange:  config.LastChange, CurrentTime: m.clock(), ProtocolVersion: version,
	}
}

// shakeHands gets a cookie and registers.
func shakeHands(t testing.TB, client *clientsync.Client, m *memory, version string) clientsync.Cookie {
	t.Helper()
	ctx := context.Background()
	cookie, err := client.GetCookie(ctx, introduce(t, client, m, version))
	require.NoError(t, err)
	require.NoError(t, client.RegisterComputer(ctx, cookie, computer()))
	return cookie
}
