package updatepoint_test

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const server = "wsus01.lab.example"

// records is an updatepoint.Store in memory. While broken is set, writes fail with it.
type records struct {
	mu     sync.Mutex
	values map[string][]byte
	broken error
}

func newRecords() *records { return &records{values: map[string][]byte{}} }

func (r *records) Get(_ context.Context, key string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, ok := r.values[key]
	if !ok {
		return nil, updatepoint.ErrNotFound
	}
	return slices.Clone(value), nil
}

func (r *records) Put(_ context.Context, records map[string][]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken != nil {
		return r.broken
	}
	for key, value := range records {
		if value == nil {
			delete(r.values, key)
			continue
		}
		r.values[key] = slices.Clone(value)
	}
	return nil
}

func (r *records) List(_ context.Context, prefix string) iter.Seq2[updatepoint.Record, error] {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []updatepoint.Record
	for _, key := range slices.Sorted(maps.Keys(r.values)) {
		if strings.HasPrefix(key, prefix) {
			found = append(found, updatepoint.Record{Key: key, Value: r.values[key]})
		}
	}
	return func(yield func(updatepoint.Record, error) bool) {
		for _, record := range found {
			if !yield(record, nil) {
				return
			}
		}
	}
}

func (r *records) breakWith(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = err
}

// snapshot is the whole content, to see that something changed nothing.
func (r *records) snapshot() map[string][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.values)
}

// reports is a compliance.Store in memory.
type reports struct {
	mu           sync.Mutex
	computers    map[string]compliance.Computer
	rows         []compliance.Row
	enforcements []compliance.Enforcement
}

func newReports() *reports { return &reports{computers: map[string]compliance.Computer{}} }

func (r *reports) Apply(_ context.Context, c compliance.Changes) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.computers[c.Computer.ID] = c.Computer
	r.rows = slices.DeleteFunc(r.rows, func(row compliance.Row) bool {
		return row.ComputerID == c.Computer.ID && (c.Reset || slices.ContainsFunc(c.Rows, func(n compliance.Row) bool {
			return n.UpdateID == row.UpdateID
		}))
	})
	r.rows = append(r.rows, c.Rows...)
	r.enforcements = slices.DeleteFunc(r.enforcements, func(e compliance.Enforcement) bool {
		return e.ComputerID == c.Computer.ID && (c.Reset || slices.ContainsFunc(c.Enforcements, func(n compliance.Enforcement) bool {
			return n.Type == e.Type && n.TopicID == e.TopicID
		}))
	})
	r.enforcements = append(r.enforcements, c.Enforcements...)
	return nil
}

func (r *reports) Computers(context.Context) iter.Seq2[compliance.Computer, error] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sequence(slices.SortedFunc(maps.Values(r.computers), func(a, b compliance.Computer) int { return cmp.Compare(a.ID, b.ID) }))
}

func (r *reports) States(_ context.Context, id string) iter.Seq2[compliance.Row, error] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sequence(slices.DeleteFunc(slices.Clone(r.rows), func(row compliance.Row) bool { return id != "" && row.ComputerID != id }))
}

func (r *reports) Enforcements(_ context.Context, id string) iter.Seq2[compliance.Enforcement, error] {
	r.mu.Lock()
	defer r.mu.Unlock()
	return sequence(slices.DeleteFunc(slices.Clone(r.enforcements), func(e compliance.Enforcement) bool { return id != "" && e.ComputerID != id }))
}

func sequence[T any](values []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, value := range values {
			if !yield(value, nil) {
				return
			}
		}
	}
}

// remote is a WSUS somewhere else, without a network behind it.
type remote struct {
	mu         sync.Mutex
	detection  updatepoint.Detection
	detectErr  error
	configErr  error
	syncErr    error
	version    int64
	updates    []updatepoint.Update
	configured []updatepoint.Configuration
}

func newRemote() *remote {
	return &remote{detection: updatepoint.Detection{Installed: true, Version: "10.0.17763.1"}, version: 1}
}

func (w *remote) Detect(context.Context) (updatepoint.Detection, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.detection, w.detectErr
}

func (w *remote) Configure(_ context.Context, c updatepoint.Configuration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.configured = append(w.configured, c)
	return w.configErr
}

func (w *remote) Synchronize(context.Context) (updatepoint.Content, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return updatepoint.Content{Version: strconv.FormatInt(w.version, 10)}, w.syncErr
}

func (w *remote) Updates(context.Context) iter.Seq2[updatepoint.Update, error] {
	w.mu.Lock()
	defer w.mu.Unlock()
	return sequence(slices.Clone(w.updates))
}

// set replaces the catalogue and raises its version.
func (w *remote) set(updates ...updatepoint.Update) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.updates, w.version = updates, w.version+1
}

func (w *remote) change(f func(*remote)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w)
}

// host is a remote that runs in this program: nine virtual roots that answer as they should, unless a fault is set.
type host struct {
	*remote
	broken map[string]int // status by root
}

func newHost() *host { return &host{remote: newRemote(), broken: map[string]int{}} }

func (h *host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	root, _, ok, err := ssl.FindRoot(r.URL)
	if err != nil || !ok {
		http.NotFound(w, r)
		return
	}
	h.mu.Lock()
	status, broken := h.broken[root.Name]
	settings := h.configured[len(h.configured)-1].SSL
	h.mu.Unlock()
	switch {
	case settings.Refuses(root, r.TLS != nil):
		http.Error(w, "403", http.StatusForbidden)
	case broken:
		w.WriteHeader(status)
	}
}

func (h *host) fail(root string, status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if status == 0 {
		delete(h.broken, root)
		return
	}
	h.broken[root] = status
}

var errDisk = errors.New("disk is gone")

// update makes an update whose id is its number.
func update(n byte, title string) updatepoint.Update {
	return updatepoint.Update{ID: id(n), Revision: 100, Title: title, KB: "50000" + string('0'+n%10), Classification: "Security Updates"}
}

func id(n byte) uuid.UUID { return uuid.UUID{0: 0xaa, 6: 0x40, 8: 0x80, 15: n} }

// newCA makes an authority for the server.
func newCA(t testing.TB) *ssl.CA {
	t.Helper()
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{server}})
	require.NoError(t, err)
	return ca
}

// newSite makes a site on stores of its own.
func newSite(t testing.TB, mode updatepoint.Mode) (*updatepoint.Site, *records) {
	t.Helper()
	store := newRecords()
	return openSite(t, mode, store, newReports()), store
}

func openSite(t testing.TB, mode updatepoint.Mode, store *records, compliance *reports) *updatepoint.Site {
	t.Helper()
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Mode: mode, Store: store, Compliance: compliance})
	require.NoError(t, err)
	return site
}

// withPoint adds a host as mixed-mode software update point that holds the given updates.
func withPoint(t testing.TB, site *updatepoint.Site, updates ...updatepoint.Update) *host {
	t.Helper()
	h := newHost()
	h.updates = updates
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom})
	require.NoError(t, err)
	require.NoError(t, site.Synchronize(t.Context()))
	return h
}

// addSecured adds a host with SSL required.
func addSecured(t testing.TB, site *updatepoint.Site, h *host) *ssl.CA {
	t.Helper()
	ca := newCA(t)
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{
		Server: server, WSUS: h, Ports: ports.Custom, SSL: ssl.Required(ca.GetCertificate)})
	require.NoError(t, err)
	return ca
}

// nobody is a Dial that reaches no one.
func nobody(context.Context, string, string) (net.Conn, error) { return nil, errDisk }
