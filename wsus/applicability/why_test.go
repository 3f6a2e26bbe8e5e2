package applicability_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// The whole of an explanation, written out by hand: a bundle behind a detectoid, with a member that is required.
func TestWhyText(t *testing.T) {
	s := scanOf(update{name: 'D', rules: "t"}, update{name: 'E', rules: "f"}, update{name: 'R', rules: "f-t", needs: "ED"},
		update{name: 'B', bundles: "R X", needs: "D"}, update{name: 'C', bundles: "R", needs: "D"})
	x, err := s.Why(t.Context(), id('C'))
	require.NoError(t, err)
	x.Titles(func(id uuid.UUID) string { return map[byte]string{'C': "The bundle", 'D': "A condition"}[id[15]] })
	var b strings.Builder
	require.NoError(t, x.WriteText(&b))
	c, d, r := id('C').String(), id('D').String(), id('R').String()
	require.Equal(t, `required: The bundle (`+c+` revision 1)
  because member `+r+` is required: the rule never holds
  prerequisite 1 of 1: holds
    installed: A condition (`+d+` revision 1)
      because the rule always holds
      IsInstalled:
        true     True: the rule always holds
  member 1 of 1: required
    required: `+r+` revision 1
      because it is not installed: the rule never holds
      prerequisite 1 of 1: holds, one of 2 is enough, the other makes no difference
        installed: A condition (`+d+` revision 1)
          as explained above
      IsInstalled:
        false    False: the rule never holds
      IsInstallable:
        true     True: the rule always holds
`, b.String())
	x, err = s.Why(t.Context(), id('B'))
	require.NoError(t, err)
	require.Equal(t, notApplicable, x.Verdict.State)
	require.Equal(t, []applicability.State{required, notApplicable}, []applicability.State{x.Bundled[0].State, x.Bundled[1].State})
	require.Equal(t, id('X'), x.Bundled[1].Unknown[0].UpdateID)
	_, err = s.Why(t.Context(), id('X'))
	require.ErrorIs(t, err, applicability.ErrUnknownUpdate)
}

func TestWhySkipsWhatMakesNoDifference(t *testing.T) {
	s := scanOf(update{name: 'N', rules: "f"}, update{name: 'A', rules: "t-t", needs: "N N"}, update{name: 'I', rules: "ttt"}, update{name: 'R', rules: "f-t", supersedes: "V"},
		update{name: 'V', rules: "f-t"})
	x, err := s.Why(t.Context(), id('A'))
	require.NoError(t, err)
	require.True(t, x.Prerequisites[1].Skipped)
	require.True(t, x.Rules[0].Trace.Skipped)
	require.True(t, x.Rules[1].Trace.Skipped)
	x, err = s.Why(t.Context(), id('I'))
	require.NoError(t, err)
	require.Equal(t, []bool{false, true, true}, []bool{x.Rules[0].Trace.Skipped, x.Rules[1].Trace.Skipped, x.Rules[2].Trace.Skipped})
	x, err = s.Why(t.Context(), id('V'))
	require.NoError(t, err)
	require.Equal(t, superseded, x.Verdict.State)
	require.Equal(t, id('R'), x.SupersededBy)
	data, err := json.Marshal(&x)
	require.NoError(t, err)
	require.Contains(t, string(data), `"state":"superseded"`)
	require.Contains(t, string(data), `"supersededBy":"`+id('R').String()+`"`)
}

// What an explanation says is what the scan says, for catalogues of any shape and in both logics, and explaining asks the machine
// nothing more.
func TestWhyAgreesWithVerdicts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		updates := drawUpdates(t, true)
		m := laboratory()
		m.asked = map[string]int{}
		s := applicability.NewScan(m, applicability.Options{Logic: rapid.SampledFrom([]applicability.Logic{applicability.TwoValued, applicability.ThreeValued}).Draw(t, "logic")})
		for _, u := range updates {
			s.Add(u.core())
		}
		verdicts, err := s.Verdicts(context.Background())
		require.NoError(t, err)
		for id, v := range verdicts {
			x, err := s.Why(context.Background(), id)
			require.NoError(t, err)
			require.Equal(t, v, x.Verdict)
			_, err = json.Marshal(&x)
			require.NoError(t, err)
			require.NoError(t, x.WriteText(&strings.Builder{}))
		}
	})
}

// Facts that are missing below an update are named with it.
func TestWhyNamesMissingFacts(t *testing.T) {
	s := applicability.NewScan(laboratory(), three)
	detectoid, leaf := update{name: 'D'}.core(), update{name: 'A', rules: "f-t", needs: "D"}.core()
	detectoid.Rules.IsInstalled, _ = ruleOf(t, `<And><b.Memory MinSizeInMB="4"/><b.InstalledOnce/></And>`, "")
	s.Add(detectoid, leaf)
	x, err := s.Why(t.Context(), id('A'))
	require.NoError(t, err)
	require.Equal(t, undecided, x.Verdict.State)
	require.Equal(t, []string{"equipment.memory", "history"}, x.Missing())
	var typed *applicability.RuleError
	require.ErrorAs(t, x.Verdict.Err, &typed)
	require.Equal(t, "equipment.memory", typed.Fact)
}

