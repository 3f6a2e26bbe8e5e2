package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// Another server leaves an update out when it maps the catalogue, to send it anew, and breaks down before it does. Until a scan has come to its end
// the update is what it was: it is still required after a restart, and its content stays. (Found by the simulation, seed 71006.)
func TestUpdateThatWasNotMappedIsNotGone(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c, leaf("r"))
	cache := cacheLab(t, l)
	l.machine.restarts["r"] = true
	id := l.site.deploy("d", l.now, l.now.Add(10*24*time.Hour), "a", "b", "c")
	l.site.deploy("restarts", l.now, time.Time{}, "r")
	l.pass(3 * time.Hour)
	require.NoError(t, l.agent.Install(t.Context(), updateID("r")))
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c))

	l.server.forgets = map[string]bool{"a": true}
	l.site.change(func(p *clientagent.Policy) {
		p.Locations = []clientagent.Location{{WSUSURL: "http://moved.test", Version: 1}}
	})
	stepFor := func(d time.Duration) {
		for end := l.now.Add(d); l.now.Before(end); {
			next, _ := l.agent.Step(t.Context(), l.now)
			l.now = next
		}
	}
	stepFor(2 * time.Hour)
	_, err := l.agent.Scan(t.Context())
	require.Error(t, err)
	require.Error(t, l.server.outage)
	stepFor(30 * time.Hour)
	require.NoError(t, l.machine.Restart(t.Context()))
	stepFor(30 * time.Hour)
	require.Equal(t, compliance.Installed, l.site.update("r"))
	require.Equal(t, compliance.Required, l.site.update("a"))
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c))
	require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))

	l.server.forgets, l.server.outage = nil, nil
	l.pass(10 * 24 * time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Len(t, l.holds(cache, a, b, c), 2, "what is above the limit goes now")
}
