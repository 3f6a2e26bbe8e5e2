package clientagent_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

const bigSize = 400 << 10

// Three updates are installed hour by hour, and two fit: the least recently used one goes, a day after it was used.
func TestCacheIsBroughtToItsSizeAfterADay(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c)
	cache := cacheLab(t, l)
	for _, name := range []string{"a", "b", "c"} {
		l.site.deploy(name, l.now, l.now.Add(time.Minute), name)
		l.pass(time.Hour)
		require.Equal(t, compliance.Installed, l.site.update(name))
	}
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c))
	require.Equal(t, clientagent.CacheStatus{Size: 3 * bigSize, Limit: 1 << 20, Code: 11704}, l.cacheStatus(), "nothing is old enough")

	l.pass(cache.used[a.ref().SHA1].Add(24*time.Hour - time.Minute).Sub(l.now))
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c))
	l.pass(time.Minute)
	require.Equal(t, []string{"b", "c"}, l.holds(cache, a, b, c))
	require.Equal(t, clientagent.CacheStatus{Size: 2 * bigSize, Limit: 1 << 20}, l.cacheStatus())
	l.pass(10 * 24 * time.Hour)
	require.Equal(t, []string{"b", "c"}, l.holds(cache, a, b, c), "what fits stays")
}

// What no deployment names goes before what a re-evaluation may want again, although it was used later; and rule 19: what goes missing is
// installed again from the cache.
func TestCacheKeepsWhatAReevaluationMayWant(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c)
	cache := cacheLab(t, l)
	for _, name := range []string{"a", "b", "c"} {
		l.site.deploy(name, l.now, l.now.Add(time.Minute), name)
		l.pass(time.Hour)
	}
	l.site.undeploy("b")
	l.pass(26 * time.Hour)
	require.Equal(t, []string{"a", "c"}, l.holds(cache, a, b, c))

	l.machine.set("a", false)
	fetched := l.server.fetched
	l.pass(8 * 24 * time.Hour)
	require.Equal(t, 2, l.machine.installs["a"])
	require.Equal(t, fetched, l.server.fetched, "from the cache")
}

// Three updates that are all still to be installed are larger than the cache: they are fetched, kept and installed all the same, and that is
// told once in the log and in the status.
func TestCacheLimitBlocksNoInstallation(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c)
	cache := cacheLab(t, l)
	var log bytes.Buffer
	l.config.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	l.start()
	id := l.site.deploy("all", l.now, l.now.Add(72*time.Hour), "a", "b", "c")
	l.pass(70 * time.Hour)
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c))
	require.Equal(t, clientagent.CacheStatus{Size: 3 * bigSize, Needed: 3 * bigSize, Limit: 1 << 20, Code: 11705}, l.cacheStatus())
	require.Equal(t, 1, strings.Count(log.String(), "cache exceeds its maximum size"))
	require.Contains(t, log.String(), "content is larger than the total cache")

	fetched := l.server.fetched
	l.pass(3 * time.Hour)
	l.flush()
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, fetched, l.server.fetched, "what was fetched ahead was there")
	l.pass(48 * time.Hour)
	require.Len(t, l.holds(cache, a, b, c), 2)
	require.Zero(t, l.cacheStatus().Code)
}

