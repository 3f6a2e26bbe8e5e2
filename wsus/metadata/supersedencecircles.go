package metadata

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/internal/circles"
)

// findCircles numbers the updates of which each supersedes the other alike, and notes which circles are superseded. It looks at each
// update and each edge a fixed number of times, however long the chains are.
func (s *Supersedence) findCircles() {
	ids := slices.Collect(maps.Keys(s.updates))
	for id := range s.by {
		if _, known := s.updates[id]; !known {
			ids = append(ids, id)
		}
	}
	places := make(map[uuid.UUID]int, len(ids))
	for place, id := range ids {
		places[id] = place
	}
	numbers, highest := circles.Number(len(ids), func(place, k int) (int, bool) {
		above := s.by[ids[place]]
		if k == len(above) {
			return 0, false
		}
		return places[above[k]], true
	})
	s.circle = make(map[uuid.UUID]int, len(ids))
	members := make([][]uuid.UUID, highest+1)
	for place, id := range ids {
		s.circle[id] = numbers[place]
		members[numbers[place]] = append(members[numbers[place]], id)
	}
	s.hide(members)
}

// hide notes which circles have a successor. What supersedes a circle has a lower number than it.
func (s *Supersedence) hide(members [][]uuid.UUID) {
	s.hidden = make([]bool, len(members))
	// An expired update hides nothing, but others of its circle may.
	offered := make([]bool, len(members))
	for number, circle := range members {
		for _, member := range circle {
			offered[number] = offered[number] || !s.updates[member].expired
			for _, by := range s.by[member] {
				other := s.circle[by]
				s.hidden[number] = s.hidden[number] || other != number && (offered[other] || s.hidden[other])
			}
		}
	}
}

// superseded tells whether an update has a successor.
func (s *Supersedence) superseded(id uuid.UUID) bool { return s.hidden[s.circle[id]] }

// equals tells whether two updates supersede each other, or are the same.
func (s *Supersedence) equals(a, b uuid.UUID) bool {
	return a == b || s.circle[a] > 0 && s.circle[a] == s.circle[b]
}
