package applicability_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Prerequisites of any shape, circles included, agree with a slow model: start from nothing installed, and install what has its
// prerequisites until nothing changes.
func TestPrerequisitesAgreeWithModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		updates := drawUpdates(t, false)
		want := map[byte]bool{}
		for changed := true; changed; {
			changed = false
			for _, u := range updates {
				if u.rules == "t" && !want[u.name] && allSatisfied(u.needs, want) {
					want[u.name], changed = true, true
				}
			}
		}
		s := scanOf(updates...)
		for _, u := range rapid.Permutation(updates).Draw(t, "order") {
			got, err := s.IsInstalled(context.Background(), id(u.name))
			require.NoError(t, err)
			require.Equal(t, want[u.name], got, "%c of %+v", u.name, updates)
		}
	})
}

// With bundles and supersedence in circles, a scan still ends and says the same twice.
func TestScanOfAnyShapeEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		updates := drawUpdates(t, true)
		var cores []*metadata.Core
		for _, u := range updates {
			cores = append(cores, u.core())
		}
		first := statesOf(t, laboratory(), three, nil, cores)
		require.Len(t, first, len(updates))
		require.Equal(t, first, statesOf(t, laboratory(), three, nil, cores))
	})
}

func drawUpdates(t *rapid.T, all bool) []update {
	names := "ABCDEF"[:rapid.IntRange(1, 6).Draw(t, "updates")]
	letters := rapid.StringOfN(rapid.SampledFrom([]rune(names)), 1, 3, -1)
	clauses := func(label string) string {
		return strings.Join(rapid.SliceOfN(letters, 0, 2).Draw(t, label), " ")
	}
	var updates []update
	for i := range len(names) {
		u := update{name: names[i], rules: rapid.SampledFrom([]string{"t", "f"}).Draw(t, "rules"), needs: clauses("needs")}
		if all {
			u.rules = rapid.SampledFrom([]string{"t", "f-t", "f-f", "?", ""}).Draw(t, "all rules")
			u.bundles, u.supersedes = clauses("bundles"), strings.ReplaceAll(clauses("supersedes"), " ", "")
		}
		updates = append(updates, u)
	}
	return updates
}

// drawStraight are updates of any shape that depend only on those before them.
func drawStraight(t *rapid.T) []update {
	updates := drawUpdates(t, true)
	for i := range updates {
		before := func(clauses string) string {
			return strings.Join(strings.Fields(strings.Map(func(name rune) rune {
				if name == ' ' || byte(name) < updates[i].name {
					return name
				}
				return -1
			}, clauses)), " ")
		}
		updates[i].needs, updates[i].bundles = before(updates[i].needs), before(updates[i].bundles)
	}
	return updates
}

func allSatisfied(needs string, installed map[byte]bool) bool {
	for _, names := range strings.Fields(needs) {
		found := false
		for i := range len(names) {
			found = found || installed[names[i]]
		}
		if !found {
			return false
		}
	}
	return true
}

// circularBundles tells whether some update depends on itself: no order of judging is the right one for bundles then.
func circularBundles(updates []update) bool {
	below := map[byte]string{}
	for _, u := range updates {
		below[u.name] = strings.ReplaceAll(u.needs+u.bundles, " ", "")
	}
	for _, u := range updates {
		seen, queue := map[byte]bool{}, below[u.name]
		for len(queue) > 0 {
			next := queue[0]
			queue = queue[1:]
			if next == u.name {
				return true
			}
			if !seen[next] {
				seen[next] = true
				queue += below[next]
			}
		}
	}
	return false
}
