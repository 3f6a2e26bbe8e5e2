package ports_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
)

func TestDetect(t *testing.T) {
	closed := nobody(t)
	plain, secure := serve(t, site{secured: true}, nil), serve(t, site{secured: true}, new(tls.Config))
	other, otherSecure := serve(t, http.NotFoundHandler(), nil), serve(t, http.NotFoundHandler(), new(tls.Config))
	open, passed := serve(t, site{}, nil), serve(t, with(site{secured: true}, "Via", "1.1 px"), nil)
	for name, c := range map[string]struct {
		to       map[string]string
		required bool
		given    []ports.Pair
		want     ports.Pair
	}{
		"own site":                    {to: map[string]string{"80": other, "443": otherSecure, "8530": plain, "8531": secure}, required: true, want: ports.Custom},
		"default site":                {to: map[string]string{"80": plain, "443": secure, "8530": closed, "8531": closed}, required: true, want: ports.Default},
		"not told that SSL is needed": {to: map[string]string{"80": plain, "443": secure, "8530": closed, "8531": closed}, want: ports.Default},
		"no SSL at all":               {to: map[string]string{"80": other, "443": closed, "8530": open, "8531": closed}, want: ports.Custom},
		"through a proxy":             {to: map[string]string{"80": other, "443": closed, "8530": passed, "8531": secure}, required: true, want: ports.Custom},
		"given pair first": {to: map[string]string{"80": plain, "443": secure, "8530": plain, "8531": secure, "9000": plain, "9001": secure},
			required: true, given: []ports.Pair{{HTTP: 9000, HTTPS: 9001}}, want: ports.Pair{HTTP: 9000, HTTPS: 9001}},
		"given pair is another application": {to: map[string]string{"80": closed, "443": closed, "8530": plain, "8531": secure, "9000": other, "9001": otherSecure},
			required: true, given: []ports.Pair{{HTTP: 9000, HTTPS: 9001}}, want: ports.Custom},
		"SSL needed and closed": {to: map[string]string{"80": other, "443": otherSecure, "8530": plain, "8531": closed}},
		"swapped":               {to: map[string]string{"80": other, "443": otherSecure, "8530": secure, "8531": plain}, required: true},
		"nowhere":               {to: map[string]string{"80": closed, "443": closed, "8530": closed, "8531": closed}, required: true},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := ports.Detect(t.Context(), ports.ProbeConfig{Host: host, Required: c.required, Dial: mapped(c.to)}, c.given...)
			require.Equal(t, c.want, found)
			if !c.want.IsZero() {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, ports.ErrNotFound)
			var all *multierror.Error
			require.ErrorAs(t, err, &all)
			require.Len(t, all.Errors, 2, "what was found at each pair")
			require.ErrorContains(t, err, "8530/8531")
			require.ErrorContains(t, err, "80/443")
		})
	}
}

// A host that swallows everything costs a probe exactly one timeout, one that never answers two. Whatever number of pairs is tried, no more
// than four conversations are under way at once.
func TestTimeIsBounded(t *testing.T) {
	const timeout = 3 * time.Second
	drop := func(ctx context.Context, network, addr string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	for name, c := range map[string]struct {
		dial dialer
		kind ports.Kind
		took time.Duration
	}{
		"filtered": {dial: drop, kind: ports.Filtered, took: timeout},
		"silent":   {dial: dialSilence, kind: ports.Silent, took: 2 * timeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var under counter
				config := ports.ProbeConfig{Host: host, Ports: ports.Custom, Required: true, Timeout: timeout, Dial: under.way(c.dial)}
				began := time.Now()
				report, err := ports.Probe(t.Context(), config)
				require.NoError(t, err)
				require.Equal(t, c.took, time.Since(began))
				require.Len(t, report.Findings, 2)
				require.Equal(t, c.kind, report.Findings[0].Kind)
				require.Equal(t, c.kind, report.Findings[1].Kind)

				_, err = ports.Detect(t.Context(), config, ports.Pair{HTTP: 8000, HTTPS: 8001}, ports.Pair{HTTP: 9000, HTTPS: 9001})
				require.ErrorIs(t, err, ports.ErrNotFound)
				require.Equal(t, 4, under.most)
				require.Zero(t, under.now, "every connection is closed")
			})
		})
	}
}

// counter counts the conversations that are under way: each from before it is dialled until its connection is closed.
type counter struct {
	mu        sync.Mutex
	now, most int
}

func (c *counter) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now += n
	c.most = max(c.most, c.now)
}

type dialer func(ctx context.Context, network, addr string) (net.Conn, error)

func (c *counter) way(dial dialer) dialer {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c.add(1)
		conn, err := dial(ctx, network, addr)
		if err != nil {
			c.add(-1)
			return nil, err
		}
		return &counted{Conn: conn, closed: sync.OnceFunc(func() { c.add(-1) })}, nil
	}
}

type counted struct {
	net.Conn
	closed func()
}

func (c *counted) Close() error {
	c.closed()
	return c.Conn.Close()
}

// dialSilence connects to somebody who takes everything and says nothing.
func dialSilence(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		buffer := make([]byte, 4096)
		for {
			if _, err := far.Read(buffer); err != nil {
				return
			}
		}
	}()
	return near, nil
}

// Whoever gives up gets an answer at once, and that it is his own doing.
func TestGivingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, giveUp := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { giveUp(errors.New("enough")) })
		began := time.Now()
		_, err := ports.Probe(ctx, ports.ProbeConfig{Host: host, Ports: ports.Custom, Dial: dialSilence})
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, time.Second, time.Since(began))
		_, err = ports.Detect(ctx, ports.ProbeConfig{Host: host, Dial: dialSilence})
		require.ErrorIs(t, err, context.Canceled)
	})
}
