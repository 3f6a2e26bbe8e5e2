package main

import (
	"bytes"
	"context"
	"flag"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// lab runs the program with a clock that stands still, dice that fall the same, and one server behind every name.
type lab struct {
	*testing.T
	now     time.Time
	data    string
	addr    string
	handler *struct{ http.Handler } // may be set later
	ctx     context.Context
}

func newLab(t *testing.T, handler http.Handler) *lab {
	l := &lab{T: t, now: time.Date(2026, 6, 9, 8, 0, 0, 0, time.UTC), data: t.TempDir(), handler: &struct{ http.Handler }{handler},
		ctx: t.Context()}
	server := httptest.NewServer(l.handler)
	t.Cleanup(server.Close)
	l.addr = server.Listener.Addr().String()
	return l
}

// run runs the program as at a terminal, with the data folder of the lab.
func (l *lab) run(args ...string) (code int, stdout, stderr string) {
	l.Helper()
	var out, log bytes.Buffer
	around := surroundings{stdout: &out, stderr: &log, now: func() time.Time { return l.now }, zone: time.FixedZone("CEST", 2*60*60),
		clientID: "6b1d5d0e-2f0a-4c7e-9a55-000000000001", rand: rand.New(rand.NewPCG(1, 2)),
		dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, l.addr)
		}}
	code = run(l.ctx, append([]string{"-data", l.data}, args...), around)
	return code, out.String(), log.String()
}

// golden compares a text with a file of testdata.
func (l *lab) golden(name, text string) {
	l.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(l, os.WriteFile(file, []byte(text), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(l, err)
	require.Equal(l, string(want), text)
}
