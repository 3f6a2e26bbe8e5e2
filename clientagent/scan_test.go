package clientagent_test

import (
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// levels is a catalogue that opens in three steps: product, detectoid, updates.
func levels() []published {
	return []published{
		{name: "windows", kind: "Detectoid", action: "Evaluate"},
		{name: "x64", kind: "Detectoid", action: "Evaluate", needs: "windows"},
		{name: "other product", kind: "Detectoid", action: "Evaluate"},
		{name: "a", deployable: true, leaf: true, needs: "x64"},
		{name: "b", deployable: true, leaf: true, needs: "x64"},
		{name: "c", deployable: true, leaf: true, needs: "x64", supersedes: "a"},
		{name: "not offered", deployable: true, leaf: true, needs: "other product"},
	}
}

func states(result clientagent.ScanResult) map[string]compliance.State {
	all := map[string]compliance.State{}
	for _, name := range []string{"windows", "x64", "a", "b", "c", "not offered"} {
		for _, u := range result.Updates {
			if u.ID == updateID(name) {
				all[name] = u.State
			}
		}
	}
	return all
}

func TestScanGoesLevelByLevel(t *testing.T) {
	for _, page := range []int{1, 2, 200} {
		t.Run(fmt.Sprint("pages of ", page), func(t *testing.T) {
			l := newLab(t, levels()...)
			l.server.page = page
			l.machine.set("windows", true)
			l.machine.set("x64", true)
			l.machine.set("b", true)
			result, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
			want := map[string]compliance.State{"a": compliance.NotRequired, "b": compliance.Installed, "c": compliance.Required}
			require.Equal(t, want, states(result), "a is superseded by c; detectoids and what was not offered are not listed")

			trips := len(l.server.syncs)
			result, err = l.agent.Scan(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, states(result))
			require.Len(t, l.server.syncs, trips+1, "nothing has changed: one call")
			last := l.server.syncs[trips]
			require.Len(t, last.InstalledNonLeafUpdateIDs, 2, "only installed ones that others depend on")
			require.Len(t, last.OtherCachedUpdateIDs, 4)

			l.machine.set("x64", false)
			result, err = l.agent.Scan(t.Context())
			require.NoError(t, err)
			require.Empty(t, states(result), "out of scope")
			l.flush()
			require.Equal(t, compliance.NotRequired, l.site.update("b"))
		})
	}
}

func TestScanEventsNameLeafUpdates(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"), leaf("c"),
		published{name: "bundle", deployable: true, leaf: true, bundles: []string{"part"}},
		published{name: "part", deployable: true, leaf: true, action: clientsync.Bundle})
	l.machine.set("b", true)
	l.machine.set("part", true)
	_, err := l.agent.Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, l.server.events, 2)
	require.Equal(t, []int{147, 156}, []int{l.server.events[0].EventID, l.server.events[1].EventID})
	require.Equal(t, []string{"2"}, l.server.events[0].ReplacementStrings)
	upper := func(name string) string { return fmt.Sprintf("%X-%X-%X-%X-%X", split(updateID(name))...) }
	require.ElementsMatch(t, []string{"Q=1", "U=" + sorted(upper("a"), upper("c")), "V=" + sorted(upper("b"), upper("bundle"))},
		l.server.events[1].MiscData)
	require.Equal(t, 65792, l.server.events[1].OSVersion.Revision)
	require.Equal(t, "Amd64Compatible", l.server.events[1].Architecture)
}

func split(id uuid.UUID) []any { return []any{id[:4], id[4:6], id[6:8], id[8:10], id[10:]} }

func sorted(a, b string) string {
	if a > b {
		a, b = b, a
	}
	return a + ";" + b
}

// Another server has other revision ids for the same updates: the cache is mapped, not fetched again.
func TestCacheIsMappedToAnotherServer(t *testing.T) {
	for name, change := range map[string]func(l *lab){
		"cookies are not accepted": func(l *lab) { l.server.config.CookieKey[0]++ },
		"server has changed":       func(l *lab) { l.server.config.ServerID = uuid.New() },
		"policy names another": func(l *lab) {
			l.site.change(func(p *clientagent.Policy) { p.Locations[0].WSUSURL = "http://wsus2.test" })
			l.now = l.now.Add(time.Hour)
			l.step()
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, levels()...)
			l.machine.set("windows", true)
			l.machine.set("x64", true)
			l.step()
			first, err := l.agent.Scan(t.Context())
			require.NoError(t, err)

			for i := range l.server.catalog {
				l.server.catalog[i].id = int32(len(l.server.catalog) - i + 2) // some ids mean another revision now
			}
			change(l)
			before := len(l.server.syncs)
			second, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
			require.Equal(t, states(first), states(second))
			_, err = l.agent.Scan(t.Context())
			require.NoError(t, err)
			last := l.server.syncs[len(l.server.syncs)-1]
			require.Len(t, last.InstalledNonLeafUpdateIDs, 2)
			require.Len(t, last.OtherCachedUpdateIDs, 4)
			require.LessOrEqual(t, len(l.server.syncs)-before, 5)
		})
	}
}

