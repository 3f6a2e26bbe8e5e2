package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// What the scan of one deployment finds, the one before it in the policy gets in the same step: it is not left with what it told before.
// (Found by the simulation, seed 60092.)
func TestScanOfOneDeploymentIsForThoseBeforeIt(t *testing.T) {
	l := newLab(t, leaf("a"), leaf("b"))
	l.machine.restarts["a"] = true
	begin := l.now
	first := l.site.deploy("first", begin, begin.Add(time.Hour), "a", "c")
	l.site.change(func(p *clientagent.Policy) { p.Deployments[0].SuppressReboot = clientagent.SuppressAll })
	l.site.deploy("second", begin.Add(30*time.Hour), begin.Add(100*time.Hour), "b")
	l.pass(4 * time.Hour)
	require.Equal(t, int(compliance.EnforcementPendingRestart), l.assignment(first)[2])
	l.server.publish(leaf("c"))
	l.machine.want("c")
	for l.now.Before(begin.Add(30 * time.Hour)) {
		require.Zero(t, l.machine.installs["c"], "no scan has seen it")
		l.now = l.step()
	}
	l.step() // the last scan is too old for the download of the second
	require.Equal(t, 1, l.machine.installs["c"])
}
