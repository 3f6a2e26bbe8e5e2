package ports_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// site behaves as the web site of a WSUS server does to a look from outside, by the product's documents: with secured, the roots for
// metadata refuse plain HTTP with 403; the version file is missing from old servers.
type site struct{ secured, old bool }

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "Microsoft-IIS/10.0")
	path := strings.ToLower(r.URL.Path)
	switch {
	case strings.HasPrefix(path, "/clientwebservice/") && s.secured && r.TLS == nil:
		http.Error(w, "The page you are trying to access is secured with Secure Sockets Layer (SSL).", http.StatusForbidden)
	case path == "/clientwebservice/wusserverversion.xml" && !s.old:
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprint(w, "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<ServerVersion>10.0.20348.2849</ServerVersion>")
	case path == "/clientwebservice/client.asmx" && r.Method == http.MethodPost:
		body, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(body), "<GetConfig ") || !strings.HasSuffix(r.Header.Get("SOAPAction"), `/ClientWebService/GetConfig"`) {
			http.Error(w, "no such operation", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		fmt.Fprint(w, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><GetConfigResponse `+
			`xmlns="http://www.microsoft.com/SoftwareDistribution/Server/ClientWebService"><GetConfigResult/></GetConfigResponse></s:Body></s:Envelope>`)
	case path == "/reportingwebservice/reportingwebservice.asmx":
		fmt.Fprint(w, "<html><title>WebService Web Service</title></html>")
	default:
		http.NotFound(w, r)
	}
}

// with sets header lines of every answer, as something in between does.
func with(handler http.Handler, lines ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(lines); i += 2 {
			w.Header().Set(lines[i], lines[i+1])
		}
		handler.ServeHTTP(w, r)
	})
}

// says answers every request the same.
func says(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	})
}

// end is one end of a matrix row: it starts something and returns where that listens.
type end func(t *testing.T) string

func plain(handler http.Handler) end {
	return func(t *testing.T) string { return serve(t, handler, nil) }
}

func secure(handler http.Handler) end { return secureWith(handler, new(tls.Config)) }

func secureWith(handler http.Handler, config *tls.Config) end {
	return func(t *testing.T) string { return serve(t, handler, config.Clone()) }
}

func serve(t *testing.T, handler http.Handler, config *tls.Config) string {
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // what does not fit together is the matter of these tests
	if config != nil {
		server.TLS = config
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// raw takes connections and leaves them to a function.
func raw(converse func(net.Conn)) end {
	return func(t *testing.T) string {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		var conversations sync.WaitGroup
		conversations.Go(func() {
			for {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				conversations.Go(func() {
					defer conn.Close()
					converse(conn)
				})
			}
		})
		t.Cleanup(func() {
			listener.Close()
			conversations.Wait()
		})
		return listener.Addr().String()
	}
}

// nobody is a port that is closed.
func nobody(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

// swallowed is a port whose packets are dropped: dialling does not come to an end.
func swallowed(*testing.T) string { return "" }

// mapped dials what a port leads to instead of the port, whatever the host. Ports that lead nowhere are closed.
func mapped(to map[string]string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(addr)
		if err != nil {
			return nil, err
		}
		address, known := to[port]
		switch {
		case !known:
			return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
		case address == "":
			<-ctx.Done()
			return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}
