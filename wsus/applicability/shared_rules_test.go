package applicability_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// Every fact is asked for once a scan, however many updates, rules and explanations need it.
func TestEachFactIsAskedOnce(t *testing.T) {
	m := laboratory()
	m.asked = map[string]int{}
	facts := able{machine: m}
	s := applicability.NewScan(facts, applicability.Options{})
	for name := byte('A'); name < 'K'; name++ {
		c := update{name: name, rules: "--t"}.core()
		c.Rules.IsInstalled, c.Rules.Metadata = ruleOf(t, `<Or><b.FileExists Csidl="38" Path="gone`+string(name%2+'0')+`"/><m.MsiProductInstalled ProductCode="{DDDD}"/>`+
			`<CbsPackageInstalledByIdentity PackageIdentity="gone"/><b.RegKeyExists `+viewer+` RegType32="true"/><b.WmiQuery WqlQuery="select * from Thing"/>`+
			`<b.LicenseValueExists Value="x"/><b.Memory MinSizeInMB="1"/><b.Camera Location="rear"/><d.WindowsDriverInstalled/><b.InstalledOnce/></Or>`,
			offer("a", "2020-01-01", "1.0.0.0", ""))
		s.Add(c)
	}
	_, err := s.Verdicts(t.Context())
	require.NoError(t, err)
	for name := byte('A'); name < 'K'; name++ {
		_, err := s.Why(t.Context(), id(name))
		require.NoError(t, err)
	}
	require.Len(t, m.asked, 10+10, "%v", m.asked) // ten kinds and two files, and the history of ten updates
	for question, times := range m.asked {
		require.Equal(t, 1, times, question)
	}
}

// steps counts how often anybody asks whether to stop, which evaluation does at each element of a rule.
type steps struct {
	context.Context
	n *int
}

func (s steps) Err() error {
	*s.n++
	return s.Context.Err()
}

// A rule is judged once for all updates that have it, in whatever order its attributes stand.
func TestEqualRulesAreJudgedOnce(t *testing.T) {
	const size = 1000
	long := func(rule string) string { return "<And>" + strings.Repeat(rule, size) + "</And>" }
	taken := func(rules ...string) int {
		s := applicability.NewScan(laboratory(), three)
		for i, rule := range rules {
			c := update{name: byte('A' + i)}.core()
			c.Rules.IsInstalled, c.Rules.Metadata = ruleOf(t, rule, manifest("base"))
			s.Add(c)
		}
		var n int
		_, err := s.Verdicts(steps{t.Context(), &n})
		require.NoError(t, err)
		return n
	}
	one := long(`<b.RegSz ` + viewer + ` Value="Channel" Comparison="EqualTo" Data="stable"/>`)
	turned := long(`<b.RegSz Data="stable" Comparison="EqualTo" Value="Channel" ` + viewer + `/>`)
	other := long(`<b.RegSz ` + viewer + ` Value="Channel" Comparison="EqualTo" Data="STABLE"/>`)
	require.InDelta(t, size, taken(one), size/10)
	require.InDelta(t, size, taken(one, turned, one, one), size/10)
	require.InDelta(t, 2*size, taken(one, other, turned), size/10)
	own := long(`<CbsPackageInstalled/>`)
	require.InDelta(t, 2*size, taken(own, own), size/10, "the metadata beside a rule belongs to its update")
}

// One book serves scans of many machines, at the same time too.
func TestRulebookServesManyMachines(t *testing.T) {
	var book applicability.Rulebook
	first, second := update{name: 'A'}.core(), update{name: 'B'}.core()
	first.Rules.IsInstalled, first.Rules.Metadata = ruleOf(t, `<CbsPackageInstalled/>`, manifest("base"))
	second.Rules.IsInstalled, second.Rules.Metadata = ruleOf(t, `<CbsPackageInstalled/>`, manifest("gone"))
	var machines sync.WaitGroup
	for i := range 8 {
		machines.Go(func() {
			m := laboratory()
			m.packages["gone~k~amd64~~1.0.0.0"] = 112 * (i % 2)
			s := applicability.NewScan(m, applicability.Options{Rules: &book})
			s.Add(first, second)
			verdicts, err := s.Verdicts(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, installed, verdicts[id('A')].State)
			assert.Equal(t, i%2 == 1, verdicts[id('B')].State == installed)
		})
	}
	machines.Wait()
}
