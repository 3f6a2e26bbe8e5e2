package clientagent_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// What a site hears of a deployment by its detail level, written down by hand: the download, an installation that fails at the deadline, the
// next one a week later, its restart after a countdown of 90 minutes. Reports go every minute.
func TestDetailLevelsOfStateMessages(t *testing.T) {
	for level, told := range map[clientagent.StateMessageVerbosity]string{
		0:                              "302=2 300=2 301=8 402=13 301=6 402=11 301=5 402=9 300=1 301=4 402=10",
		clientagent.VerbosityAll:       "302=2 300=2 301=8 402=13 301=6 402=11 301=5 402=9 300=1 301=4 402=10",
		clientagent.VerbositySuccesses: "302=2 300=2 301=6 402=11 301=5 402=9 300=1 301=4 402=10",
		clientagent.VerbosityErrors:    "301=6 402=11 301=4 402=10", // no pending restart; of the failure, that it is over
		clientagent.VerbosityNone:      "",
	} {
		t.Run(fmt.Sprint(level), func(t *testing.T) {
			l := troubled(t, level)
			require.ElementsMatch(t, strings.Fields(told), l.heard(0))
			require.Empty(t, l.site.breach)
			require.True(t, l.machine.has("a"))

			// A full report has what is current and was told: not more than before.
			l.site.resync = true
			before := len(l.site.history)
			_, err := l.agent.Scan(t.Context())
			require.NoError(t, err)
			l.flush()
			current := map[bool]string{true: "301=4 402=10", false: ""}[level == clientagent.VerbosityErrors]
			if level == 0 || level > clientagent.VerbosityErrors {
				current = "302=2 300=1 301=4 402=10"
			}
			require.ElementsMatch(t, strings.Fields(current), l.heard(before))
		})
	}
}

// When the level of a deployment is raised, the site hears how it stands, even if nothing happens any more.
func TestRaisedDetailLevelTellsHowItStands(t *testing.T) {
	l := troubled(t, clientagent.VerbosityErrors)
	before := len(l.site.history)
	l.options(func(o *clientagent.DeploymentOptions) { o.StateMessageVerbosity = clientagent.VerbosityAll })
	l.pass(2 * time.Hour)
	require.ElementsMatch(t, []string{"302=2", "300=1"}, l.heard(before), "301/4 and 402/10 were told")
	before = len(l.site.history)
	l.options(func(o *clientagent.DeploymentOptions) { o.StateMessageVerbosity = clientagent.VerbosityNone })
	l.pass(10 * 24 * time.Hour)
	require.Empty(t, l.heard(before))
}

// An update belongs to several deployments: whoever wants to hear most of it does.
func TestMostTalkativeDeploymentOfAnUpdateCounts(t *testing.T) {
	l := newLab(t, leaf("a"))
	quiet := l.site.deploy("quiet", l.now, l.now.Add(time.Hour), "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.StateMessageVerbosity = clientagent.VerbosityNone })
	loud := l.site.deploy("loud", l.now, l.now.Add(time.Hour), "a")
	l.pass(2 * time.Hour)
	require.Equal(t, [3]int{-1, -1, -1}, l.assignment(quiet))
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(loud))
	require.Equal(t, 10, l.job("a"))
}

// A failure that is over before the next report, by a state that the level keeps back, is not told any more.
func TestFailureThatIsOverIsNotTold(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.site.deploy("d", l.now, time.Time{}, "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.StateMessageVerbosity = clientagent.VerbosityErrors })
	l.step()
	l.machine.fail["a"] = failing(clientagent.CodeExecutionTimeout)
	require.Error(t, l.agent.Install(t.Context(), updateID("a")))
	l.machine.fail["a"], l.machine.restarts["a"] = nil, true
	require.NoError(t, l.agent.Install(t.Context(), updateID("a")))
	l.flush()
	require.Empty(t, l.heard(0))
}

// troubled is a lab that has gone through all of a deployment of that level, with a state message cycle of a minute.
func troubled(t *testing.T, level clientagent.StateMessageVerbosity) *lab {
	l := newLab(t, leaf("a"))
	l.config.Pace = clientagent.Pace{StateMessages: time.Minute}
	l.start()
	l.machine.loggedOn = true
	l.machine.fail["a"] = failing(clientagent.CodeExecutionTimeout)
	l.site.deploy("d", l.now, l.now.Add(2*time.Hour), "a")
	l.options(func(o *clientagent.DeploymentOptions) { o.StateMessageVerbosity = level })
	l.passWith(4*time.Hour, clientagent.CodeExecutionTimeout)
	l.machine.fail["a"] = nil
	l.machine.restarts["a"] = true
	l.pass(8 * 24 * time.Hour)
	require.Equal(t, 1, l.machine.restarted)
	return l
}

// heard is what the site was told from an entry of its history on, as far as a detail level decides about it.
func (l *lab) heard(from int) (topics []string) {
	for _, entry := range l.site.history[from:] {
		topic, id, _ := strings.Cut(entry, "/")
		_, state, _ := strings.Cut(id, "=")
		if topic != "500" && topic != "501" {
			topics = append(topics, topic+"="+state)
		}
	}
	return topics
}
