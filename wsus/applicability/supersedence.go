package applicability

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// supersede turns Required verdicts into Superseded ones. Lists of superseded updates name direct victims only, so it follows
// them over any number of steps. An update that supersedes one which supersedes it back does not count: else neither would be
// offered.
func (s *Scan) supersede(verdicts map[uuid.UUID]Verdict) {
	above := s.above()
	circular := circles(above)
	superseded := map[uuid.UUID]uuid.UUID{}
	for id, v := range verdicts {
		if v.State != Required || len(above[id]) == 0 {
			continue
		}
		if by, ok := s.superseder(id, above, circular, verdicts); ok {
			superseded[id] = by
		}
	}
	for id, by := range superseded {
		verdicts[id] = supersededBy(by, verdicts[by])
	}
}

func supersededBy(by uuid.UUID, v Verdict) Verdict {
	return decided(Superseded, "superseded by "+by.String()+", which is "+v.State.String())
}

// above maps updates to those that supersede them directly, always in the same order.
func (s *Scan) above() map[uuid.UUID][]uuid.UUID {
	above := map[uuid.UUID][]uuid.UUID{}
	for id, c := range s.highest {
		for _, victim := range c.Relationships.Superseded {
			if s.highest[victim] != nil {
				above[victim] = append(above[victim], id)
			}
		}
	}
	for _, ids := range above {
		slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	}
	return above
}

// superseder finds one of the updates above id that takes its place on this machine, nearest first.
func (s *Scan) superseder(id uuid.UUID, above map[uuid.UUID][]uuid.UUID, circular map[uuid.UUID]bool, verdicts map[uuid.UUID]Verdict) (uuid.UUID, bool) {
	seen := map[uuid.UUID]bool{id: true}
	for queue := slices.Clone(above[id]); len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		if seen[next] {
			continue
		}
		seen[next] = true
		queue = append(queue, above[next]...)
		state := verdicts[next].State
		takes := state == Installed || state == Required && !s.withheld[next]
		if takes && !(circular[next] && circular[id] && reaches(above, next, id)) {
			return next, true
		}
	}
	return uuid.Nil, false
}

// circles are the updates that supersede themselves over others, and those below such. There are none in proper catalogues, and
// for all others nobody need look whether two updates supersede each other.
func circles(above map[uuid.UUID][]uuid.UUID) map[uuid.UUID]bool {
	left := make(map[uuid.UUID]int, len(above))
	below := make(map[uuid.UUID][]uuid.UUID, len(above))
	var free []uuid.UUID
	for id, superseders := range above {
		left[id] = len(superseders)
		for _, by := range superseders {
			below[by] = append(below[by], id)
			if len(above[by]) == 0 {
				free = append(free, by)
			}
		}
	}
	for ; len(free) > 0; free = free[1:] {
		victims := below[free[0]]
		below[free[0]] = nil
		for _, id := range victims {
			if left[id]--; left[id] == 0 {
				free = append(free, id)
			}
		}
	}
	circular := map[uuid.UUID]bool{}
	for id, n := range left {
		if n > 0 {
			circular[id] = true
		}
	}
	return circular
}

// reaches tells whether to is above from.
func reaches(above map[uuid.UUID][]uuid.UUID, from, to uuid.UUID) bool {
	seen := map[uuid.UUID]bool{from: true}
	for queue := slices.Clone(above[from]); len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		if next == to {
			return true
		}
		if !seen[next] {
			seen[next] = true
			queue = append(queue, above[next]...)
		}
	}
	return false
}
