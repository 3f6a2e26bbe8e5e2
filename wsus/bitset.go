package wsus

// bitset is a set of small numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int32) { b[i>>6] |= 1 << (i & 63) }

func (b bitset) has(i int32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

// holdsOneOfEach tells whether the set satisfies clauses: one member of each.
func (b bitset) holdsOneOfEach(clauses [][]int32) bool {
	for _, clause := range clauses {
		satisfied := false
		for _, i := range clause {
			if b.has(i) {
				satisfied = true
				break
			}
		}
		if !satisfied {
			return false
		}
	}
	return true
}
