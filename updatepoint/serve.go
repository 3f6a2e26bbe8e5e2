package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/wsus"
)

// serve serves a Host on open listeners until ctx ends, verifies the channel through them, and then watches it.
func (p *Point) serve(ctx context.Context, set Settings, host Host, plain, secure net.Listener) error {
	open := openAt(set.Ports, plain, secure)
	p.setOpen(open)
	defer p.setOpen(nil)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return wsus.Serve(ctx, p.handler(host), plain, secure, set.SSL, p.site.log) })
	if set.Servers != nil {
		group.Go(func() error { return wsus.ServeServers(ctx, host, set.Servers, set.SSL, p.site.log) })
	}
	group.Go(func() error {
		p.Reconcile(ctx)
		p.monitor(ctx, set, host, open)
		return nil
	})
	return group.Wait()
}

// handler is what the listeners of a Host serve: the site's management point beside the virtual roots of WSUS.
func (p *Point) handler(host Host) http.Handler {
	site := p.site.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, ManagementPath) {
			site.ServeHTTP(w, r)
			return
		}
		host.ServeHTTP(w, r)
	})
}

// listen opens the plain port and, with a certificate source, the secured one, unless listeners were given.
func listen(ctx context.Context, set Settings) (plain, secure net.Listener, err error) {
	if plain, err = listenOn(ctx, set.Plain, set.Listen, set.Ports.HTTP); err != nil {
		return nil, nil, err
	}
	if set.SSL.GetCertificate == nil {
		return plain, nil, nil
	}
	if secure, err = listenOn(ctx, set.Secure, set.Listen, set.Ports.HTTPS); err != nil {
		return nil, nil, errors.Join(err, plain.Close())
	}
	return plain, secure, nil
}

func listenOn(ctx context.Context, given net.Listener, host string, port int) (net.Listener, error) {
	if given != nil {
		return given, nil
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return nil, fmt.Errorf("open port %d: %w", port, err)
	}
	return l, nil
}
