package compliance

import "slices"

// rowSet holds the explicit states of a computer, ordered by update number: number<<2 | state. Two bits hold the four states,
// thirty the numbers of a thousand million updates.
type rowSet []uint32

func packRow(update uint32, state State) uint32 { return update<<2 | uint32(state) }

func unpackRow(row uint32) (update uint32, state State) { return row >> 2, State(row & 3) }

func (s rowSet) sort() { slices.Sort(s) }

// get returns the explicit state of an update.
func (s rowSet) get(update uint32) (State, bool) {
	i, _ := slices.BinarySearch(s, packRow(update, 0))
	if i == len(s) || s[i]>>2 != update {
		return Unknown, false
	}
	return State(s[i] & 3), true
}

// merge returns a new set in which the rows of changes replace those of the same update.
func (s rowSet) merge(changes rowSet) rowSet {
	if len(changes) == 0 {
		return s
	}
	merged := make(rowSet, 0, len(s)+len(changes))
	for _, row := range s {
		for len(changes) > 0 && changes[0]>>2 < row>>2 {
			merged, changes = append(merged, changes[0]), changes[1:]
		}
		if len(changes) > 0 && changes[0]>>2 == row>>2 {
			row, changes = changes[0], changes[1:]
		}
		merged = append(merged, row)
	}
	return append(merged, changes...)
}
