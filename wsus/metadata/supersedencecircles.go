package metadata

import (
	"slices"

	"github.com/google/uuid"
)

// findCircles numbers the updates of which each supersedes the other alike, and notes which circles are superseded. It takes each
// update and each edge once or twice, however long the chains are.
func (s *Supersedence) findCircles() {
	order := s.climbed()
	s.circle = make(map[uuid.UUID]int, len(order))
	var circles [][]uuid.UUID
	for _, start := range slices.Backward(order) {
		if s.circle[start] > 0 {
			continue
		}
		number := len(circles) + 1
		members := []uuid.UUID{start}
		s.circle[start] = number
		for i := 0; i < len(members); i++ {
			for _, victim := range s.updates[members[i]].covers {
				if s.circle[victim] == 0 {
					s.circle[victim] = number
					members = append(members, victim)
				}
			}
		}
		circles = append(circles, members)
	}
	// What supersedes a circle has a higher number. An expired update hides nothing, but others of its circle may.
	s.hidden = make([]bool, len(circles)+1)
	offered := make([]bool, len(circles)+1)
	for number := len(circles); number > 0; number-- {
		for _, member := range circles[number-1] {
			offered[number] = offered[number] || !s.updates[member].expired
			for _, by := range s.by[member] {
				other := s.circle[by]
				s.hidden[number] = s.hidden[number] || other != number && (offered[other] || s.hidden[other])
			}
		}
	}
}

// climbed lists all updates that are known or replaced, each when everything above it that was not seen before has been left.
func (s *Supersedence) climbed() []uuid.UUID {
	type climb struct {
		id    uuid.UUID
		above []uuid.UUID
	}
	var order []uuid.UUID
	seen := make(map[uuid.UUID]bool, len(s.updates))
	from := func(start uuid.UUID) {
		if seen[start] {
			return
		}
		seen[start] = true
		for path := []climb{{start, s.by[start]}}; len(path) > 0; {
			top := &path[len(path)-1]
			if len(top.above) == 0 {
				order = append(order, top.id)
				path = path[:len(path)-1]
				continue
			}
			next := top.above[0]
			top.above = top.above[1:]
			if !seen[next] {
				seen[next] = true
				path = append(path, climb{next, s.by[next]})
			}
		}
	}
	for id := range s.updates {
		from(id)
	}
	for id := range s.by {
		from(id)
	}
	return order
}

// superseded tells whether an update has a successor.
func (s *Supersedence) superseded(id uuid.UUID) bool { return s.hidden[s.circle[id]] }

// equals tells whether two updates supersede each other, or are the same.
func (s *Supersedence) equals(a, b uuid.UUID) bool {
	return a == b || s.circle[a] > 0 && s.circle[a] == s.circle[b]
}
