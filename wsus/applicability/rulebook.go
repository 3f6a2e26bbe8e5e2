package applicability

import (
	"hash/maphash"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Rulebook finds rules that are the same in different updates: those with the same elements, attributes and texts, in whatever order
// the attributes stand, and with the same Metadata or update where the rule depends on it. A [Scan] judges each once.
//
// Scans of many machines against the same documents may share one, so that each document is looked through only once. The zero
// value is ready. It is safe for concurrent use, and keeps the documents that it has seen; they must not be changed.
type Rulebook struct {
	mu   sync.RWMutex
	seed maphash.Seed
	// numbers are those of rules that were seen before, at their place in memory.
	numbers map[*metadata.Node]int
	// rules are the different ones, by their numbers. Those with the same sum are a list that begins at first.
	rules []knownRule
	first map[uint64]int
}

// knownRule is a rule with all that its result depends on, beside the machine.
type knownRule struct {
	rule *metadata.Node
	dependence
	data   *metadata.Node
	update uuid.UUID
	// next is the number of another one with the same sum, or none.
	next int
}

const none = -1

// dependence says what matters of the update in which a rule stands.
type dependence struct{ onData, onUpdate bool }

// number is the same for rules that are the same.
func (b *Rulebook) number(c *metadata.Core, rule *metadata.Node) int {
	b.mu.RLock()
	n, seen := b.numbers[rule]
	seen = seen && b.rules[n].belongs(c)
	b.mu.RUnlock()
	if seen {
		return n
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.numbers == nil {
		b.seed, b.numbers, b.first = maphash.MakeSeed(), map[*metadata.Node]int{}, map[uint64]int{}
	}
	n = b.find(c, rule)
	b.numbers[rule] = n
	return n
}

// belongs tells whether what the rule depends on is that of c.
func (k *knownRule) belongs(c *metadata.Core) bool {
	return (!k.onData || k.data == c.Rules.Metadata) && (!k.onUpdate || k.update == c.UpdateID)
}

// find looks for an equal rule, and takes this one in where there is none.
func (b *Rulebook) find(c *metadata.Core, rule *metadata.Node) int {
	s := summary{seed: b.seed}
	sum := s.rule(rule, 1)
	first, ok := b.first[sum]
	if !ok {
		first = none
	}
	for n := first; n != none; n = b.rules[n].next {
		if k := &b.rules[n]; k.belongs(c) && sameRule(k.rule, rule, 1) {
			return n
		}
	}
	n := len(b.rules)
	b.rules = append(b.rules, knownRule{rule, s.dependence, c.Rules.Metadata, c.UpdateID, first})
	b.first[sum] = n
	return n
}

// summary sums up what tells rules apart.
type summary struct {
	seed maphash.Seed
	dependence
}

// Odd numbers, by which a sum depends on where its parts stand.
const (
	byName    = 0x9E3779B97F4A7C15
	byText    = 0xC2B2AE3D27D4EB4F
	byChild   = 0x165667B19E3779F9
	byContent = 0x27D4EB2F165667C5
)

func (s *summary) rule(n *metadata.Node, depth int) uint64 {
	switch n.Name {
	case "InstalledOnce":
		s.onUpdate = true
	case "CbsPackageInstalled", "CbsPackageInstallable", "MsiPatchInstalled", "MsiPatchSuperseded", "MsiPatchInstallable",
		"MsiApplicationInstalled", "MsiApplicationSuperseded", "MsiApplicationInstallable",
		"WindowsDriverInstalled", "WindowsDriverSuperseded", "WindowsDriverInstallable":
		s.onData = true
	}
	sum := maphash.String(s.seed, n.Name) * byName
	if text := n.Content(); text != "" {
		sum ^= maphash.String(s.seed, text) * byText
	}
	for _, a := range n.Attrs {
		// Added up, in whatever order they stand.
		sum += (maphash.String(s.seed, a.Name)*byName ^ maphash.String(s.seed, a.Value)) * byContent
	}
	if depth > MaxDepth {
		return sum // evaluation goes no deeper either
	}
	for _, c := range n.Children {
		sum = sum*byChild + s.rule(c, depth+1)
	}
	return sum
}

// sameRule compares all that summary sums up.
func sameRule(a, b *metadata.Node, depth int) bool {
	if a == b {
		return true
	}
	if a.Name != b.Name || len(a.Attrs) != len(b.Attrs) || a.Content() != b.Content() || !hasAttrs(a, b) || !hasAttrs(b, a) {
		return false
	}
	if depth > MaxDepth {
		return true
	}
	if len(a.Children) != len(b.Children) {
		return false
	}
	for i := range a.Children {
		if !sameRule(a.Children[i], b.Children[i], depth+1) {
			return false
		}
	}
	return true
}

// hasAttrs tells whether a has what b has.
func hasAttrs(a, b *metadata.Node) bool {
	for i, want := range b.Attrs {
		if i < len(a.Attrs) && a.Attrs[i] == want {
			continue
		}
		if have, ok := a.Attr(want.Name); !ok || have != want.Value {
			return false
		}
	}
	return true
}
