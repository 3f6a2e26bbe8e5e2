package wsus_test

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	sample "github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/sqlite"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// victimName is the name in the server's certificate.
const victimName = "wsus01.lab.example"

// The computers that are registered before the attacks begin: the one that must go on working, and the one whose id the
// attacker has.
const (
	healthyID  = "3f0c9a52-6a0b-4f3e-8f5e-000000000001"
	attackerID = "3f0c9a52-6a0b-4f3e-8f5e-00000000000a"
)

// victim is a server as a site has it: SQLite and a content folder on disk, the sample catalogue, native mode, both ports on loopback.
type victim struct {
	server        *wsus.Server
	store         wsus.Store
	folder        string // of content
	ca            *ssl.CA
	plain, secure string // addresses
	log           *logLines
	ahead         atomic.Int64 // of the real time, in nanoseconds
	client        *http.Client
	healthy       *wua
	attacker      *wua
	before        state
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{folder: filepath.Join(t.TempDir(), "content"), log: &logLines{}}
	db, err := sqlite.Open(t.Context(), t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	files, err := content.Dir(v.folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, files.Close()) })
	v.store = db.WSUS()
	v.start(t, files)
	v.fill(t)
	return v
}

// start makes the server and serves it until the test ends.
func (v *victim) start(t *testing.T, files content.Store) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(v.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	now := func() time.Time { return time.Now().Add(time.Duration(v.ahead.Load())) }
	var err error
	v.server, err = wsus.NewServer(t.Context(), wsus.Config{Store: v.store, Content: files, Logger: log, Now: now})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.server.Close()) })
	v.ca, err = ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{victimName}})
	require.NoError(t, err)
	settings := ssl.Required(v.ca.GetCertificate)
	require.NoError(t, v.server.SetChannel(t.Context(), wsus.Channel{Name: victimName, Ports: ports.Custom, SSL: settings}))

	plain, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	v.plain, v.secure = plain.Addr().String(), secure.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- wsus.Serve(ctx, v.server, plain, secure, settings, log) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
}

// fill imports the catalogue, approves some of it, and lets two computers register and one report.
func (v *victim) fill(t *testing.T) {
	t.Helper()
	report, err := v.server.Import(t.Context(), sample.Files())
	require.NoError(t, err)
	require.Empty(t, report.Refused)
	group, err := v.server.CreateTargetGroup(t.Context(), "Pilot")
	require.NoError(t, err)
	for u, err := range v.server.Updates(t.Context(), wsus.Query{Classification: wsus.SecurityUpdates}) {
		require.NoError(t, err)
		require.NoError(t, v.server.Approve(t.Context(), u.ID, wsus.Install, group.ID))
	}
	v.client = v.newClient(t)
	v.healthy = v.shakeHands(t, healthyID, "Pilot")
	v.attacker = v.shakeHands(t, attackerID, "")
	received, err := v.healthy.ReportEventBatch(t.Context(), v.healthy.cookie, time.Now(), []clientsync.ReportingEvent{{
		TargetID: healthyID, EventInstanceID: uuid.New(), EventID: 147, SourceID: 1, TimeAtTarget: time.Now(), MiscData: []string{"D=3"}}})
	require.NoError(t, err)
	require.True(t, received)
	v.before = v.state(t)
	require.NotEmpty(t, v.before.updates)
	require.NotEmpty(t, v.before.approvals)
	require.NotEmpty(t, v.before.files)
	require.Len(t, v.before.computers, 2)
	require.Len(t, v.before.events, 1)
}

// shakeHands is a client at the secured port, as agents have it.
func (v *victim) shakeHands(t *testing.T, clientID, group string) *wua {
	t.Helper()
	return shakeHandsAt(t, "https://"+victimName+":8531", v.client, clientID, group, clientsync.Cookie{})
}

// newClient reaches the secured port by the server's name.
func (v *victim) newClient(t *testing.T) *http.Client {
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, v.secure)
		},
		TLSClientConfig: v.clientTLS(),
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func (v *victim) clientTLS() *tls.Config {
	return &tls.Config{RootCAs: v.ca.Pool(), ServerName: victimName}
}
