package applicability

import (
	"slices"
	"strings"
)

// maxExamples is how many machines a Gap names.
const maxExamples = 3

// tally counts machines by update and state, and what is missing to judge them. Tallies of workers add up to the same sum in
// whatever order they are added.
type tally struct {
	updates  []*entry
	counts   [][states]int // by update
	machines int
	damaged  []Damage
	gaps     map[string]*gap // by the key of each
	spelled  map[string]*gap // by every spelling that was met
	pairs    int             // machines times updates that were counted as unknown
}

// gap is a Gap that is counted, with the last machine and pair that it was counted for.
type gap struct {
	Gap
	machine, pair int
}

func newTally(updates []*entry) *tally {
	return &tally{updates: updates, counts: make([][states]int, len(updates)), gaps: map[string]*gap{}, spelled: map[string]*gap{}}
}

func (t *tally) damage(machine string, err error) {
	t.damaged = append(t.damaged, Damage{machine, err})
}

// count takes in a machine: the state of each update, and what keeps the undecided ones from being judged.
func (t *tally) count(machine string, states []State, missing [][]*RuleError) {
	t.machines++
	for i, state := range states {
		t.counts[i][state]++
		if state == Undecided {
			t.unknown(machine, missing[i])
		}
	}
}

func (t *tally) unknown(machine string, missing []*RuleError) {
	t.pairs++
	var only *gap
	different := 0
	for _, part := range missing {
		g := t.gap(part)
		if g.pair == t.pairs {
			continue
		}
		g.pair, only = t.pairs, g
		different++
		g.Involved++
		if g.machine != t.machines {
			g.machine = t.machines
			g.Machines++
			g.example(machine)
		}
	}
	if different == 1 && only.Fact != "" {
		only.Settles++
	}
}

// gap is the same for facts whose names differ in case only, and for rules with the same fault.
func (t *tally) gap(part *RuleError) *gap {
	fault, spelling := "", part.Fact
	if part.Fact == "" {
		fault = part.Error()
		spelling = "\x00" + fault // no fact is named so
	}
	if g := t.spelled[spelling]; g != nil {
		return g
	}
	key := strings.ToLower(spelling)
	g := t.gaps[key]
	if g == nil {
		g = &gap{Gap: Gap{Fact: part.Fact, Fault: fault}}
		t.gaps[key] = g
	}
	g.spell(part.Fact, fault)
	t.spelled[spelling] = g
	return g
}

// spell keeps the first of all spellings, which does not depend on their order.
func (g *Gap) spell(fact, fault string) { g.Fact, g.Fault = min(g.Fact, fact), min(g.Fault, fault) }

// example keeps the first few of all names.
func (g *Gap) example(machine string) {
	at, _ := slices.BinarySearch(g.Examples, machine)
	if at < maxExamples {
		g.Examples = slices.Insert(g.Examples, at, machine)
		g.Examples = g.Examples[:min(len(g.Examples), maxExamples)]
	}
}

// add takes in what another worker counted.
func (t *tally) add(other *tally) {
	t.machines += other.machines
	t.damaged = append(t.damaged, other.damaged...)
	for i, counts := range other.counts {
		for state, n := range counts {
			t.counts[i][state] += n
		}
	}
	for key, theirs := range other.gaps {
		ours := t.gaps[key]
		if ours == nil {
			t.gaps[key] = &gap{Gap: theirs.Gap}
			continue
		}
		ours.spell(theirs.Fact, theirs.Fault)
		ours.Settles += theirs.Settles
		ours.Involved += theirs.Involved
		ours.Machines += theirs.Machines
		for _, machine := range theirs.Examples {
			ours.example(machine)
		}
	}
}
