package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// AssignmentAction DETECT: compliance is found out and reported, also anew; nothing else.
func TestDetectOnlyReportsCompliance(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.change(func(p *clientagent.Policy) { p.Settings.BatchDeadlines = true })
	id := l.site.deploy("d", l.now, time.Time{}, "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.AssignmentAction = clientagent.ActionDetect })
	l.pass(3 * time.Hour)
	require.Equal(t, [3]int{2, 2, -1}, l.assignment(id))
	offered, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Empty(t, offered)
	require.NoError(t, l.agent.SetNonBusinessHours(t.Context(), daily("evening", clientagent.UserDefinedWindow, 18, 3*time.Hour)))
	require.ErrorIs(t, l.agent.Postpone(t.Context(), updateID("a")), clientagent.ErrNotAvailable)

	require.NoError(t, l.agent.Install(t.Context(), updateID("a")), "a user may, as without a deployment")
	l.pass(time.Hour)
	require.Equal(t, [3]int{2, 1, -1}, l.assignment(id))
	l.machine.set("a", false)
	l.pass(8 * 24 * time.Hour)
	require.Equal(t, [3]int{2, 2, -1}, l.assignment(id), "re-evaluation detects, and installs nothing")
	require.Equal(t, 1, l.machine.installs["a"])

	due := l.site.deploy("due", l.now, l.now.Add(time.Hour), "a")
	l.pass(3 * time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(due))
	require.Equal(t, [3]int{2, 1, -1}, l.assignment(id))
}
