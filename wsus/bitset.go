package wsus

import "math/bits"

// bitset is a set of small numbers. Sets that are put together have the same length.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int32) { b[i>>6] |= 1 << (i & 63) }

func (b bitset) has(i int32) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) hasAll(list []int32) bool {
	for _, i := range list {
		if !b.has(i) {
			return false
		}
	}
	return true
}

func (b bitset) union(c bitset) {
	for i := range b {
		b[i] |= c[i]
	}
}

func (b bitset) intersect(c bitset) {
	for i := range b {
		b[i] &= c[i]
	}
}

// difference makes b the members of c that are not in d.
func (b bitset) difference(c, d bitset) {
	for i := range b {
		b[i] = c[i] &^ d[i]
	}
}

// intersection makes b the members of both.
func (b bitset) intersection(c, d bitset) {
	for i := range b {
		b[i] = c[i] & d[i]
	}
}

// each calls f with the members of the set in order, until it answers false.
func (b bitset) each(f func(i int32) bool) {
	for word, set := range b {
		for ; set != 0; set &= set - 1 {
			if !f(int32(word<<6 + bits.TrailingZeros64(set))) {
				return
			}
		}
	}
}
