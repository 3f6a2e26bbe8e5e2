package wsus

import (
	"encoding/binary"
	"slices"
)

// deliverable answers which entries a client may get by what it has installed. It goes from the installed entries to the clauses
// that they satisfy, and from those to the entries that ask for them, so that what a client is far from costs nothing. Entries
// that ask for the same are looked at once.
type deliverable struct {
	free    bitset    // entries that ask for nothing
	askedBy [][]int32 // by entry: the clauses that have it as a member
	waiting [][]prerequisiteGroup
	clauses int
}

// prerequisiteGroup are entries that ask for the same. It waits at one of its clauses, the one that fewest groups have; others
// are the rest of them.
type prerequisiteGroup struct {
	others  []int32
	members []int32 // entries
}

// deliverableBuilder finds what is equal.
type deliverableBuilder struct {
	free              bitset
	clauses           [][]int32
	asked             [][]int32 // clauses of each group
	members           [][]int32 // entries of each group
	clauseOf, groupOf map[string]int32
	key               []byte
}

func newDeliverableBuilder(entries int) *deliverableBuilder {
	return &deliverableBuilder{free: newBitset(entries), clauseOf: map[string]int32{}, groupOf: map[string]int32{}}
}

// add files an entry under its prerequisites.
func (b *deliverableBuilder) add(entry int32, prerequisites [][]int32) {
	if len(prerequisites) == 0 {
		b.free.add(entry)
		return
	}
	asked := make([]int32, 0, len(prerequisites))
	for _, clause := range prerequisites {
		n, _ := number(b.clauseOf, b.keyOf(clause))
		if int(n) == len(b.clauses) {
			b.clauses = append(b.clauses, clause)
		}
		asked = append(asked, n)
	}
	slices.Sort(asked)
	asked = slices.Compact(asked)
	group, known := number(b.groupOf, b.keyOf(asked))
	if !known {
		b.asked, b.members = append(b.asked, asked), append(b.members, nil)
	}
	b.members[group] = append(b.members[group], entry)
}

// number gives keys numbers from 0.
func number(numbers map[string]int32, key []byte) (n int32, known bool) {
	n, known = numbers[string(key)]
	if !known {
		n = int32(len(numbers))
		numbers[string(key)] = n
	}
	return n, known
}

func (b *deliverableBuilder) keyOf(set []int32) []byte {
	sorted := slices.Clone(set)
	slices.Sort(sorted)
	b.key = b.key[:0]
	for _, n := range sorted {
		b.key = binary.LittleEndian.AppendUint32(b.key, uint32(n))
	}
	return b.key
}

func (b *deliverableBuilder) build(entries int) deliverable {
	d := deliverable{free: b.free, askedBy: make([][]int32, entries),
		waiting: make([][]prerequisiteGroup, len(b.clauses)), clauses: len(b.clauses)}
	for clause, members := range b.clauses {
		for _, entry := range members {
			d.askedBy[entry] = append(d.askedBy[entry], int32(clause))
		}
	}
	uses := make([]int, len(b.clauses))
	for _, asked := range b.asked {
		for _, clause := range asked {
			uses[clause]++
		}
	}
	for group, asked := range b.asked {
		rarest := slices.MinFunc(asked, func(x, y int32) int { return uses[x] - uses[y] })
		others := slices.DeleteFunc(asked, func(clause int32) bool { return clause == rarest })
		d.waiting[rarest] = append(d.waiting[rarest], prerequisiteGroup{others: others, members: b.members[group]})
	}
	return d
}

// find adds to needed the entries of which every clause has a member in installed. satisfied is room for a bit a clause.
func (d *deliverable) find(installed, satisfied, needed bitset) {
	needed.union(d.free)
	installed.each(func(entry int32) bool {
		for _, clause := range d.askedBy[entry] {
			satisfied.add(clause)
		}
		return true
	})
	satisfied.each(func(clause int32) bool {
		for i := range d.waiting[clause] {
			group := &d.waiting[clause][i]
			if !satisfied.hasAll(group.others) {
				continue
			}
			for _, entry := range group.members {
				needed.add(entry)
			}
		}
		return true
	})
}
