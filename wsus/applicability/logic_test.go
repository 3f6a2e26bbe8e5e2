package applicability_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const (
	no    = applicability.False
	yes   = applicability.True
	maybe = applicability.Unknown
)

// Most tests want to see what cannot be judged.
var three = applicability.Options{Logic: applicability.ThreeValued}

// Kleene's tables, written out.
func TestKleeneTables(t *testing.T) {
	for _, c := range []struct{ a, b, and, or applicability.Truth }{
		{no, no, no, no}, {no, yes, no, yes}, {no, maybe, no, maybe},
		{yes, no, no, yes}, {yes, yes, yes, yes}, {yes, maybe, maybe, yes},
		{maybe, no, no, maybe}, {maybe, yes, maybe, yes}, {maybe, maybe, maybe, maybe},
	} {
		require.Equal(t, c.and, c.a.And(c.b), "%v and %v", c.a, c.b)
		require.Equal(t, c.or, c.a.Or(c.b), "%v or %v", c.a, c.b)
	}
	require.Equal(t, []applicability.Truth{yes, no, maybe}, []applicability.Truth{no.Not(), yes.Not(), maybe.Not()})
	require.Equal(t, "false true unknown", strings.Join([]string{no.String(), yes.String(), maybe.String()}, " "))
}

func TestKleeneLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		any := rapid.SampledFrom([]applicability.Truth{no, yes, maybe})
		a, b, c := any.Draw(t, "a"), any.Draw(t, "b"), any.Draw(t, "c")
		require.Equal(t, a.And(b), b.And(a))
		require.Equal(t, a.And(b.And(c)), a.And(b).And(c))
		require.Equal(t, a.And(b).Not(), a.Not().Or(b.Not()))
		require.Equal(t, a.And(b.Or(c)), a.And(b).Or(a.And(c)))
		require.Equal(t, a, a.Or(a.And(b)))
		require.Equal(t, a, a.Not().Not())
	})
}

// Trees of rules evaluate as the minimum (And), maximum (Or) and mirror image (Not) of 0, half and 1 do.
func TestTreesAgreeWithModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := drawTree(t, 4)
		r, err := applicability.Evaluate(context.Background(), laboratory(), tree, nil, three)
		require.NoError(t, err)
		want := map[float64]applicability.Truth{0: no, 0.5: maybe, 1: yes}[model(tree)]
		require.Equal(t, want, r.Truth)
	})
}

func drawTree(t *rapid.T, depth int) *metadata.Node {
	kinds := []string{"True", "False", "Riddle"}
	if depth > 0 {
		kinds = append(kinds, "And", "Or", "Not")
	}
	n := &metadata.Node{Name: rapid.SampledFrom(kinds).Draw(t, "kind")}
	children := map[string]int{"Not": 1}[n.Name]
	if n.Name == "And" || n.Name == "Or" {
		children = rapid.IntRange(1, 4).Draw(t, "children")
	}
	for range children {
		n.Children = append(n.Children, drawTree(t, depth-1))
	}
	return n
}

func model(n *metadata.Node) float64 {
	switch n.Name {
	case "True":
		return 1
	case "False":
		return 0
	case "Riddle":
		return 0.5
	case "Not":
		return 1 - model(n.Children[0])
	}
	best := model(n.Children[0])
	for _, c := range n.Children[1:] {
		if n.Name == "And" {
			best = min(best, model(c))
		} else {
			best = max(best, model(c))
		}
	}
	return best
}

func TestLogicNeedsOperands(t *testing.T) {
	run(t, laboratory(), []row{{"<And/>", maybe}, {"<Or/>", maybe}, {"<Not/>", maybe}, {"<Not><True/><True/></Not>", maybe}})
}

func TestUnrecognisedRuleIsNamed(t *testing.T) {
	r := evaluate(t, laboratory(), `<And><True/><b.MoonPhase Is="full"/></And>`, "")
	require.Equal(t, "MoonPhase: rule is not recognised", r.Reason)
	var typed *applicability.RuleError
	require.ErrorAs(t, r.Err, &typed)
	require.Equal(t, "MoonPhase", typed.Rule)
	require.Equal(t, uint32(0x8024E001), uint32(typed.Code))
}

func TestDepthIsLimited(t *testing.T) {
	rule := &metadata.Node{Name: "True"}
	for range applicability.MaxDepth {
		rule = &metadata.Node{Name: "Not", Children: []*metadata.Node{rule}}
	}
	r, err := applicability.Evaluate(t.Context(), laboratory(), rule, nil, three)
	require.NoError(t, err)
	require.Equal(t, maybe, r.Truth)
	require.Equal(t, "True: rules nest deeper than 1000", r.Reason)
}

func TestEvaluateStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := applicability.Evaluate(ctx, laboratory(), &metadata.Node{Name: "True"}, nil, three)
	require.ErrorIs(t, err, context.Canceled)
}

// A rule whose facts cannot be read is unknown, and what does not need them still decides.
func TestBrokenFacts(t *testing.T) {
	m := laboratory()
	m.broken = context.DeadlineExceeded
	key := `<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Empty"/>`
	r := evaluate(t, m, key, "")
	require.Equal(t, maybe, r.Truth)
	require.ErrorIs(t, r.Err, context.DeadlineExceeded)
	run(t, m, []row{{"<Or>" + key + "<True/></Or>", yes}, {"<And>" + key + "<False/></And>", no}, {"<Not>" + key + "</Not>", maybe}})
}
