package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/updatepoint/console"
	"github.com/seed599db172/softwareupdates/wsus"
)

// serveConsole serves the web console until ctx ends.
func (h *house) serveConsole(ctx context.Context) error {
	server := &http.Server{
		Handler:           console.Handler(h.site, console.Options{User: onThisMachine, Logger: h.log}),
		ReadHeaderTimeout: wsus.ReadHeaderTimeout,
		IdleTimeout:       wsus.IdleTimeout,
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(h.console); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("console: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return server.Close()
	})
	return group.Wait()
}

// onThisMachine lets in whoever sits at this machine and asks for it by a local name: a page elsewhere that a name of its own leads
// here must not read the console. A program of yours asks its own users instead.
func onThisMachine(r *http.Request) (console.User, error) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return console.User{}, errors.New("the console of this example is for this machine only")
	}
	name := r.Host
	if h, _, err := net.SplitHostPort(r.Host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if ip := net.ParseIP(name); name != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return console.User{}, fmt.Errorf("the console was asked for as %q; use localhost", name)
	}
	return console.User{Name: "operator"}, nil
}
