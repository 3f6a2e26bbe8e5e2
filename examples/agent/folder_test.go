package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// siteLab is a lab at the sample site, which has deployed everything, and the arguments for its server.
func siteLab(t *testing.T) (l *lab, args []string) {
	l = newLab(t, nil)
	site, handler := sampleSite(t, func() time.Time { return l.now })
	l.handler.Handler = handler
	deployAll(t, site, l.now)
	return l, []string{"-site", "http://wsus01.lab.example:8530", "-facts", "server2022.json", "-once"}
}

// TestADataFolderIsOneMachinesAtOneSite holds that a folder is never used for what it is not.
func TestADataFolderIsOneMachinesAtOneSite(t *testing.T) {
	l, args := siteLab(t)
	code, _, stderr := l.run(args...)
	require.Zero(t, code, stderr)
	refused := func(want string, args ...string) {
		t.Helper()
		code, stdout, stderr := l.run(args...)
		require.Equal(t, 1, code)
		require.Empty(t, stdout)
		require.Regexp(t, `^agent: .*`+want+`.*\n$`, stderr)
	}
	refused("is that of srv22.lab.example, and -facts is pc10.lab.example: name another folder", append(args, "-facts", "windows10-22h2.json")...)
	refused("belongs to -site http://wsus01.lab.example:8530: name another folder", append(args, "-site", "http://wsus02.lab.example:8530")...)
	refused("belongs to -site http://wsus01.lab.example:8530: name another folder", append(args, "-site", "", "-server", "http://wsus01.lab.example:8530")...)

	other, err := clientagent.Dir(l.data)
	require.NoError(t, err)
	refused("in use by another process; end the other agent", args...)
	require.NoError(t, other.Close())

	file := filepath.Join(l.data, "machine.json")
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, whole[:len(whole)/2], 0o600))
	refused("ends too early: the machine of this agent is lost", args...)
	require.NoError(t, os.Remove(file))
	refused("the machine of this agent is lost, begin again with a new folder", args...)
	require.NoError(t, os.WriteFile(file, whole, 0o600))
	code, _, stderr = l.run(args...)
	require.Zero(t, code, stderr)
}

// TestInterruptedInstallationGoesOn interrupts the program while it downloads, each time a little later, until it comes to its end.
func TestInterruptedInstallationGoesOn(t *testing.T) {
	l, args := siteLab(t)
	site := l.handler.Handler
	var left atomic.Int32
	var interrupt context.CancelFunc
	l.handler.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/Content/") && left.Add(-1) == 0 {
			interrupt()
		}
		site.ServeHTTP(w, r)
	})
	interrupted := 0
	for n := int32(2); ; n += 2 {
		left.Store(n)
		l.ctx, interrupt = context.WithCancel(t.Context())
		code, stdout, stderr := l.run(append(args, "-install")...)
		interrupt()
		if code == 0 {
			l.golden("site-installed.txt", stdout)
			break
		}
		interrupted++
		require.Empty(t, stdout)
		require.True(t, strings.HasSuffix(stderr, "agent: interrupted; with -data the next start goes on from here\n"), stderr)
	}
	require.Greater(t, interrupted, 1)
}
