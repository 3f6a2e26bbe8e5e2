package applicability_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Updates of these tests are named by one letter.
func id(name byte) uuid.UUID { return uuid.UUID{15: name} }

func rev(name byte, revision int32) metadata.Identity {
	return metadata.Identity{UpdateID: id(name), Revision: revision}
}

// clause takes "AB" as "A or B".
func clause(names string, revision int32) metadata.Clause {
	var c metadata.Clause
	for i := range len(names) {
		c.Members = append(c.Members, rev(names[i], revision))
	}
	return c
}

// update is written as: installed, superseded and installable rule (t, f, ? or - for none), then what it relates to.
type update struct {
	name     byte
	revision int32
	rules    string
	// needs and bundles are clauses separated by spaces; supersedes are letters.
	needs, bundles, supersedes string
}

func (u update) core() *metadata.Core {
	c := &metadata.Core{Identity: rev(u.name, max(u.revision, 1)), Type: metadata.Software}
	for i, place := range []**metadata.Node{&c.Rules.IsInstalled, &c.Rules.IsSuperseded, &c.Rules.IsInstallable} {
		if i < len(u.rules) && u.rules[i] != '-' {
			*place = &metadata.Node{Name: map[byte]string{'t': "True", 'f': "False", '?': "Riddle"}[u.rules[i]]}
		}
	}
	for _, names := range strings.Fields(u.needs) {
		c.Relationships.Prerequisites = append(c.Relationships.Prerequisites, clause(names, 0))
	}
	for _, names := range strings.Fields(u.bundles) {
		c.Relationships.Bundled = append(c.Relationships.Bundled, clause(names, 1))
	}
	for i := range len(u.supersedes) {
		c.Relationships.Superseded = append(c.Relationships.Superseded, id(u.supersedes[i]))
	}
	return c
}

func scanOf(updates ...update) *applicability.Scan {
	s := applicability.NewScan(laboratory(), three)
	for _, u := range updates {
		s.Add(u.core())
	}
	return s
}

const (
	notApplicable = applicability.NotApplicable
	required      = applicability.Required
	installed     = applicability.Installed
	superseded    = applicability.Superseded
	undecided     = applicability.Undecided
)

// The order of the rules, with every combination that matters.
func TestVerdictOfRules(t *testing.T) {
	for rules, want := range map[string]applicability.State{
		"t--": installed, "ttt": installed, "t?t": installed,
		"?-t": undecided, "?tt": undecided,
		"f-t": required, "fft": required, "--t": required,
		"ftt": superseded, "ft-": superseded, "ft?": superseded,
		"f-f": notApplicable, "f--": notApplicable, "---": notApplicable,
		"f?t": undecided, "f?f": undecided, "f?-": undecided, "f-?": undecided,
	} {
		v, err := scanOf(update{name: 'A', rules: rules}).Verdict(t.Context(), id('A'))
		require.NoError(t, err)
		require.Equal(t, want, v.State, rules)
		require.NotEmpty(t, v.Reason, rules)
	}
}

func TestPrerequisites(t *testing.T) {
	yes, no, riddle := update{name: 'Y', rules: "t"}, update{name: 'N', rules: "f"}, update{name: 'R', rules: "?"}
	missing := update{name: 'M', rules: "f-t"}
	for needs, want := range map[string]applicability.State{
		"": required, "Y": required, "NY": required, "Y NY": required, "RY": required, "XY": required,
		"N": notApplicable, "Y N": notApplicable, "X": notApplicable, "Y X": notApplicable, "N R": notApplicable, "R N": notApplicable,
		"M": notApplicable, "R": undecided, "NR": undecided, "Y R": undecided, "XR": undecided,
	} {
		s := scanOf(yes, no, riddle, missing, update{name: 'A', rules: "f-t", needs: needs})
		v, err := s.Verdict(t.Context(), id('A'))
		require.NoError(t, err)
		require.Equal(t, want, v.State, "%q: %s", needs, v.Reason)
	}
	v, err := scanOf(update{name: 'A', rules: "f-t", needs: "XW"}).Verdict(t.Context(), id('A'))
	require.NoError(t, err)
	require.Equal(t, "prerequisite "+id('X').String()+" or "+id('W').String()+" is not known", v.Reason)
}

