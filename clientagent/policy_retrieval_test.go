package clientagent_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func TestUserRetrievesThePolicyBeforeItsPollingIsDue(t *testing.T) {
	l := newLab(t, leaf("a"))
	require.NoError(t, l.agent.RetrievePolicy(t.Context()), "the very first call registers")
	require.Len(t, l.site.known, 1)
	_, err := l.agent.Scan(t.Context())
	require.NoError(t, err)
	l.pass(time.Minute)

	l.site.deploy("d", l.now, time.Time{}, "a")
	_, err = l.agent.Scan(t.Context())
	require.NoError(t, err)
	offered, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Empty(t, offered, "a scan does not poll")
	require.NoError(t, l.agent.RetrievePolicy(t.Context()))
	offered, err = l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, offered, 1)

	polls := l.site.polls
	require.NoError(t, l.agent.RetrievePolicy(t.Context()), "an unchanged policy is no error")
	require.Equal(t, polls+1, l.site.polls)
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, l.now.Add(time.Hour), status.NextPolicy, "the polling interval begins anew")
}

func TestPolicyThatCannotBeRetrievedStillHolds(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.notReady = true
	require.ErrorIs(t, l.agent.RetrievePolicy(t.Context()), clientagent.ErrNotReady)
	l.site.notReady = false
	_, err := l.agent.Settings(t.Context())
	require.EqualError(t, err, "there is no policy yet: not found")
	_, err = l.agent.LastScan(t.Context())
	require.EqualError(t, err, "there was no scan yet: not found")
	l.site.deploy("d", l.now, time.Time{}, "a")
	require.NoError(t, l.agent.RetrievePolicy(t.Context()))
	_, err = l.agent.Scan(t.Context())
	require.NoError(t, err)

	l.site.outage = errors.New("cable is cut")
	require.ErrorIs(t, l.agent.RetrievePolicy(t.Context()), l.site.outage)
	offered, err := l.agent.Updates(t.Context())
	require.NoError(t, err)
	require.Len(t, offered, 1)
	l.site.outage = nil
	l.pass(10 * time.Minute)
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.True(t, status.NextPolicy.After(l.now), "it polls again")
}
