package applicability_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// tellable is a machine of a few registry keys, each of which is there, missing or not told.
type tellable struct {
	*machine
	told map[string]bool
}

const tellableKeys = 5

func tellableKey(i int) string { return fmt.Sprintf(`software\key%d`, i) }

func (m tellable) Registry(_ context.Context, _ applicability.View, key string) (applicability.Key, error) {
	there, told := m.told[key]
	switch {
	case !told:
		return applicability.Key{}, errors.New("not told")
	case !there:
		return applicability.Key{}, applicability.ErrNotFound
	}
	return applicability.Key{}, nil
}

func drawTellable(t *rapid.T) tellable {
	m := tellable{laboratory(), map[string]bool{}}
	for i := range tellableKeys {
		switch rapid.SampledFrom([]string{"there", "missing", "not told"}).Draw(t, tellableKey(i)) {
		case "there":
			m.told[tellableKey(i)] = true
		case "missing":
			m.told[tellableKey(i)] = false
		}
	}
	return m
}

// tellMore is the same machine with some of the facts told that were not.
func (m tellable) tellMore(t *rapid.T, all bool) tellable {
	more := tellable{m.machine, map[string]bool{}}
	for i := range tellableKeys {
		key := tellableKey(i)
		there, told := m.told[key]
		switch {
		case told:
			more.told[key] = there
		case all || rapid.Bool().Draw(t, key+" is told now"):
			more.told[key] = rapid.Bool().Draw(t, key+" is there")
		}
	}
	return more
}

// drawCondition is a tree of rules over the keys.
func drawCondition(t *rapid.T, depth int) *metadata.Node {
	kinds := []string{"key", "key", "key", "True", "False"}
	if depth > 0 {
		kinds = append(kinds, "And", "Or", "Not", "And", "Or", "Not")
	}
	kind := rapid.SampledFrom(kinds).Draw(t, "kind")
	switch kind {
	case "key":
		return node("RegKeyExists", "Key", "HKEY_LOCAL_MACHINE", "Subkey", tellableKey(rapid.IntRange(0, tellableKeys-1).Draw(t, "which")))
	case "Not":
		return above(node(kind), drawCondition(t, depth-1))
	case "And", "Or":
		var parts []*metadata.Node
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			parts = append(parts, drawCondition(t, depth-1))
		}
		return above(node(kind), parts...)
	}
	return node(kind)
}

// drawCatalogue are updates of any shape, with rules over the keys. Bundles in circles, for which no order of judging is the right one,
// are bundles no more.
func drawCatalogue(t *rapid.T) []*metadata.Core {
	updates := drawUpdates(t, true)
	if circularBundles(updates) {
		for i := range updates {
			updates[i].bundles = ""
		}
	}
	var cores []*metadata.Core
	for _, u := range updates {
		c := u.core()
		c.Rules = metadata.Rules{}
		for _, place := range []**metadata.Node{&c.Rules.IsInstalled, &c.Rules.IsSuperseded, &c.Rules.IsInstallable} {
			if rapid.IntRange(0, 3).Draw(t, "has a rule") > 0 {
				*place = drawCondition(t, 2)
			}
		}
		cores = append(cores, c)
	}
	return cores
}

func statesOf(t *rapid.T, facts applicability.Facts, options applicability.Options, withheld []uuid.UUID, cores []*metadata.Core) map[uuid.UUID]applicability.State {
	s := applicability.NewScan(facts, options)
	s.Add(cores...)
	s.Withhold(withheld...)
	verdicts, err := s.Verdicts(context.Background())
	require.NoError(t, err)
	states := map[uuid.UUID]applicability.State{}
	for id, v := range verdicts {
		states[id] = v.State
	}
	return states
}