// Chains are followed to their end, and prerequisites mean the highest revision.
func TestPrerequisitesOfPrerequisites(t *testing.T) {
	s := scanOf(
		update{name: 'C', rules: "t"},
		update{name: 'F', rules: "t", needs: "C"},
		update{name: 'P', rules: "t", needs: "F"},
		update{name: 'A', rules: "f-t", needs: "P"},
	)
	installed, err := s.IsInstalled(t.Context(), id('P'))
	require.NoError(t, err)
	require.True(t, installed)
	verdict(t, s, 'A', required)
	s.Add(update{name: 'C', revision: 2, rules: "f"}.core())
	verdict(t, s, 'A', notApplicable)
	s.Add(update{name: 'C', revision: 1, rules: "t"}.core())
	verdict(t, s, 'A', notApplicable)
	s.Add(update{name: 'C', revision: 3, rules: "t"}.core())
	verdict(t, s, 'A', required)
	installed, err = s.IsInstalled(t.Context(), id('X'))
	require.NoError(t, err)
	require.False(t, installed)
}

// A circle counts only with support from outside, from wherever it is entered.
func TestCircularPrerequisites(t *testing.T) {
	for _, first := range []byte{'A', 'B'} {
		s := scanOf(update{name: 'A', rules: "t", needs: "B"}, update{name: 'B', rules: "t", needs: "A"}, update{name: 'S', rules: "t", needs: "S"})
		verdict(t, s, first, notApplicable)
		verdict(t, s, 'A'+'B'-first, notApplicable)
		verdict(t, s, 'S', notApplicable)
		s = scanOf(update{name: 'A', rules: "t", needs: "BC"}, update{name: 'B', rules: "t", needs: "A"}, update{name: 'C', rules: "t"})
		verdict(t, s, first, installed)
		verdict(t, s, 'A'+'B'-first, installed)
	}
	bundle := scanOf(update{name: 'A', bundles: "A"}, update{name: 'B', bundles: "C"}, update{name: 'C', bundles: "B"})
	verdict(t, bundle, 'A', notApplicable)
	verdict(t, bundle, 'B', notApplicable)
}

func TestBundles(t *testing.T) {
	members := []update{
		{name: 'I', rules: "t"}, {name: 'R', rules: "f-t"}, {name: 'N', rules: "f-f"}, {name: 'U', rules: "?"}, {name: 'S', rules: "ftt"},
	}
	for _, c := range []struct {
		bundles, rules string
		want           applicability.State
	}{
		{"I", "", installed}, {"R", "", required}, {"N", "", notApplicable}, {"U", "", undecided}, {"S", "", notApplicable}, {"X", "", notApplicable},
		{"NI", "", installed}, {"NR", "", required}, {"IR", "", required}, {"NX", "", notApplicable}, {"IX", "", installed}, {"XR", "", required},
		{"UR", "", required}, {"UI", "", undecided}, {"UN", "", undecided},
		{"I I", "", installed}, {"I R", "", required}, {"R N", "", notApplicable}, {"I N", "", notApplicable}, {"U N", "", notApplicable}, {"R U", "", undecided}, {"U R", "", undecided},
		{"R", "t", installed}, {"R", "f", required}, {"R", "?", undecided},
		{"R", "f-t", required}, {"R", "f-f", notApplicable}, {"R", "f-?", undecided}, {"R", "--f", notApplicable},
		{"I", "t", installed}, {"I", "f", notApplicable}, {"I", "--t", installed}, {"N", "t", notApplicable},
	} {
		s := scanOf(append(members, update{name: 'B', bundles: c.bundles, rules: c.rules})...)
		v, err := s.Verdict(t.Context(), id('B'))
		require.NoError(t, err)
		require.Equal(t, c.want, v.State, "%+v: %s", c, v.Reason)
		require.NotEmpty(t, v.Reason)
	}
}

