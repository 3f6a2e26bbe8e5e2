package applicability_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// keys is a machine that tells of the named keys: "+a" is there, "-a" is missing; others are not told.
func keys(name, told string) applicability.Machine {
	m := tellable{laboratory(), map[string]bool{}}
	for _, word := range strings.Fields(told) {
		m.told[`software\`+word[1:]] = word[0] == '+'
	}
	return opened(name, m)
}

func opened(name string, facts applicability.Facts) applicability.Machine {
	return applicability.Machine{Name: name, Open: func(context.Context) (applicability.Facts, error) { return facts, nil }}
}

func damaged(name string) applicability.Machine {
	return applicability.Machine{Name: name, Open: func(context.Context) (applicability.Facts, error) { return nil, errors.New("the file ends too early") }}
}

func hasKey(name string) *metadata.Node {
	return node("RegKeyExists", "Key", "HKEY_LOCAL_MACHINE", "Subkey", `software\`+name)
}

// deployable is an update for machines with the key "on", installed where the key "in" is.
func deployable(name byte, in, on *metadata.Node) *metadata.Core {
	c := update{name: name}.core()
	c.ExplicitlyDeployable = true
	c.Rules.IsInstalled, c.Rules.IsInstallable = in, on
	return c
}

// handMade are updates and machines of which everything is worked out below by hand.
func handMade() ([]*metadata.Core, []applicability.Machine) {
	windows := update{name: 'W'}.core()
	windows.Type, windows.Rules.IsInstalled = metadata.Detectoid, hasKey("win")
	old, fresh := deployable('A', hasKey("a"), hasKey("viewer")), deployable('B', hasKey("b"), hasKey("viewer"))
	fresh.Relationships.Superseded = []uuid.UUID{id('A')}
	for _, c := range []*metadata.Core{old, fresh} {
		c.Relationships.Prerequisites = []metadata.Clause{clause("W", 0)}
	}
	odd := deployable('C', node("MoonPhase"), hasKey("viewer"))
	return []*metadata.Core{windows, old, fresh, odd}, []applicability.Machine{
		keys("pc1", "+win +viewer -a -b"), // needs B, which supersedes A
		keys("pc2", "+win +viewer +a -b"), // has A, needs B
		keys("pc3", "+win -viewer -a -b"), // has no viewer
		keys("pc4", "-win"),               // is no Windows; nothing more matters
		keys("pc5", "+viewer -a -b"),      // may be Windows
		keys("pc6", "+win -a -b"),         // may have a viewer
		keys("pc7", "+win +viewer -a"),    // may have B
		keys("pc8", ""),                   // tells nothing at all
		damaged("pc9"),
	}
}

func TestWhatIfTable(t *testing.T) {
	documents, machines := handMade()
	impact, err := applicability.WhatIf(t.Context(), documents, slices.Values(machines), applicability.WhatIfOptions{})
	require.NoError(t, err)
	counts := map[byte][5]int{}
	for _, u := range impact.Updates {
		counts[u.Update.UpdateID[15]] = [5]int{u.Required, u.Installed, u.NotApplicable, u.Superseded, u.Unknown}
	}
	require.Equal(t, map[byte][5]int{
		// pc2 has A; pc3 and pc4 are not for it; on pc1 B supersedes it, and on pc7 whether B is installed or required.
		'A': {0, 1, 2, 1, 4},
		// pc1 and pc2 need B.
		'B': {2, 0, 2, 0, 4},
		// Nobody knows what C asks.
		'C': {0, 0, 0, 0, 8},
	}, counts)
	require.Equal(t, "BCA", order(impact))

	const hklm = `registry HKLM\software\`
	require.Equal(t, []applicability.Gap{
		// pc5: A and B. On pc8 more is missing.
		{Fact: hklm + "win", Settles: 2, Involved: 4, Machines: 2, Examples: []string{"pc5", "pc8"}},
		// pc6: A and B. It is missing for C, too, on pc4, pc6 and pc8, but does not settle it.
		{Fact: hklm + "viewer", Settles: 2, Involved: 7, Machines: 3, Examples: []string{"pc4", "pc6", "pc8"}},
		// pc7: B, and A, which B may supersede. pc8: the same, beside others.
		{Fact: hklm + "b", Settles: 2, Involved: 4, Machines: 2, Examples: []string{"pc7", "pc8"}},
		// pc8: A.
		{Fact: hklm + "a", Settles: 0, Involved: 1, Machines: 1, Examples: []string{"pc8"}},
	}, byName(impact.Missing, "win", "viewer", "b", "a"))
	require.Equal(t, []applicability.Gap{{Fault: "MoonPhase: rule is not recognised", Involved: 8, Machines: 8, Examples: []string{"pc1", "pc2", "pc3"}}}, impact.Faults)
	require.Equal(t, 8, impact.Machines)
	require.Len(t, impact.Damaged, 1)
	require.Equal(t, "pc9", impact.Damaged[0].Machine)
}

func order(impact *applicability.Impact) string {
	var s string
	for _, u := range impact.Updates {
		s += string(u.Update.UpdateID[15])
	}
	return s
}

// byName puts gaps in the order of the keys, after it has seen to it that they came in the order of what they settle.
func byName(gaps []applicability.Gap, names ...string) []applicability.Gap {
	ranked := slices.IsSortedFunc(gaps, func(a, b applicability.Gap) int {
		return (b.Settles-a.Settles)*1000 + b.Involved - a.Involved
	})
	if !ranked {
		return nil
	}
	gaps = slices.Clone(gaps)
	slices.SortFunc(gaps, func(a, b applicability.Gap) int {
		place := func(g applicability.Gap) int {
			return slices.IndexFunc(names, func(name string) bool { return strings.HasSuffix(g.Fact, `\`+name) })
		}
		return place(a) - place(b)
	})
	return gaps
}

// The result does not depend on the order of machines or documents, nor on who does the work.
func TestWhatIfDoesNotDependOnOrder(t *testing.T) {
	documents, machines := handMade()
	want, err := applicability.WhatIf(t.Context(), documents, slices.Values(machines), applicability.WhatIfOptions{Workers: 1})
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		got, err := applicability.WhatIf(context.Background(), rapid.Permutation(documents).Draw(t, "documents"),
			slices.Values(rapid.Permutation(machines).Draw(t, "machines")), applicability.WhatIfOptions{Workers: rapid.IntRange(1, 4).Draw(t, "workers")})
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}

// Each update on each machine has the state that a scan of that machine alone gives it.
func TestWhatIfAgreesWithScans(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		documents := drawCatalogue(t)
		var ids, withheld []uuid.UUID
		for i, c := range documents {
			if i == 0 || rapid.Bool().Draw(t, "counted") {
				ids = append(ids, c.UpdateID)
			}
			if rapid.IntRange(0, 4).Draw(t, "withheld") == 0 {
				withheld = append(withheld, c.UpdateID)
			}
		}
		var machines []applicability.Machine
		want := map[uuid.UUID]map[applicability.State]int{}
		for i := range rapid.IntRange(0, 6).Draw(t, "machines") {
			m := drawTellable(t)
			machines = append(machines, opened(fmt.Sprint(i), m))
			states := statesOf(t, m, three, withheld, documents)
			for _, id := range ids {
				if want[id] == nil {
					want[id] = map[applicability.State]int{}
				}
				want[id][states[id]]++
			}
		}
		impact, err := applicability.WhatIf(context.Background(), documents, slices.Values(machines), applicability.WhatIfOptions{Updates: ids, Withheld: withheld})
		require.NoError(t, err)
		require.Equal(t, len(machines), impact.Machines)
		require.Len(t, impact.Updates, len(ids))
		for _, u := range impact.Updates {
			w := want[u.Update.UpdateID]
			require.Equal(t, []int{w[required], w[installed], w[notApplicable], w[superseded], w[undecided]},
				[]int{u.Required, u.Installed, u.NotApplicable, u.Superseded, u.Unknown})
		}
	})
}

// Told the missing facts, whatever they are, everything is decided; told the only one that is missing, its pair is.
func TestMissingFactsSettle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		documents, m := drawCatalogue(t), drawTellable(t)
		ask := func(m applicability.Facts, ids ...uuid.UUID) *applicability.Impact {
			impact, err := applicability.WhatIf(context.Background(), documents, slices.Values([]applicability.Machine{opened("pc", m)}),
				applicability.WhatIfOptions{Updates: ids})
			require.NoError(t, err)
			return impact
		}
		tell := func(gaps []applicability.Gap) tellable {
			told := m.tellMore(t, false)
			for key := range told.told {
				if _, before := m.told[key]; !before {
					delete(told.told, key)
				}
			}
			for _, g := range gaps {
				told.told[strings.TrimPrefix(g.Fact, `registry HKLM\`)] = rapid.Bool().Draw(t, g.Fact)
			}
			return told
		}
		for _, c := range documents {
			before := ask(m, c.UpdateID)
			unknown := before.Updates[0].Unknown
			require.Equal(t, unknown == 0, len(before.Missing) == 0, "what is unknown says what is missing")
			require.Zero(t, ask(tell(before.Missing), c.UpdateID).Updates[0].Unknown, "%c, missing %v", c.UpdateID[15], before.Missing)
			for _, g := range before.Missing {
				require.Equal(t, len(before.Missing) == 1, g.Settles == 1)
				require.Equal(t, 1, g.Involved)
			}
		}
	})
}

// Each fact is asked once a machine, nothing is asked that matters to no counted update, and equal rules are judged once.
func TestWhatIfAsksOnce(t *testing.T) {
	documents := []*metadata.Core{}
	for name := byte('A'); name < 'K'; name++ {
		c := deployable(name, nil, nil)
		c.Rules.IsInstalled, _ = ruleOf(t, `<b.FileExists Csidl="36" Path="gone"/>`, "")
		c.Rules.IsInstallable, _ = ruleOf(t, `<And>`+strings.Repeat(`<b.RegKeyExists Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\Lindenhof\Viewer"/>`, 1000)+
			`<b.Memory MinSizeInMB="1"/></And>`, "")
		documents = append(documents, c)
	}
	other := deployable('Z', nil, nil)
	other.Rules.IsInstalled, _ = ruleOf(t, `<b.FileExists Csidl="36" Path="other"/>`, "")
	documents = append(documents, other)
	var ids []uuid.UUID
	for _, c := range documents[:10] {
		ids = append(ids, c.UpdateID)
	}
	var machines []applicability.Machine
	var labs []*machine
	for i := range 3 {
		m := laboratory()
		m.asked = map[string]int{}
		labs = append(labs, m)
		machines = append(machines, opened(fmt.Sprint(i), m))
	}
	var n int
	impact, err := applicability.WhatIf(steps{t.Context(), &n}, documents, slices.Values(machines), applicability.WhatIfOptions{Updates: ids, Workers: 1})
	require.NoError(t, err)
	require.InDelta(t, 3*1000, n, 100, "elements of rules judged")
	require.Equal(t, 3, impact.Updates[0].Unknown)
	require.Equal(t, []applicability.Gap{{Fact: "equipment.memory", Settles: 30, Involved: 30, Machines: 3, Examples: []string{"0", "1", "2"}}}, impact.Missing)
	for _, m := range labs {
		require.Equal(t, map[string]int{"system": 1, `file c:\windows\gone`: 1, `registry software\lindenhof\viewer`: 1}, m.asked)
	}
}

