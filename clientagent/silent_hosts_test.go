package clientagent_test

import (
	"bytes"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// deadContent carries requests like the server, but refuses connections for content while it is down, as a port does where nobody
// listens any more.
type deadContent struct {
	*server
	down  bool
	asked map[string]int // refused requests by path
}

func (d *deadContent) RoundTrip(r *http.Request) (*http.Response, error) {
	if d.down && strings.HasPrefix(r.URL.Path, "/Content/") {
		d.asked[r.URL.Path]++
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return d.server.RoundTrip(r)
}

func newDeadContentLab(t testing.TB, catalog ...published) (*lab, *deadContent) {
	l := newLab(t, catalog...)
	carrier := &deadContent{server: l.server, asked: map[string]int{}}
	l.config.HTTPClient = &http.Client{Transport: carrier}
	l.start()
	return l, carrier
}

// One file finds out that the host is dead. The others do not wait for it again, and what is in the cache is installed all the same.
func TestDeadContentHostIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, carrier := newDeadContentLab(t, leaf("a"), leaf("b"), leaf("c"))
		l.pass(3 * time.Hour)
		cached := leaf("c")
		require.NoError(t, l.cache.Put(t.Context(), cached.ref(), bytes.NewReader(cached.file)))
		carrier.down = true
		err := l.agent.Install(t.Context(), updateID("a"), updateID("b"), updateID("c"))
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		require.Len(t, carrier.asked, 1, "files that the dead host was asked for")
		require.False(t, l.machine.has("a"))
		require.False(t, l.machine.has("b"))
		require.True(t, l.machine.has("c"))
		carrier.down = false
		require.NoError(t, l.agent.Install(t.Context(), updateID("a"), updateID("b")))
		require.True(t, l.machine.has("a"))
		require.True(t, l.machine.has("b"))
	})
}

// Deployments of one step share what was found out about the host, and the next step asks it again.
func TestDeploymentsShareADeadContentHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, carrier := newDeadContentLab(t, leaf("a"), leaf("b"))
		l.pass(3 * time.Hour)
		carrier.down = true
		l.site.deploy("one", l.now, l.now, "a")
		l.site.deploy("two", l.now, l.now, "b")
		l.now = l.now.Add(time.Hour)
		next, err := l.agent.Step(t.Context(), l.now)
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		require.Len(t, carrier.asked, 1)
		carrier.down = false
		l.now = next
		l.pass(time.Hour)
		require.True(t, l.machine.has("a"))
		require.True(t, l.machine.has("b"))
	})
}