// Members are exact revisions.
func TestBundleMembersAreExact(t *testing.T) {
	s := scanOf(update{name: 'M', revision: 1, rules: "f-t"}, update{name: 'M', revision: 2, rules: "t"}, update{name: 'B', bundles: "M"})
	verdict(t, s, 'B', required)
	leaves, err := s.Members(t.Context(), id('B'))
	require.NoError(t, err)
	require.Equal(t, rev('M', 1), leaves[0].Identity)
}

func TestMembers(t *testing.T) {
	s := scanOf(
		update{name: 'R', rules: "f-t"}, update{name: 'Q', rules: "f-t"}, update{name: 'I', rules: "t"}, update{name: 'N', rules: "f-f"},
		update{name: 'D', bundles: "R I"},
		update{name: 'B', bundles: "NQ D I R"},
		update{name: 'Z', bundles: "N"},
	)
	for name, want := range map[byte]string{'B': "QR", 'D': "R", 'R': "R", 'I': "", 'Z': ""} {
		leaves, err := s.Members(t.Context(), id(name))
		require.NoError(t, err)
		var got string
		for _, c := range leaves {
			got += string(c.UpdateID[15])
		}
		require.Equal(t, want, got, "%c", name)
	}
	_, err := s.Members(t.Context(), id('X'))
	require.ErrorIs(t, err, applicability.ErrUnknownUpdate)
	_, err = s.Verdict(t.Context(), id('X'))
	require.ErrorIs(t, err, applicability.ErrUnknownUpdate)
}