// Telling more of a machine never flips what was decided, neither of a rule nor of an update with its prerequisites, members and
// superseders; when everything is told, everything is decided, as two-valued logic does.
func TestTellingMoreNeverFlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, rule := drawTellable(t), drawCondition(t, 4)
		r, err := applicability.Evaluate(context.Background(), before, rule, nil, three)
		require.NoError(t, err)
		after := before.tellMore(t, false)
		told, err := applicability.Evaluate(context.Background(), after, rule, nil, three)
		require.NoError(t, err)
		if r.Truth != maybe {
			require.Equal(t, r.Truth, told.Truth)
		}
		whole, err := applicability.Evaluate(context.Background(), after.tellMore(t, true), rule, nil, three)
		require.NoError(t, err)
		require.NotEqual(t, maybe, whole.Truth)
	})
}

func TestTellingMoreNeverFlipsVerdicts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before, cores := drawTellable(t), drawCatalogue(t)
		var withheld []uuid.UUID
		if rapid.Bool().Draw(t, "withheld") {
			withheld = append(withheld, cores[0].UpdateID)
		}
		after := before.tellMore(t, false)
		whole := after.tellMore(t, true)
		states, told := statesOf(t, before, three, withheld, cores), statesOf(t, after, three, withheld, cores)
		all := statesOf(t, whole, three, withheld, cores)
		require.Equal(t, statesOf(t, whole, applicability.Options{}, withheld, cores), all)
		for id, state := range states {
			require.NotEqual(t, undecided, all[id])
			if state != undecided {
				require.Equal(t, state, told[id], "%c", id[15])
				require.Equal(t, state, all[id], "%c", id[15])
			}
		}
	})
}

// laws rewrite a rule into one that says the same.
var laws = map[string]func(t *rapid.T, n *metadata.Node) *metadata.Node{
	"double negation": func(_ *rapid.T, n *metadata.Node) *metadata.Node { return above(node("Not"), above(node("Not"), n)) },
	"idempotence":     func(_ *rapid.T, n *metadata.Node) *metadata.Node { return above(node("And"), n, n) },
	"neutral True":    func(_ *rapid.T, n *metadata.Node) *metadata.Node { return above(node("And"), node("True"), n) },
	"neutral False":   func(_ *rapid.T, n *metadata.Node) *metadata.Node { return above(node("Or"), n, node("False")) },
	"absorption": func(t *rapid.T, n *metadata.Node) *metadata.Node {
		return above(node("Or"), n, above(node("And"), n, drawCondition(t, 1)))
	},
	"De Morgan": func(_ *rapid.T, n *metadata.Node) *metadata.Node {
		other := map[string]string{"And": "Or", "Or": "And"}[n.Name]
		if other == "" {
			return n
		}
		var parts []*metadata.Node
		for _, c := range n.Children {
			parts = append(parts, above(node("Not"), c))
		}
		return above(node("Not"), above(node(other), parts...))
	},
	"commutativity": func(_ *rapid.T, n *metadata.Node) *metadata.Node {
		if n.Name != "And" && n.Name != "Or" {
			return n
		}
		turned := above(node(n.Name), slices.Clone(n.Children)...)
		slices.Reverse(turned.Children)
		return turned
	},
}

// What Kleene's laws take for the same gives the same truth and the same verdicts, in both logics.
func TestLawsHoldInRulesAndVerdicts(t *testing.T) {
	for name, law := range laws {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				m, cores := drawTellable(t), drawCatalogue(t)
				var rewritten []*metadata.Core
				for _, c := range cores {
					other := *c
					for _, place := range []**metadata.Node{&other.Rules.IsInstalled, &other.Rules.IsSuperseded, &other.Rules.IsInstallable} {
						if *place != nil {
							rule := *place
							*place = law(t, rule)
							requireSameTruth(t, m, rule, *place)
						}
					}
					rewritten = append(rewritten, &other)
				}
				for _, options := range []applicability.Options{{}, three} {
					require.Equal(t, statesOf(t, m, options, nil, cores), statesOf(t, m, options, nil, rewritten))
				}
			})
		})
	}
}

func requireSameTruth(t *rapid.T, m applicability.Facts, a, b *metadata.Node) {
	first, err := applicability.Evaluate(context.Background(), m, a, nil, three)
	require.NoError(t, err)
	second, err := applicability.Evaluate(context.Background(), m, b, nil, three)
	require.NoError(t, err)
	require.Equal(t, first.Truth, second.Truth)
}
