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
	superseded := map[uuid.UUID]uuid.UUID{}
	for id, v := range verdicts {
		if v.State != Required || len(above[id]) == 0 {
			continue
		}
		if by, ok := s.superseder(id, above, verdicts); ok {
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
func (s *Scan) superseder(id uuid.UUID, above map[uuid.UUID][]uuid.UUID, verdicts map[uuid.UUID]Verdict) (uuid.UUID, bool) {
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
		if takes && !reaches(above, next, id) {
			return next, true
		}
	}
	return uuid.Nil, false
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
