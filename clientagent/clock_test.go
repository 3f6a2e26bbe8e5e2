package clientagent_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// Whatever the agent was waiting for while its clock was ten years ahead, it goes on as soon as the clock is right.
func TestNothingWaitsForTheDateOfAWrongClock(t *testing.T) {
	for name, ahead := range map[string]func(l *lab){
		"registration": func(l *lab) { l.site.outage = errLost },
		"scan":         func(l *lab) { l.server.outage = errLost },
		"location":     func(l *lab) { l.site.change(func(p *clientagent.Policy) { p.Locations = nil }) },
		"content": func(l *lab) {
			l.pass(3 * time.Hour)
			l.server.outage = errLost
		},
		"reports": func(l *lab) { l.pass(3 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t, leaf("a"))
				right, locations := l.now, l.site.policy.Locations
				l.site.change(func(p *clientagent.Policy) { p.Settings.ReevaluationInterval = clientagent.LongestReevaluation })
				id := l.site.deploy("d", right, right.Add(time.Hour), "a")
				l.now = right.AddDate(10, 0, 0)
				ahead(l)
				for range 8 {
					// Whether a step fails is the case's affair.
					next, _ := l.agent.Step(t.Context(), l.now)
					l.now = next
				}
				l.now, l.site.outage, l.server.outage = right, nil, nil
				if l.site.policy.Locations == nil {
					l.site.change(func(p *clientagent.Policy) { p.Locations = locations })
				}
				requireRecovery(t, l, id)
			})
		})
	}
}

// requireRecovery lets nine days pass. The re-evaluation, 31 days apart, must be due at once; scans come every seven days.
func requireRecovery(t *testing.T, l *lab, id uuid.UUID) {
	t.Helper()
	l.machine.set("a", false)
	l.pass(9 * 24 * time.Hour)
	require.True(t, l.machine.has("a"))
	require.Equal(t, int(compliance.EnforcementInstalled), l.assignment(id)[2], "what the site knows of the enforcement")
	scan, err := l.agent.LastScan(t.Context())
	require.NoError(t, err)
	require.WithinRange(t, scan.Time, l.now.Add(-3*24*time.Hour), l.now)
}
