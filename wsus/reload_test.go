package wsus_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// rotation is a certificate in files that is renewed by one authority.
type rotation struct {
	t        *testing.T
	folder   string
	crt, key string
}

func (r rotation) authority() *ssl.CA {
	ca, err := ssl.OpenCA(filepath.Join(r.folder, "ca"), ssl.CAOptions{Names: []string{"wsus01.lab.example"}})
	require.NoError(r.t, err)
	return ca
}

// issue returns a new certificate as the content of its two files, and its serial number.
func (r rotation) issue() (certificate, key []byte, serial string) {
	c, err := r.authority().GetCertificate(&tls.ClientHelloInfo{})
	require.NoError(r.t, err)
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	require.NoError(r.t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Certificate[0]}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), c.Leaf.SerialNumber.String()
}

// replace renames a whole new file over the old one.
func (r rotation) replace(path string, content []byte) {
	require.NoError(r.t, os.WriteFile(path+".new", content, 0o600))
	require.NoError(r.t, os.Rename(path+".new", path))
}

// load counts what the clients of a server saw.
type load struct {
	t    *testing.T
	mu   sync.Mutex
	seen map[string]int // answers by serial number
	lost []error
}

func (l *load) get(client *http.Client) {
	err := func() error {
		answer, err := client.Get("https://wsus01.lab.example:8531/ClientWebService/wusserverversion.xml")
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return err
		}
		require.Equal(l.t, http.StatusOK, answer.StatusCode)
		require.Equal(l.t, "<ServerVersion>3.2</ServerVersion>", string(body))
		l.mu.Lock()
		defer l.mu.Unlock()
		l.seen[answer.TLS.PeerCertificates[0].SerialNumber.String()]++
		return nil
	}()
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.lost = append(l.lost, err)
	}
}

func (l *load) answers(serial string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen[serial]
}

// kept is a client that has one connection and never another, unlike http.Transport, which gives one up on a busy machine.
type kept struct {
	conn *tls.Conn
	from *bufio.Reader
}

func (k kept) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Write(k.conn); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(k.from, r)
	if err != nil {
		return nil, err
	}
	state := k.conn.ConnectionState()
	answer.TLS = &state
	return answer, nil
}

// The certificate is replaced dozens of times, sometimes by halves and by files that do not belong together, while clients keep
// connections and open new ones: no request is lost, no kept connection is dropped, and every good certificate is taken over.
func TestCertificateReloadUnderLoad(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	const replacements, keeping, dialling = 40, 6, 4
	dir := t.TempDir()
	files := rotation{t, dir, filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")}
	certificate, key, first := files.issue()
	files.replace(files.crt, certificate)
	files.replace(files.key, key)
	source, err := ssl.OpenFileCertificate(ssl.FileOptions{CertificateFile: files.crt, KeyFile: files.key,
		Names: []string{"wsus01.lab.example"}, Interval: 1}) // every handshake looks
	require.NoError(t, err)

	server := newServer(t)
	settings := ssl.Required(source.GetCertificate)
	require.NoError(t, server.SetChannel(t.Context(), wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom, SSL: settings}))
	plain, secure := loopback(t), loopback(t)
	ctx, stop := context.WithCancel(t.Context())
	var serving sync.WaitGroup
	serving.Go(func() { require.NoError(t, wsus.Serve(ctx, server, plain, secure, settings, nil)) })

	counted := &load{t: t, seen: map[string]int{}}
	config := &tls.Config{RootCAs: files.authority().Pool(), ServerName: "wsus01.lab.example"}
	done := make(chan struct{})
	var clients sync.WaitGroup
	work := func(client *http.Client) {
		for {
			counted.get(client)
			select {
			case <-done:
				return
			default:
			}
		}
	}
	for range keeping {
		conn, err := tls.Dial("tcp", secure.Addr().String(), config)
		require.NoError(t, err)
		defer conn.Close()
		clients.Go(func() { work(&http.Client{Transport: kept{conn, bufio.NewReader(conn)}}) })
	}
	for range dialling {
		transport := &http.Transport{TLSClientConfig: config, DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				var d net.Dialer
				return d.DialContext(ctx, network, secure.Addr().String())
			}}
		clients.Go(func() { work(&http.Client{Transport: transport}) })
	}
	waitFor := func(serial string) {
		require.Eventually(t, func() bool { return counted.answers(serial) > 0 }, 30*time.Second, time.Millisecond, "serial %s", serial)
	}
	waitFor(first)
	serials := []string{first}
	for n := range replacements {
		certificate, key, serial := files.issue()
		switch n % 4 {
		case 1: // half written
			require.NoError(t, os.WriteFile(files.crt, certificate[:len(certificate)/2], 0o600))
			require.Error(t, source.Reload())
		case 2: // of two renewals
			_, other, _ := files.issue()
			files.replace(files.key, other)
			require.ErrorIs(t, source.Reload(), ssl.ErrKeyMismatch)
		case 3: // gone for a moment
			require.NoError(t, os.Remove(files.key))
			require.Error(t, source.Reload())
		}
		files.replace(files.crt, certificate)
		files.replace(files.key, key)
		waitFor(serial)
		serials = append(serials, serial)
	}
	close(done)
	clients.Wait()
	stop()
	serving.Wait()

	require.Empty(t, counted.lost, "requests that got no answer, on a kept connection or a new one")
	require.NoError(t, source.Err())
	total := 0
	for _, serial := range serials {
		require.Positive(t, counted.seen[serial])
		total += counted.seen[serial]
	}
	require.Len(t, counted.seen, replacements+1, "no other certificate was ever shown")
	t.Logf("%d requests, none lost; %d replacements; %d answers under the first certificate, %d under the last", total, replacements,
		counted.seen[serials[0]], counted.seen[serials[replacements]])
}

func loopback(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return l
}