func TestSupersedence(t *testing.T) {
	const r, i, n, u = "f-t", "t", "f-f", "?"
	for name, c := range map[string]struct {
		updates  []update
		withhold string
		want     map[byte]applicability.State
	}{
		"required hides required": {[]update{{name: 'A', rules: r}, {name: 'B', rules: r, supersedes: "A"}}, "",
			map[byte]applicability.State{'A': superseded, 'B': required}},
		"installed hides required": {[]update{{name: 'A', rules: r}, {name: 'B', rules: i, supersedes: "A"}}, "",
			map[byte]applicability.State{'A': superseded, 'B': installed}},
		"not applicable hides nothing": {[]update{{name: 'A', rules: r}, {name: 'B', rules: n, supersedes: "A"}}, "",
			map[byte]applicability.State{'A': required, 'B': notApplicable}},
		"unknown may hide required": {[]update{{name: 'A', rules: r}, {name: 'B', rules: u, supersedes: "A"}}, "",
			map[byte]applicability.State{'A': undecided, 'B': undecided}},
		"unknown hides nothing else": {[]update{{name: 'A', rules: i}, {name: 'N', rules: n}, {name: 'B', rules: u, supersedes: "AN"}}, "",
			map[byte]applicability.State{'A': installed, 'N': notApplicable, 'B': undecided}},
		"unknown does not matter where another hides": {[]update{{name: 'A', rules: r}, {name: 'B', rules: u, supersedes: "A"}, {name: 'C', rules: r, supersedes: "B"}}, "",
			map[byte]applicability.State{'A': superseded, 'B': undecided, 'C': required}},
		"withheld and unknown may still be installed": {[]update{{name: 'A', rules: r}, {name: 'B', rules: u, supersedes: "A"}}, "B",
			map[byte]applicability.State{'A': undecided, 'B': undecided}},
		"installed stays installed": {[]update{{name: 'A', rules: i}, {name: 'B', rules: r, supersedes: "A"}}, "",
			map[byte]applicability.State{'A': installed, 'B': required}},
		"over a link that does not apply": {[]update{{name: 'A', rules: r}, {name: 'B', rules: n, supersedes: "A"}, {name: 'C', rules: r, supersedes: "B"}}, "",
			map[byte]applicability.State{'A': superseded, 'B': notApplicable, 'C': required}},
		"only the top of a chain is left": {[]update{{name: 'A', rules: r}, {name: 'B', rules: r, supersedes: "A"}, {name: 'C', rules: r, supersedes: "B"}}, "",
			map[byte]applicability.State{'A': superseded, 'B': superseded, 'C': required}},
		"each other": {[]update{{name: 'A', rules: r, supersedes: "B"}, {name: 'B', rules: r, supersedes: "A"}}, "",
			map[byte]applicability.State{'A': required, 'B': required}},
		"itself": {[]update{{name: 'A', rules: r, supersedes: "A"}}, "", map[byte]applicability.State{'A': required}},
		"withheld and missing": {[]update{{name: 'A', rules: r}, {name: 'B', rules: r, supersedes: "A"}}, "B",
			map[byte]applicability.State{'A': required, 'B': required}},
		"withheld but installed": {[]update{{name: 'A', rules: r}, {name: 'B', rules: i, supersedes: "A"}}, "B",
			map[byte]applicability.State{'A': superseded, 'B': installed}},
		"nobody knows the victim": {[]update{{name: 'B', rules: r, supersedes: "A"}}, "", map[byte]applicability.State{'B': required}},
		"the newer revision no longer does": {[]update{{name: 'A', rules: r}, {name: 'B', rules: r, supersedes: "A"}, {name: 'B', revision: 2, rules: r}}, "",
			map[byte]applicability.State{'A': required, 'B': required}},
	} {
		t.Run(name, func(t *testing.T) {
			s := scanOf(c.updates...)
			for i := range len(c.withhold) {
				s.Withhold(id(c.withhold[i]))
			}
			verdicts, err := s.Verdicts(t.Context())
			require.NoError(t, err)
			got := map[byte]applicability.State{}
			for id, v := range verdicts {
				got[id[15]] = v.State
			}
			require.Equal(t, c.want, got)
		})
	}
}

// A client learns of updates level by level. Facts and rules are judged once over all levels.
func TestLevelByLevel(t *testing.T) {
	m := laboratory()
	m.asked = map[string]int{}
	s := applicability.NewScan(m, three)
	viewer, _ := ruleOf(t, `<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer"/>`, "")
	same, _ := ruleOf(t, `<And><b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="software\lindenhof\VIEWER"/><b.FileExists Csidl="36" Path="gone"/></And>`, "")
	leaf := update{name: 'A', rules: "--t", needs: "D"}.core()
	leaf.Rules.IsInstalled = same
	s.Add(leaf)
	verdict(t, s, 'A', notApplicable)
	detectoid := update{name: 'D', needs: "C"}.core()
	detectoid.Rules.IsInstalled = viewer
	s.Add(detectoid)
	verdict(t, s, 'A', notApplicable)
	s.Add(update{name: 'C', rules: "t"}.core())
	verdict(t, s, 'A', required)
	_, err := s.Verdicts(t.Context())
	require.NoError(t, err)
	require.Equal(t, map[string]int{`registry software\lindenhof\viewer`: 1, `file c:\windows\gone`: 1, "system": 1}, m.asked)
}

func TestScanStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := scanOf(update{name: 'A', rules: "t"})
	_, err := s.Verdicts(ctx)
	require.ErrorIs(t, err, context.Canceled)
	verdict(t, s, 'A', installed)
}

func verdict(t *testing.T, s *applicability.Scan, name byte, want applicability.State) {
	t.Helper()
	v, err := s.Verdict(t.Context(), id(name))
	require.NoError(t, err)
	require.Equal(t, want, v.State, "%c: %s", name, v.Reason)
}
