package clientagent_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Rule 17 of configmgr.md §10: "Optional deployment: deadline zero, no download before user action unless pre-download is set on at least
// one of its deployments (CB 2203); no forced restart".
func TestOptionalDeployments(t *testing.T) {
	for name, c := range map[string]struct {
		ahead     []bool // pre-download, by deployment of the one update
		available []string
		fetched   string // when the content is there without the user; empty for never
	}{
		"one":                                {[]bool{false}, []string{"Mon 08:00"}, ""},
		"one with pre-download":              {[]bool{true}, []string{"Mon 10:00"}, "Mon 10:00"},
		"two, neither with pre-download":     {[]bool{false, false}, []string{"Mon 08:00", "Mon 10:00"}, ""},
		"two, the later with pre-download":   {[]bool{false, true}, []string{"Mon 08:00", "Mon 10:00"}, "Mon 10:00"},
		"two, the earlier with pre-download": {[]bool{true, false}, []string{"Mon 09:00", "Mon 12:00"}, "Mon 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, leaf("a"))
			l.machine.restarts["a"] = true
			var ids []uuid.UUID
			for i, ahead := range c.ahead {
				ids = append(ids, l.site.deploy(string(rune('p'+i)), moment(c.available[i]), time.Time{}, "a"))
				l.options(func(o *clientagent.DeploymentOptions) { o.PreDownload = ahead })
			}
			l.step()
			if c.fetched != "" {
				l.pass(moment(c.fetched).Sub(l.now) - time.Nanosecond)
				require.Zero(t, l.server.fetched, "not before its available time")
			}
			l.until("Wed 08:00")
			require.Equal(t, c.fetched != "", l.server.fetched == 1)
			require.Empty(t, l.machine.installs, "no deadline")
			offered, err := l.agent.Updates(t.Context())
			require.NoError(t, err)
			require.Len(t, offered, 1)
			require.Zero(t, offered[0].Deadline)

			require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
			require.Equal(t, 1, l.server.fetched, "what was fetched ahead is not fetched again")
			l.pass(20 * 24 * time.Hour)
			require.Zero(t, l.machine.restarted, "no forced restart")
			notice, err := l.agent.PendingRestart(t.Context())
			require.NoError(t, err)
			require.Equal(t, clientagent.RestartNotice{Pending: true}, notice)
			require.NoError(t, l.agent.Restart(t.Context()))
			l.flush()
			for _, id := range ids {
				require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
			}
		})
	}
}
