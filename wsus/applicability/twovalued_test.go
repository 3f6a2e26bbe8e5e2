package applicability_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// What agents make of rules that cannot be judged: the update is not offered, whatever stands around the rule, and the verdict tells
// the error. A Not does not turn an error into True.
func TestTwoValuedVerdicts(t *testing.T) {
	for rules, want := range map[string]applicability.State{
		"t--": installed, "f-t": required, "ftt": superseded, "f-f": notApplicable,
		"?-t": notApplicable, "f?t": notApplicable, "f-?": notApplicable, "?tt": notApplicable,
	} {
		s := applicability.NewScan(laboratory(), applicability.Options{})
		s.Add(update{name: 'A', rules: rules}.core())
		v, err := s.Verdict(t.Context(), id('A'))
		require.NoError(t, err)
		require.Equal(t, want, v.State, rules)
		var typed *applicability.RuleError
		if rules[0] == '?' || rules == "f?t" || rules == "f-?" {
			require.ErrorAs(t, v.Err, &typed, rules)
			require.Equal(t, uint32(0x8024E001), uint32(typed.Code))
			require.Equal(t, "Riddle: rule is not recognised", v.Reason)
		} else {
			require.NoError(t, v.Err)
		}
	}
	riddle := &metadata.Node{Name: "Riddle"}
	for _, rule := range []*metadata.Node{riddle, above(node("Not"), riddle), above(node("And"), node("True"), riddle), above(node("Or"), node("False"), riddle)} {
		r, err := applicability.Evaluate(t.Context(), laboratory(), rule, nil, applicability.Options{})
		require.NoError(t, err)
		require.Equal(t, no, r.Truth)
		require.Error(t, r.Err)
	}
}

// Two-valued is three-valued with every update that cannot be judged by its own rules put down as one that does not apply.
func TestTwoValuedAgreesWithThreeValued(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		updates := drawStraight(t)
		two := applicability.NewScan(laboratory(), applicability.Options{})
		put := applicability.NewScan(laboratory(), three)
		for _, u := range updates {
			two.Add(u.core())
			c := u.core()
			if r := c.Rules.IsInstalled; r != nil && r.Name == "Riddle" && len(c.Relationships.Bundled) == 0 {
				c.Rules = metadata.Rules{}
			}
			if len(c.Relationships.Bundled) > 0 && c.Rules.IsInstalled != nil && c.Rules.IsInstalled.Name == "Riddle" {
				c.Relationships.Prerequisites = append(c.Relationships.Prerequisites, clause("?", 0))
			}
			put.Add(c)
		}
		a, err := two.Verdicts(context.Background())
		require.NoError(t, err)
		b, err := put.Verdicts(context.Background())
		require.NoError(t, err)
		for id, v := range a {
			require.Equal(t, b[id].State, v.State, "%c of %+v: %s", id[15], updates, v.Reason)
		}
	})
}

// Judged is judged: telling more of a machine never changes what three-valued logic had decided, and what it had decided is what
// two-valued logic says. laws_test.go has the same over facts.
func TestMoreFactsNeverFlipDecisions(t *testing.T) {
	words := []string{"f", "t"}
	rapid.Check(t, func(t *rapid.T) {
		updates := drawStraight(t)
		told := append([]update(nil), updates...)
		for i, u := range told {
			if u.rules == "?" {
				told[i].rules = rapid.SampledFrom(words).Draw(t, "now told") + "-" + rapid.SampledFrom(words).Draw(t, "and this")
			}
		}
		before, err := scanOf(updates...).Verdicts(context.Background())
		require.NoError(t, err)
		after, err := scanOf(told...).Verdicts(context.Background())
		require.NoError(t, err)
		two := applicability.NewScan(laboratory(), applicability.Options{})
		for _, u := range updates {
			two.Add(u.core())
		}
		agents, err := two.Verdicts(context.Background())
		require.NoError(t, err)
		for id, v := range before {
			if v.State == undecided {
				continue
			}
			require.Equal(t, v.State, after[id].State, "%c of %+v, told %+v", id[15], updates, told)
			require.Equal(t, v.State, agents[id].State, "%c of %+v", id[15], updates)
		}
	})
}

// The same for single rules: trees over facts of which some are not told.
func TestMoreFactsNeverFlipRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := drawTree(t, 4)
		before, err := applicability.Evaluate(context.Background(), laboratory(), tree, nil, three)
		require.NoError(t, err)
		two, err := applicability.Evaluate(context.Background(), laboratory(), tree, nil, applicability.Options{})
		require.NoError(t, err)
		require.Equal(t, before.Truth == yes, two.Truth == yes)
		require.NotEqual(t, maybe, two.Truth)
		tell(t, tree)
		after, err := applicability.Evaluate(context.Background(), laboratory(), tree, nil, three)
		require.NoError(t, err)
		if before.Truth != maybe {
			require.Equal(t, before.Truth, after.Truth)
		}
		require.NotEqual(t, maybe, after.Truth)
	})
}

// tell makes every riddle in a tree true or false.
func tell(t *rapid.T, n *metadata.Node) {
	if n.Name == "Riddle" {
		n.Name = rapid.SampledFrom([]string{"True", "False"}).Draw(t, "told")
	}
	for _, c := range n.Children {
		tell(t, c)
	}
}
