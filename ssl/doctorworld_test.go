package ssl_test

import (
	"context"
	"crypto/elliptic"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// world is a network with one WSUS server, wsus01.lab.example, at two ports. A case spoils it before or after it starts.
type world struct {
	testing.TB
	pki    *pki
	config ssl.DoctorConfig
	// answer is what a root does; a status of 300 and above has a Location when there is one in location.
	answer   func(root string, secure bool) int
	location func(r *http.Request) string
	// site answers everything in the place of the roots, when it is set.
	site http.Handler
	tls  *tls.Config
	// ports are where connections to the server lead, and hosts those to "name:port".
	ports map[int]func(context.Context) (net.Conn, error)
	hosts map[string]func(context.Context) (net.Conn, error)
}

func newWorld(t testing.TB, p *pki) *world {
	w := &world{TB: t, pki: p, answer: secured, hosts: map[string]func(context.Context) (net.Conn, error){}}
	w.use(certificate(t, p.root, newECDSA(t, elliptic.P256()), []string{host}, nil))
	w.config = ssl.DoctorConfig{URL: "https://" + host + ":8531", Roots: p.trusted, Timeout: 5 * time.Second, Dial: w.dial,
		Advertised: func(context.Context) ([]string, error) {
			return []string{"http://" + host + ":8530/Content/A0/0123456789ABCDEF.cab"}, nil
		}}
	return w
}

func (w *world) use(c ...tls.Certificate) { w.tls = &tls.Config{Certificates: c} }

// start listens at the two ports, as 8530 and 8531.
func (w *world) start() {
	w.ports = map[int]func(context.Context) (net.Conn, error){
		8530: w.serve(false, w.handler()),
		8531: w.serve(true, w.handler()),
	}
}

func (w *world) handler() http.Handler {
	if w.site != nil {
		return w.site
	}
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		root, _, ok, err := ssl.FindRoot(r.URL)
		if err != nil || !ok {
			rw.WriteHeader(http.StatusNotFound)
			return
		}
		if w.location != nil {
			rw.Header().Set("Location", w.location(r))
		}
		rw.WriteHeader(w.answer(root.Name, r.TLS != nil))
	})
}

// serve starts a server on a free port of the loopback interface and returns the way to it.
func (w *world) serve(secure bool, handler http.Handler) func(context.Context) (net.Conn, error) {
	listener := w.listen("127.0.0.1:0")
	way := wayTo(listener)
	if secure {
		listener = tls.NewListener(listener, w.tls)
	}
	server := &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(listener)
	w.Cleanup(func() { server.Close() })
	return way
}

func (w *world) listen(address string) net.Listener {
	listener, err := net.Listen("tcp", address)
	require.NoError(w, err)
	w.Cleanup(func() { listener.Close() })
	return listener
}

func wayTo(listener net.Listener) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String())
	}
}

// talk starts a listener that does something to each connection and then ends it.
func (w *world) talk(do func(net.Conn)) func(context.Context) (net.Conn, error) {
	listener := w.listen("127.0.0.1:0")
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				do(conn)
			}()
		}
	}()
	return wayTo(listener)
}

// dropped is a port whose packets a firewall swallows.
func dropped(ctx context.Context) (net.Conn, error) {
	<-ctx.Done()
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: context.Cause(ctx)}
}

func (w *world) dial(ctx context.Context, _, address string) (net.Conn, error) {
	if way := w.hosts[address]; way != nil {
		return way(ctx)
	}
	_, text, err := net.SplitHostPort(address)
	require.NoError(w, err)
	port, err := strconv.Atoi(text)
	require.NoError(w, err)
	if way := w.ports[port]; way != nil {
		return way(ctx)
	}
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}
