package clientagent_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// Rule 20 of configmgr.md §10, part by part: one current state per topic and id, a cycle of 15 minutes, serials that strictly increase
// without gaps, and a resync after a gap.
func TestStateMessages(t *testing.T) {
	t.Run("one current state per topic and id", func(t *testing.T) {
		l := newLab(t, leaf("a"), leaf("b"))
		for range 3 {
			_, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
		}
		require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
		l.flush()
		var topics []string
		for _, report := range l.site.reports {
			for _, m := range report.Messages {
				topics = append(topics, fmt.Sprintf("%s=%d", topicOf(m), m.StateID))
			}
		}
		require.ElementsMatch(t, []string{"501/{source}=3", "500/" + updateID("a").String() + "=3", "500/" + updateID("b").String() + "=2",
			"402/" + updateID("a").String() + "=10"}, topics, "each topic once, with its last state")
		l.pass(6 * time.Hour)
		require.Len(t, l.site.reports, 1, "what is told already is not told again")
	})
	for cycle, setting := range map[time.Duration]time.Duration{15 * time.Minute: 0, 5 * time.Minute: 5 * time.Minute, time.Hour: time.Hour} {
		t.Run(fmt.Sprint("a cycle of ", cycle), func(t *testing.T) {
			l := newLab(t, leaf("a"))
			l.site.change(func(p *clientagent.Policy) { p.Settings.StateMessageInterval = setting })
			l.step()
			_, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
			l.step()
			for range 130 {
				// Something new every minute: the update is in place, and again is not.
				l.machine.set("a", !l.machine.has("a"))
				_, err = l.agent.Scan(t.Context())
				require.NoError(t, err)
				l.pass(time.Minute)
			}
			require.GreaterOrEqual(t, len(l.site.reports), int(130*time.Minute/cycle))
			for i, report := range l.site.reports[1:] {
				require.GreaterOrEqual(t, report.Date.Sub(l.site.reports[i].Date), cycle)
			}
		})
	}
	t.Run("send unsent state messages", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		_, err := l.agent.Scan(t.Context())
		require.NoError(t, err)
		require.NoError(t, l.agent.SendStateMessages(t.Context()))
		require.Len(t, l.site.reports, 1)
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		require.Zero(t, status.Unsent)
	})
	t.Run("serials without gaps, over restarts and lost answers", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		for i := range 20 {
			l.machine.set("a", i%2 == 0)
			l.site.lose = i%3 == 1
			_, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
			if err := l.agent.SendStateMessages(t.Context()); l.site.lose {
				require.ErrorIs(t, err, errLost)
			}
			if i%4 == 0 {
				l.start()
			}
		}
		require.Empty(t, l.site.breach)
		seen, last := map[int64]string{}, int64(0)
		for _, report := range l.site.reports {
			for _, m := range report.Messages {
				told := fmt.Sprint(topicOf(m), m.StateID, m.Time)
				if before, again := seen[m.Serial]; again {
					require.Equal(t, before, told, "serial %d means one thing", m.Serial)
					continue
				}
				require.Equal(t, last+1, m.Serial)
				seen[m.Serial], last = told, m.Serial
			}
		}
	})
	t.Run("resync after a gap", func(t *testing.T) {
		l := newLab(t, leaf("a"))
		_, err := l.agent.Scan(t.Context())
		require.NoError(t, err)
		l.flush()
		all := len(l.site.current)
		// The site comes from a backup of before: it has none of it, and the next serial leaves a gap.
		l.site.serial = 0
		clear(l.site.current)
		l.site.breach = nil
		l.machine.set("a", true)
		_, err = l.agent.Scan(t.Context())
		require.NoError(t, err)
		l.flush()
		require.Len(t, l.site.breach, 1, "the gap")
		require.Len(t, l.site.current, all)
		require.True(t, l.site.reports[len(l.site.reports)-1].Full)
		require.Equal(t, compliance.Installed, l.site.update("a"))
	})
}