// No machine is asked for before there is somebody to look at it, and progress counts them.
func TestWhatIfReadsMachinesAsTheyCome(t *testing.T) {
	documents, machines := handMade()
	var told []int
	var yielded, done atomic.Int64
	seq := func(yield func(applicability.Machine) bool) {
		for _, m := range machines {
			assert.LessOrEqual(t, yielded.Add(1)-done.Load(), int64(2+1), "one for each worker and one at the door")
			if !yield(m) {
				return
			}
		}
	}
	_, err := applicability.WhatIf(t.Context(), documents, seq, applicability.WhatIfOptions{Workers: 2, Progress: func(n int) {
		told = append(told, n)
		done.Store(int64(n))
	}})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7, 8, 9}, told)
}

// What was done before the end is in the result.
func TestWhatIfStopsWithContext(t *testing.T) {
	documents, _ := handMade()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var endless iter.Seq[applicability.Machine] = func(yield func(applicability.Machine) bool) {
		for i := 0; yield(keys(fmt.Sprint(i), "+win +viewer -a -b")); i++ {
		}
	}
	impact, err := applicability.WhatIf(ctx, documents, endless, applicability.WhatIfOptions{Workers: 2, Progress: func(done int) {
		if done == 10 {
			cancel()
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.Contains(t, err.Error(), fmt.Sprintf("what if, after %d machines", impact.Machines))
	require.GreaterOrEqual(t, impact.Machines, 10)
	require.Equal(t, impact.Machines, impact.Updates[0].Required)

	impact, err = applicability.WhatIf(ctx, documents, slices.Values([]applicability.Machine(nil)), applicability.WhatIfOptions{})
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, impact.Machines)
}

func TestWhatIfRefusesWrongOptionsAtOnce(t *testing.T) {
	documents, _ := handMade()
	_, err := applicability.WhatIf(t.Context(), documents, nil, applicability.WhatIfOptions{Workers: -1, Updates: []uuid.UUID{id('A'), id('X'), id('Y')}})
	require.ErrorIs(t, err, applicability.ErrUnknownUpdate)
	for _, part := range []string{"-1 workers", id('X').String(), id('Y').String()} {
		require.ErrorContains(t, err, part)
	}
	impact, err := applicability.WhatIf(t.Context(), documents, slices.Values([]applicability.Machine{{Name: "empty"}, opened("nil", nil)}), applicability.WhatIfOptions{})
	require.NoError(t, err)
	require.Len(t, impact.Damaged, 2)
}

// The whole text, written out by hand.
func TestImpactText(t *testing.T) {
	documents, machines := handMade()
	impact, err := applicability.WhatIf(t.Context(), documents, slices.Values(machines), applicability.WhatIfOptions{Updates: []uuid.UUID{id('B'), id('C')}})
	require.NoError(t, err)
	impact.Titles(func(id uuid.UUID) string { return map[byte]string{'B': "Viewer 4.3"}[id[15]] })
	var b strings.Builder
	require.NoError(t, impact.WriteText(&b))
	require.Equal(t, `  REQUIRED  INSTALLED  NOT APPLICABLE  SUPERSEDED  UNKNOWN  UPDATE
         2          0               2           0        4  Viewer 4.3 (`+id('B').String()+` revision 1)
         0          0               0           0        8  `+id('C').String()+` revision 1

Missing facts, and how many of the unknown states each would settle:

  SETTLES  INVOLVED  MACHINES  FACT
        1         5         3  registry HKLM\software\viewer (pc4, pc6, pc8)
        1         2         2  registry HKLM\software\b (pc7, pc8)
        1         2         2  registry HKLM\software\win (pc5, pc8)

Rules that no fact would help:

  SETTLES  INVOLVED  MACHINES  FAULT
        0         8         8  MoonPhase: rule is not recognised (pc1, pc2, pc3, …)

Not counted, because the facts could not be read:
  pc9: the file ends too early

8 machines, 2 updates: 2 required, 0 installed, 2 not applicable, 0 superseded, 12 unknown; 1 machine not counted
`, b.String())
	data, err := json.Marshal(impact)
	require.NoError(t, err)
	require.JSONEq(t, `{"machines":8,
		"updates":[
			{"id":"`+id('B').String()+`","revision":1,"title":"Viewer 4.3","required":2,"installed":0,"notApplicable":2,"superseded":0,"unknown":4},
			{"id":"`+id('C').String()+`","revision":1,"required":0,"installed":0,"notApplicable":0,"superseded":0,"unknown":8}],
		"missing":[
			{"fact":"registry HKLM\\software\\viewer","settles":1,"involved":5,"machines":3,"examples":["pc4","pc6","pc8"]},
			{"fact":"registry HKLM\\software\\b","settles":1,"involved":2,"machines":2,"examples":["pc7","pc8"]},
			{"fact":"registry HKLM\\software\\win","settles":1,"involved":2,"machines":2,"examples":["pc5","pc8"]}],
		"faults":[{"fault":"MoonPhase: rule is not recognised","settles":0,"involved":8,"machines":8,"examples":["pc1","pc2","pc3"]}],
		"damaged":[{"machine":"pc9","error":"the file ends too early"}]}`, string(data))
}

// Rules spell the same fact in different cases. Whichever is met first, and by whom, it is one fact with one name: here two workers
// meet one spelling each.
func TestWhatIfSpellsFactsOneWay(t *testing.T) {
	lower, upper := deployable('A', nil, hasKey("on")), deployable('B', nil, hasKey("on"))
	lower.Rules.IsInstalled = above(node("And"), hasKey("a"), hasKey("odd"))
	upper.Rules.IsInstalled = above(node("And"), hasKey("b"), hasKey("ODD"))
	for range 20 { // either worker may be the first to end
		var both sync.WaitGroup
		both.Add(2)
		var machines []applicability.Machine
		for _, m := range []applicability.Machine{keys("pc1", "+on +a -b"), keys("pc2", "+on -a +b")} {
			open := m.Open
			m.Open = func(ctx context.Context) (applicability.Facts, error) {
				both.Done()
				both.Wait()
				return open(ctx)
			}
			machines = append(machines, m)
		}
		impact, err := applicability.WhatIf(t.Context(), []*metadata.Core{lower, upper}, slices.Values(machines), applicability.WhatIfOptions{Workers: 2})
		require.NoError(t, err)
		require.Equal(t, []applicability.Gap{{Fact: `registry HKLM\software\ODD`, Settles: 2, Involved: 2, Machines: 2, Examples: []string{"pc1", "pc2"}}}, impact.Missing)
	}
}

// What is missing for a rule is what its explanation says, which finds it another way.
func TestMissingFactsAreThoseOfTheExplanation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, rule := drawTellable(t), drawCondition(t, 4)
		trace, err := applicability.Explain(context.Background(), m, rule, nil, three)
		require.NoError(t, err)
		impact, err := applicability.WhatIf(context.Background(), []*metadata.Core{deployable('A', nil, rule)},
			slices.Values([]applicability.Machine{opened("pc", m)}), applicability.WhatIfOptions{})
		require.NoError(t, err)
		facts := []string{}
		for _, g := range impact.Missing {
			facts = append(facts, g.Fact)
		}
		require.ElementsMatch(t, trace.Missing(), facts)
	})
}