func TestScanEndsAtTheLimitOfTrips(t *testing.T) {
	l := newLab(t)
	for i := range 201 {
		l.server.publish(leaf(fmt.Sprint("u", i)))
	}
	l.server.page = 1
	_, err := l.agent.Scan(t.Context())
	var limit *clientagent.InstallError
	require.ErrorAs(t, err, &limit)
	require.Equal(t, clientagent.CodeTooManyServerTrips, limit.Code)
	require.Len(t, l.server.syncs, 200)
	_, err = l.agent.Scan(t.Context())
	require.NoError(t, err, "what came is kept: the next scan goes on")
}

func TestScanRetriesAndSwitchesServers(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.change(func(p *clientagent.Policy) {
		p.Locations = append(p.Locations, clientagent.Location{WSUSURL: "http://wsus2.test", OtherForest: true})
	})
	l.step()
	l.server.status = 503
	begin := l.now
	_, err := l.agent.Scan(t.Context())
	require.Error(t, err)
	var at []time.Duration
	var servers []string
	for range 400 {
		next, err := l.agent.Step(t.Context(), l.now)
		status, fault := l.agent.Status(t.Context())
		require.NoError(t, fault)
		if err != nil {
			at = append(at, l.now.Sub(begin))
			require.Equal(t, compliance.ScanPendingRetry, status.ScanState)
			require.Equal(t, clientagent.CodeServiceUnavailable, status.ScanError)
		}
		if len(at) == 4 {
			l.server.status = 0
		}
		if status.ScanState == compliance.ScanCompleted {
			servers = append(servers, status.Server)
			break
		}
		l.now = next
	}
	const half = 30 * time.Minute
	require.Equal(t, []time.Duration{half, 2 * half, 3 * half, 3*half + 2*time.Minute}, at, "four failures, two minutes, the next server")
	require.Equal(t, []string{"http://wsus2.test"}, servers)
	require.Equal(t, 3*half+2*time.Minute+half, l.now.Sub(begin))
}

func TestOtherErrorsEndAScan(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.step()
	for _, c := range []struct {
		outage error
		state  compliance.UpdateSourceScanState
	}{
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, compliance.ScanPendingRetry},
		{&net.DNSError{Err: "no such host"}, compliance.ScanPendingRetry},
		{errors.New("something else"), compliance.ScanFailed},
	} {
		l.server.outage = c.outage
		_, err := l.agent.Scan(t.Context())
		require.ErrorIs(t, err, c.outage)
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, c.state, status.ScanState, "%v", c.outage)
	}
}

func TestScanWaitsForALocation(t *testing.T) {
	l := newLab(t, leaf("a"))
	locations := l.site.policy.Locations
	l.site.change(func(p *clientagent.Policy) { p.Locations = nil })
	_, err := l.agent.Scan(t.Context())
	require.ErrorIs(t, err, clientagent.ErrNoLocation)
	l.flush()
	require.Equal(t, int(compliance.ScanWaitingForCatalog), l.site.current["501/{source}"].StateID)
	l.site.change(func(p *clientagent.Policy) { p.Locations = locations })
	l.pass(70 * time.Minute)
	l.flush()
	require.Equal(t, int(compliance.ScanCompleted), l.site.current["501/{source}"].StateID)
}

func TestWaitingForALocationEnds(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.change(func(p *clientagent.Policy) { p.Locations = nil })
	_, err := l.agent.Scan(t.Context())
	require.ErrorIs(t, err, clientagent.ErrNoLocation)
	l.pass(time.Hour + time.Minute) // the wait ends after an hour; the first scheduled scan comes later and would wait anew
	l.flush()
	require.Equal(t, int(compliance.ScanFailed), l.site.current["501/{source}"].StateID)
	require.Equal(t, clientagent.CodeServerValueMissing, l.site.current["501/{source}"].ErrorCode)
}

func TestDirectScansWithoutASite(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.config.Site = clientagent.Direct("http://wsus.test/")
	l.start()
	result, err := l.agent.Scan(t.Context())
	require.NoError(t, err)
	require.Len(t, result.Required(), 2)
	require.NoError(t, l.agent.Install(t.Context(), result.Required()...))
	require.True(t, l.machine.has("a") && l.machine.has("b"))
	l.pass(time.Hour)
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Zero(t, status.Unsent)
}
