package wsus

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// Timeouts of the listeners. Agents close idle connections after some 30 s; the server must not be first.
const (
	ReadHeaderTimeout = 10 * time.Second
	IdleTimeout       = 120 * time.Second
	// MaxHeaderBytes bounds the header of a request.
	MaxHeaderBytes = 64 << 10
	// shutdownTimeout is how long running requests may take to end.
	shutdownTimeout = 5 * time.Second
)

// ListenAndServe listens on both ports of a pair, on all addresses, and serves until ctx ends; then it lets running requests
// end and returns nil. The HTTPS port opens once SetChannel has given a certificate source; with none, and no SSL required,
// only the HTTP port does.
func ListenAndServe(ctx context.Context, server *Server, pair ports.Pair) error {
	if err := pair.Validate(); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server.mu.Lock()
	settings := server.ssl
	server.mu.Unlock()
	if server.Setup().UsingSSL && settings.GetCertificate == nil {
		return errors.New("listen: the server is set up for SSL but has no certificate source: call SetChannel first")
	}
	var listen net.ListenConfig
	plain, err := listen.Listen(ctx, "tcp", ":"+strconv.Itoa(pair.HTTP))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	var secure net.Listener
	if settings.GetCertificate != nil {
		if secure, err = listen.Listen(ctx, "tcp", ":"+strconv.Itoa(pair.HTTPS)); err != nil {
			plain.Close()
			return fmt.Errorf("listen: %w", err)
		}
	}
	return Serve(ctx, server, plain, secure, settings, server.log)
}

// Serve serves a handler on a plain and a secured listener until ctx ends, then lets running requests end and returns nil. It
// owns the listeners. secure may be nil; otherwise settings must have a certificate source. With Settings.ClientCertificates the roots
// of servers and consoles refuse calls here; see ServeServers.
func Serve(ctx context.Context, handler http.Handler, plain, secure net.Listener, settings ssl.Settings, log *slog.Logger) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if settings.ClientCertificates != nil {
		handler = withoutCertificate(handler, log)
	}
	group, ctx := errgroup.WithContext(ctx)
	serveOn(ctx, group, handler, stallListener{plain}, log.With("listener", "http"))
	if secure != nil {
		serveOn(ctx, group, handler, tls.NewListener(stallListener{secure}, settings.TLSConfig()), log.With("listener", "https"))
	}
	return group.Wait()
}

// serveOn serves a listener in a group until ctx ends, and then lets running requests end.
func serveOn(ctx context.Context, group *errgroup.Group, handler http.Handler, l net.Listener, log *slog.Logger) {
	var unused unusedConns
	server := &http.Server{
		Handler:           boundBodies(handler),
		ConnState:         unused.follow,
		ReadHeaderTimeout: ReadHeaderTimeout,
		IdleTimeout:       IdleTimeout,
		MaxHeaderBytes:    MaxHeaderBytes,
		ErrorLog:          serverLog(log),
	}
	group.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve %v: %w", l.Addr(), err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		// The context has ended; what it was for must still end in order.
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
		defer cancel()
		unused.close()
		if err := server.Shutdown(end); err != nil {
			return errors.Join(fmt.Errorf("end %v: %w", l.Addr(), err), server.Close())
		}
		return nil
	})
}
