package wsus_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// bubbleFile is the size of the one file that a bubble's server has.
const bubbleFile = 300 << 10

// bubble is a server in memory behind listeners in memory, for tests in which time is not real.
type bubble struct {
	server        *wsus.Server
	plain, secure *pipes
	file          string // its path
	client        *http.Client
}

// newBubble belongs into synctest.Test: its server and connections live there.
func newBubble(t *testing.T) *bubble {
	t.Helper()
	data := bytes.Repeat([]byte("update "), bubbleFile/7)
	doc := document{id: id(1), title: "large", deployable: true, file: fileElement("large.exe", data)}
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	report, err := server.Import(t.Context(), fstest.MapFS{"large.xml": {Data: []byte(doc.String())},
		"content/large.exe": {Data: data}})
	require.NoError(t, err)
	require.Equal(t, 1, report.Files, "%v %v", report.Missing, report.Refused)
	require.NotEqual(t, sha1.Sum(data), sha256.Sum256(data))
	ca, err := ssl.OpenCA(t.TempDir(), ssl.CAOptions{Names: []string{victimName}})
	require.NoError(t, err)
	settings := ssl.Required(ca.GetCertificate)
	require.NoError(t, server.SetChannel(t.Context(), wsus.Channel{Name: victimName, Ports: ports.Custom, SSL: settings}))

	b := &bubble{server: server, plain: newPipes(), secure: newPipes(),
		file: content.Path(content.Ref{SHA1: sha1.Sum(data), Name: "large.exe"})}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- wsus.Serve(ctx, server, b.plain, b.secure, settings, nil) }()
	t.Cleanup(func() {
		time.Sleep(10 * time.Second) // both ends of a TLS pipe say goodbye at once, and neither listens: that ends after 5 s
		stop()
		require.NoError(t, <-ended)
		require.NoError(t, server.Close())
	})
	transport := &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return b.secure.connect() },
		TLSClientConfig:   (&victim{ca: ca}).clientTLS(),
		DisableKeepAlives: true,
	}
	b.client = &http.Client{Transport: transport}
	return b
}

// requireWorks lets a new client shake hands and ask for its updates.
func (b *bubble) requireWorks(t *testing.T) {
	t.Helper()
	client := shakeHandsAt(t, "https://"+victimName+":8531", b.client, healthyID, "", clientsync.Cookie{})
	require.NotEmpty(t, client.sync(t, clientsync.SyncParameters{}).NewUpdates)
}

// requireNoConnection wants the server to have ended every connection to the plain port.
func (b *bubble) requireNoConnection(t *testing.T) {
	t.Helper()
	time.Sleep(time.Second) // for what runs in the bubble to come to rest
	require.Zero(t, b.plain.open.Load())
}

// pipes is a listener whose connections are pipes in memory.
type pipes struct {
	accept chan net.Conn
	done   chan struct{}
	closed atomic.Bool
	open   atomic.Int64 // connections that the server has not closed
}

func newPipes() *pipes { return &pipes{accept: make(chan net.Conn), done: make(chan struct{})} }

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.accept:
		p.open.Add(1)
		return &counted{Conn: conn, open: &p.open}, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	if !p.closed.Swap(true) {
		close(p.done)
	}
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

func (p *pipes) connect() (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.accept <- there:
		return here, nil
	case <-p.done:
		return nil, fmt.Errorf("connect: %w", net.ErrClosed)
	}
}

func (p *pipes) dial(t *testing.T) net.Conn {
	t.Helper()
	conn, err := p.connect()
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// counted tells when it is closed.
type counted struct {
	net.Conn
	open *atomic.Int64
	done atomic.Bool
}

func (c *counted) Close() error {
	if !c.done.Swap(true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}
