package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// §1.5.3 and the 120 minutes of §1.5 are of failures in a row: what ended in another error a week ago is not one of them.
func TestFailuresBeforeAnotherErrorDoNotCount(t *testing.T) {
	for name, c := range map[string]struct {
		locations []clientagent.Location
		want      []string
	}{
		"without boundary groups": {[]clientagent.Location{at("sup1")}, []string{"0m sup1", "30m sup1", "60m sup1", "90m sup1", "92m sup2"}},
		"with boundary groups": {[]clientagent.Location{in("current", "sup1", 0)},
			[]string{"0m sup1", "30m sup1", "60m sup1", "90m sup1", "120m sup2"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newScanLab(t, c.locations...)
			require.NoError(t, l.scan())
			other := at("sup2")
			other.BoundaryGroup = c.locations[0].BoundaryGroup
			l.site.change(func(p *clientagent.Policy) { p.Locations = append(p.Locations, other) })
			l.run(61 * time.Minute)
			l.down["sup1"] = true
			require.Error(t, l.scan())
			l.down["sup1"], l.server.outage = false, errLost
			l.run(31 * time.Minute) // the retry, which ends the request
			l.run(7 * 24 * time.Hour)
			l.down["sup1"], l.server.outage = true, nil
			l.restart()
			require.Error(t, l.scan())
			l.run(125 * time.Minute)
			require.Equal(t, c.want, l.asked[:min(len(c.want), len(l.asked))])
		})
	}
}

// Rule 12 of configmgr.md §10 lets the servers come and go that a policy names, as they get the content version: that is no fresh start
// for a client whose own server is named all the time.
func TestOtherServersComeAndGoWhileTheOwnOneFails(t *testing.T) {
	for name, c := range map[string]struct {
		own, second, third clientagent.Location
		want               []string
	}{
		"without boundary groups": {at("sup1"), at("sup2"), clientagent.Location{WSUSURL: "http://sup3.test:8530", OtherForest: true},
			[]string{"0m sup1", "30m sup1", "60m sup1", "90m sup1", "92m sup2"}},
		"with boundary groups": {in("current", "sup1", 0), in("current", "sup2", 0), in("far", "sup3", 240),
			[]string{"0m sup1", "30m sup1", "60m sup1", "90m sup1", "120m sup2"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newScanLab(t, c.own)
			require.NoError(t, l.scan())
			l.site.change(func(p *clientagent.Policy) { p.Locations = append(p.Locations, c.second) })
			l.run(61 * time.Minute)
			l.down["sup1"] = true
			l.restart()
			require.Error(t, l.scan())
			for i := range 3 {
				l.site.change(func(p *clientagent.Policy) {
					p.Locations = []clientagent.Location{c.own, c.second, c.third}[:2+(i+1)%2]
				})
				l.run(61 * time.Minute)
			}
			require.Equal(t, c.want, l.asked)
		})
	}
}

// A client whose own server the site names no more does not wait for its retry: it asks another one as soon as it hears of that.
func TestServerThatIsNamedNoMoreIsLeftAtOnce(t *testing.T) {
	l := newScanLab(t, at("sup1"))
	l.site.change(func(p *clientagent.Policy) { p.Settings.Scan.ScanRetryDelay = 24 * time.Hour })
	l.run(60 * time.Minute)
	l.down["sup1"] = true
	l.restart()
	require.Error(t, l.scan())
	l.run(30 * time.Minute)
	l.site.change(func(p *clientagent.Policy) { p.Locations = []clientagent.Location{at("sup2")} })
	l.run(31 * time.Minute)
	require.Equal(t, []string{"0m sup1", "60m sup2"}, l.asked, "with the poll, not a day later")
}