// With titles, ids in reasons are read as titles; ids of updates that have none stay.
func TestWhyTextNamesUpdates(t *testing.T) {
	s := scanOf(update{name: 'N', rules: "f"}, update{name: 'P', rules: "f"}, update{name: 'A', rules: "f-t", needs: "NP"},
		update{name: 'R', rules: "f-t", supersedes: "V"}, update{name: 'V', rules: "f-t"})
	titles := func(id uuid.UUID) string {
		return map[byte]string{'N': "A condition", 'R': "The newer one"}[id[15]]
	}
	for name, want := range map[byte]string{
		'A': `because prerequisite "A condition" or ` + id('P').String() + " is not installed\n",
		'V': `because superseded by "The newer one", which is required` + "\n",
	} {
		x, err := s.Why(t.Context(), id(name))
		require.NoError(t, err)
		x.Titles(titles)
		var b strings.Builder
		require.NoError(t, x.WriteText(&b))
		require.Contains(t, b.String(), want)
		require.NotContains(t, x.Verdict.Reason, "condition", "the verdict itself stays as the scan has it")
	}
}

// What is missing stands in the text too, once, above everything else.
func TestWhyTextTellsMissingFacts(t *testing.T) {
	detectoid, leaf := update{name: 'D'}.core(), update{name: 'A', rules: "f-t", needs: "D"}.core()
	detectoid.Rules.IsInstalled, _ = ruleOf(t, `<And><b.Memory MinSizeInMB="4"/><b.InstalledOnce/></And>`, "")
	for logic, want := range map[applicability.Logic]string{
		applicability.ThreeValued: "unknown: ",
		applicability.TwoValued:   "not applicable: ",
	} {
		s := applicability.NewScan(laboratory(), applicability.Options{Logic: logic})
		s.Add(detectoid, leaf)
		x, err := s.Why(t.Context(), id('A'))
		require.NoError(t, err)
		var b strings.Builder
		require.NoError(t, x.WriteText(&b))
		lines := strings.Split(b.String(), "\n")
		require.True(t, strings.HasPrefix(lines[0], want), b.String())
		require.Contains(t, b.String(), "InstalledOnce: the machine's facts do not tell the install history\n")
		if logic == applicability.TwoValued {
			require.Contains(t, b.String(), "prerequisite 1 of 1: does not hold\n")
			continue // the update itself is judged: it does not apply
		}
		require.Equal(t, []string{"  missing fact: equipment.memory", "  missing fact: history"}, lines[2:4])
		require.Equal(t, 2, strings.Count(b.String(), "missing fact"))
		require.Contains(t, b.String(), "prerequisite 1 of 1: is unknown\n")
	}
}

// A required update that something which cannot be judged may supersede: the text shows what.
func TestWhyTextShowsPossibleSuperseders(t *testing.T) {
	s := applicability.NewScan(laboratory(), three)
	s.Add(update{name: 'V', rules: "f-t"}.core(), update{name: 'R', rules: "f-?", supersedes: "V"}.core())
	x, err := s.Why(t.Context(), id('V'))
	require.NoError(t, err)
	require.Equal(t, undecided, x.Verdict.State)
	var b strings.Builder
	require.NoError(t, x.WriteText(&b))
	require.Contains(t, b.String(), "\n  may be superseded by:\n    unknown: "+id('R').String()+" revision 1\n      cannot be judged: Riddle: rule is not recognised\n")
}

// The deepest rule that a document can hold is judged, explained and written, in time that does not grow with the square of its depth.
func TestExplanationOfTheDeepestRule(t *testing.T) {
	const depth = 990 // what is left of metadata.MaxDepth beside the document around it
	rule, _ := ruleOf(t, strings.Repeat("<Not>", depth)+"<True/>"+strings.Repeat("</Not>", depth), "")
	for _, logic := range []applicability.Logic{applicability.TwoValued, applicability.ThreeValued} {
		trace, err := applicability.Explain(t.Context(), laboratory(), rule, nil, applicability.Options{Logic: logic})
		require.NoError(t, err)
		require.Equal(t, yes, trace.Truth)
		require.Contains(t, textOf(t, trace), "True: the rule always holds")
		data, err := json.Marshal(trace)
		require.NoError(t, err)
		require.Equal(t, depth+1, strings.Count(string(data), `"rule":`))
	}
}
