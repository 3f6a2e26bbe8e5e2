package clientagent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// unable has none of the optional abilities of a machine.
type unable struct{ clientagent.Machine }

func TestMachineThatCannotRestartLeavesItToTheUser(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	l.config.Machine = unable{l.machine}
	l.start()
	id := l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
	l.pass(4 * time.Hour)
	require.Equal(t, int(compliance.EnforcementPendingRestart), l.assignment(id)[2])
	notice, err := l.agent.PendingRestart(t.Context())
	require.NoError(t, err)
	require.True(t, notice.Pending)
	require.Zero(t, notice.At, "nobody can")
	require.Zero(t, notice.FinalCountdown)
	require.Equal(t, 240*time.Minute, notice.Reminders, "the interval of the settings, which no countdown bounds")
	require.ErrorIs(t, l.agent.Restart(t.Context()), errors.ErrUnsupported)
	require.Zero(t, l.machine.restarted)

	require.NoError(t, l.machine.Restart(t.Context()))
	l.start() // nothing but a new session tells such a machine's agent of a restart
	l.pass(time.Hour)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Empty(t, l.machine.twice)
}

func TestTimesThatAreToldHaveNoMonotonicReading(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.restarts["a"] = true
	l.config.Now = func() time.Time { return time.Now().Add(time.Until(l.now)) }
	l.start()
	l.site.deploy("d", l.now.Add(-time.Minute), l.now.Add(time.Hour), "a")
	require.NoError(t, l.agent.RetrievePolicy(t.Context()))
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	l.now = l.now.Add(2 * time.Hour)
	notice, err := l.agent.PendingRestart(t.Context())
	require.NoError(t, err)
	require.True(t, notice.Pending)
	require.Equal(t, notice.Since.Round(0), notice.Since)
}
