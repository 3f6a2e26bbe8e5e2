package applicability

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Impact is what updates would mean for many machines.
type Impact struct {
	// Machines is how many were counted.
	Machines int
	// Updates are those that were counted, the ones that most machines need first.
	Updates []UpdateImpact
	// Missing are the facts for want of which verdicts are unknown, those that would settle most first.
	Missing []Gap
	// Faults are rules that no fact would help, because they are wrong or nobody knows what they ask; those that matter most first.
	Faults []Gap
	// Damaged are the machines whose facts could not be had, by name. They are not counted.
	Damaged []Damage
}

// UpdateImpact counts machines by the state that one update has on them.
type UpdateImpact struct {
	Update metadata.Identity
	// Title is empty until Titles fills it in.
	Title string
	// Required, Installed, NotApplicable, Superseded and Unknown add up to the machines.
	Required, Installed, NotApplicable, Superseded, Unknown int
}

// Gap is something for want of which machines times updates, pairs in short, are unknown.
type Gap struct {
	// Fact names what machines do not tell, as a RuleError does. It is empty where no fact would help.
	Fact string
	// Fault says what is wrong with a rule that no fact would help, and is empty otherwise.
	Fault string
	// Settles counts the pairs of which nothing else is missing: told this fact, they are decided, unless a rule then asks for more.
	Settles int
	// Involved counts the pairs of which it is missing, those that it settles among them.
	Involved int
	// Machines counts the machines of these pairs, and Examples names the first few of them in order of names.
	Machines int
	Examples []string
}

// Damage is a machine whose facts could not be had.
type Damage struct {
	Machine string
	Err     error
}

// Titles puts in the title of each update, as title tells it; empty for one that has none. Updates that as many machines need come
// in the order of their titles then.
func (m *Impact) Titles(title func(uuid.UUID) string) {
	for i := range m.Updates {
		m.Updates[i].Title = title(m.Updates[i].Update.UpdateID)
	}
	m.sortUpdates()
}

func (m *Impact) sortUpdates() {
	slices.SortFunc(m.Updates, func(a, b UpdateImpact) int {
		return cmp.Or(b.Required-a.Required, b.Unknown-a.Unknown, strings.Compare(a.Title, b.Title),
			bytes.Compare(a.Update.UpdateID[:], b.Update.UpdateID[:]))
	})
}

// impact puts what was counted in order.
func (t *tally) impact() *Impact {
	m := &Impact{Machines: t.machines, Damaged: t.damaged}
	for i, e := range t.updates {
		c := t.counts[i]
		m.Updates = append(m.Updates, UpdateImpact{Update: e.core.Identity, Required: c[Required], Installed: c[Installed],
			NotApplicable: c[NotApplicable], Superseded: c[Superseded], Unknown: c[Undecided]})
	}
	m.sortUpdates()
	for _, g := range t.gaps {
		if g.Fact != "" {
			m.Missing = append(m.Missing, g.Gap)
		} else {
			m.Faults = append(m.Faults, g.Gap)
		}
	}
	for _, gaps := range [][]Gap{m.Missing, m.Faults} {
		slices.SortFunc(gaps, func(a, b Gap) int {
			return cmp.Or(b.Settles-a.Settles, b.Involved-a.Involved, strings.Compare(a.Fact, b.Fact), strings.Compare(a.Fault, b.Fault))
		})
	}
	slices.SortFunc(m.Damaged, func(a, b Damage) int {
		return cmp.Or(strings.Compare(a.Machine, b.Machine), strings.Compare(a.Err.Error(), b.Err.Error()))
	})
	return m
}
