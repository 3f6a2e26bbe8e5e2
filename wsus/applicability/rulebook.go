package applicability

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"
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
	mu      sync.RWMutex
	numbers map[ruleAt]int
	known   map[content]int
	text    []byte // reused from rule to rule
}

// ruleAt is where a rule stands.
type ruleAt struct {
	rule, data *metadata.Node
	update     uuid.UUID
}

// content is all that the result of a rule depends on, beside the machine.
type content struct {
	sum    [sha256.Size]byte
	data   *metadata.Node
	update uuid.UUID
}

// number is the same for rules that are the same.
func (b *Rulebook) number(c *metadata.Core, rule *metadata.Node) int {
	at := ruleAt{rule, c.Rules.Metadata, c.UpdateID}
	b.mu.RLock()
	n, ok := b.numbers[at]
	b.mu.RUnlock()
	if ok {
		return n
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	w := &contentWriter{text: b.text[:0]}
	w.rule(rule, 1)
	b.text = w.text
	key := content{sum: sha256.Sum256(w.text)}
	if w.needsData {
		key.data = c.Rules.Metadata
	}
	if w.needsUpdate {
		key.update = c.UpdateID
	}
	if b.numbers == nil {
		b.numbers, b.known = map[ruleAt]int{}, map[content]int{}
	}
	n, ok = b.known[key]
	if !ok {
		n = len(b.known)
		b.known[key] = n
	}
	b.numbers[at] = n
	return n
}

// contentWriter writes what tells rules apart.
type contentWriter struct {
	text                   []byte
	needsData, needsUpdate bool
}

func (w *contentWriter) rule(n *metadata.Node, depth int) {
	switch n.Name {
	case "InstalledOnce":
		w.needsUpdate = true
	case "CbsPackageInstalled", "CbsPackageInstallable", "MsiPatchInstalled", "MsiPatchSuperseded", "MsiPatchInstallable",
		"MsiApplicationInstalled", "MsiApplicationSuperseded", "MsiApplicationInstallable",
		"WindowsDriverInstalled", "WindowsDriverSuperseded", "WindowsDriverInstallable":
		w.needsData = true
	}
	w.string(n.Name)
	w.string(n.Content())
	w.count(len(n.Attrs))
	attrs := n.Attrs
	byName := func(a, b metadata.Attr) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(attrs, byName) {
		attrs = slices.Clone(attrs)
		slices.SortStableFunc(attrs, byName)
	}
	for _, a := range attrs {
		w.string(a.Name)
		w.string(a.Value)
	}
	if depth > MaxDepth {
		return // evaluation goes no deeper either
	}
	w.count(len(n.Children))
	for _, c := range n.Children {
		w.rule(c, depth+1)
	}
}

func (w *contentWriter) count(n int) { w.text = binary.AppendUvarint(w.text, uint64(n)) }

func (w *contentWriter) string(s string) {
	w.count(len(s))
	w.text = append(w.text, s...)
}
