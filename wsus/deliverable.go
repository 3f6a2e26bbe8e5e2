package wsus

import (
	"encoding/binary"
	"slices"
)

// deliverable answers which entries a client may get by what it has installed. Clauses that are equal are looked at once, and so
// are entries whose clauses are equal: a catalogue has few of either beside its updates.
type deliverable struct {
	clauses [][]int32 // each a set of entries, one of which must be installed
	groups  []prerequisiteGroup
}

// prerequisiteGroup are entries that ask for the same.
type prerequisiteGroup struct {
	clauses []int32 // of deliverable.clauses
	members []int32 // entries
}

// deliverableBuilder finds what is equal.
type deliverableBuilder struct {
	deliverable
	clauseOf, groupOf map[string]int32
	key               []byte
}

func newDeliverableBuilder() *deliverableBuilder {
	return &deliverableBuilder{clauseOf: map[string]int32{}, groupOf: map[string]int32{}}
}

// add files an entry under its prerequisites.
func (b *deliverableBuilder) add(entry int32, prerequisites [][]int32) {
	asked := make([]int32, 0, len(prerequisites))
	for _, clause := range prerequisites {
		asked = append(asked, b.clause(clause))
	}
	slices.Sort(asked)
	asked = slices.Compact(asked)
	key := b.keyOf(asked)
	group, known := b.groupOf[string(key)]
	if !known {
		group = int32(len(b.groups))
		b.groupOf[string(key)] = group
		b.groups = append(b.groups, prerequisiteGroup{clauses: asked})
	}
	b.groups[group].members = append(b.groups[group].members, entry)
}

func (b *deliverableBuilder) clause(members []int32) int32 {
	sorted := slices.Clone(members)
	slices.Sort(sorted)
	key := b.keyOf(sorted)
	clause, known := b.clauseOf[string(key)]
	if !known {
		clause = int32(len(b.clauses))
		b.clauseOf[string(key)] = clause
		b.clauses = append(b.clauses, sorted)
	}
	return clause
}

func (b *deliverableBuilder) keyOf(numbers []int32) []byte {
	b.key = b.key[:0]
	for _, n := range numbers {
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(n))
	}
	return b.key
}

// find adds to needed the entries of which every clause has a member in installed. satisfied is room for a bit a clause.
func (d *deliverable) find(installed, satisfied, needed bitset) {
	for i, clause := range d.clauses {
		for _, entry := range clause {
			if installed.has(entry) {
				satisfied.add(int32(i))
				break
			}
		}
	}
groups:
	for i := range d.groups {
		group := &d.groups[i]
		for _, clause := range group.clauses {
			if !satisfied.has(clause) {
				continue groups
			}
		}
		for _, entry := range group.members {
			needed.add(entry)
		}
	}
}
