package wsus

import (
	"sync"

	"github.com/google/uuid"
)

// filterCache keeps the sets of entries that category scans asked for. Agents ask for few combinations.
type filterCache struct {
	mu   sync.Mutex
	sets map[string]bitset
}

// maxFilters bounds the combinations that a scope remembers; clients choose them.
const maxFilters = 64

// related returns the entries that belong to a category scan (MS-WUSP §2.2.2.2.4, FilterCategoryIds): the categories, the
// revisions that name one of them as a prerequisite, and all that those depend on.
func (sc *scope) related(categories []uuid.UUID) bitset {
	var key string
	for _, c := range categories {
		key += string(c[:])
	}
	sc.filters.mu.Lock()
	defer sc.filters.mu.Unlock()
	if set, ok := sc.filters.sets[key]; ok {
		return set
	}
	set := sc.relatedTo(categories)
	if sc.filters.sets == nil || len(sc.filters.sets) >= maxFilters {
		sc.filters.sets = make(map[string]bitset)
	}
	sc.filters.sets[key] = set
	return set
}

func (sc *scope) relatedTo(categories []uuid.UUID) bitset {
	wanted := newBitset(len(sc.entries))
	for _, c := range categories {
		if r, ok := sc.view.generation.Latest(c); ok {
			if i, ok := sc.entryOf(r.ID); ok {
				wanted.add(i)
			}
		}
	}
	set := newBitset(len(sc.entries))
	var queue []int32
	reach := func(i int32) {
		if !set.has(i) {
			set.add(i)
			queue = append(queue, i)
		}
	}
	for i := range sc.entries {
		if wanted.has(int32(i)) || names(sc.entries[i].prerequisites, wanted) {
			reach(int32(i))
		}
	}
	for len(queue) > 0 {
		e := sc.entries[queue[0]]
		queue = queue[1:]
		for _, clauses := range [][][]int32{e.prerequisites, e.bundled} {
			for _, clause := range clauses {
				for _, i := range clause {
					reach(i)
				}
			}
		}
	}
	return set
}

func names(clauses [][]int32, set bitset) bool {
	for _, clause := range clauses {
		for _, i := range clause {
			if set.has(i) {
				return true
			}
		}
	}
	return false
}