// What waits for a restart, what was left to the night, and what is fetched ahead of a user's choice is needed, however old it is.
func TestCacheKeepsWhatIsNeeded(t *testing.T) {
	a, b, c, d := big("a"), big("b"), big("c"), big("d")
	l := newLab(t, a, b, c, d)
	l.machine.restarts["a"] = true
	cache := cacheLab(t, l)
	l.stock(cache, d)
	l.site.deploy("restart", l.now, l.now.Add(time.Minute), "a")
	l.site.deploy("choice", l.now, time.Time{}, "b")
	l.site.deploy("far", l.now, l.now.Add(60*24*time.Hour), "c")
	l.site.change(func(p *clientagent.Policy) {
		p.Settings.ComputerRestart.CanForceRestart = clientagent.No
		p.Deployments[1].PreDownload = true
	})
	l.pass(30 * time.Hour)
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c, d), "what nobody knows goes after a day")
	l.pass(20 * 24 * time.Hour)
	require.Equal(t, []string{"a", "b", "c"}, l.holds(cache, a, b, c, d))
	require.EqualValues(t, 11705, l.cacheStatus().Code)

	// A longer life in the settings than in the cache is nobody's harm; the choice is taken back, and the content goes.
	l.site.undeploy("choice")
	l.pass(2 * time.Hour)
	require.Equal(t, []string{"a", "c"}, l.holds(cache, a, b, c, d))
}

// A bundle needs the content of its parts.
func TestCacheKeepsThePartsOfABundle(t *testing.T) {
	l, cache, part, old, older := bundleLab(t)
	l.stock(cache, old)
	l.stock(cache, older)
	l.pass(10 * 24 * time.Hour)
	require.Contains(t, l.holds(cache, part, old, older), "part")
	require.Len(t, l.holds(cache, part, old, older), 2)
}

// A cache that cannot be listed or cleaned is told of, and keeps nothing from being installed.
func TestBrokenCleanerBlocksNoInstallation(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c)
	cache := cacheLab(t, l)
	l.stock(cache, b)
	l.stock(cache, c)
	broken := errors.New("the disk is worn out")
	cache.listing = broken
	id := l.site.deploy("d", l.now, l.now.Add(time.Minute), "a")
	failures := 0
	for end := l.now.Add(5 * time.Hour); l.now.Before(end); {
		next, err := l.agent.Step(t.Context(), l.now)
		if err != nil {
			require.ErrorIs(t, err, broken)
			failures++
		}
		require.True(t, next.After(l.now))
		l.now = next
	}
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Less(t, failures, 20)

	// Somebody downloads what could go: it is left alone, and goes later.
	busy := true
	cache.listing = nil
	cache.removing = func(content.SHA1) error {
		if busy {
			return content.ErrBusy
		}
		return nil
	}
	l.pass(30 * time.Hour)
	require.Len(t, l.holds(cache, a, b, c), 3)
	busy = false
	l.pass(2 * time.Hour)
	require.Len(t, l.holds(cache, a, b, c), 2)
}

// Settings of the site decide: a dormant agent removes nothing, and another size or duration holds with the next policy.
func TestCacheFollowsItsSettings(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c)
	cache := cacheLab(t, l)
	for _, p := range []published{a, b, c} {
		l.stock(cache, p)
	}
	l.site.change(func(p *clientagent.Policy) { p.Settings.Enabled = false })
	l.pass(50 * time.Hour)
	require.Empty(t, cache.removed)
	l.site.change(func(p *clientagent.Policy) {
		p.Settings.Enabled, p.Settings.ClientCache = true, clientagent.ClientCacheSettings{MinimumDuration: 10 * time.Minute}
	})
	l.pass(2 * time.Hour)
	require.Empty(t, cache.removed, "5120 MB are enough")
	l.site.change(func(p *clientagent.Policy) { p.Settings.ClientCache.MaxCacheSize = 1 })
	l.pass(80 * time.Minute)
	require.Len(t, cache.removed, 1)
}

// A clock that was wrong once must not keep content for ever.
func TestCacheSurvivesAWrongClock(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l := newLab(t, a, b, c)
	cache := cacheLab(t, l)
	right := l.now
	l.now = l.now.AddDate(3, 0, 0)
	for _, name := range []string{"a", "b", "c"} {
		l.site.deploy(name, right, right.Add(time.Minute), name)
	}
	l.pass(time.Hour)
	require.Len(t, l.holds(cache, a, b, c), 3)
	l.now = right
	l.pass(30 * time.Hour)
	require.Len(t, l.holds(cache, a, b, c), 2)
}
