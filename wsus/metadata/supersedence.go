package metadata

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// Supersedence answers which updates of a set replace which. It never changes, so goroutines may share it.
//
// Of each update only the highest revision counts: its list is in force, and it stands for every revision of what it lists. An
// update that has expired still hands on what it replaced (A replaces B, B replaces C: A covers C, whether or not B has
// expired), but is no reason to leave out another one, for it must not be offered. Circles, which are mistakes of publishers,
// are tolerated: updates that replace each other are equals, and none of them is superseded by the others.
type Supersedence struct {
	updates map[uuid.UUID]superseding
	// by has the updates that replace one directly.
	by       map[uuid.UUID][]uuid.UUID
	articles map[string][]uuid.UUID
	// circle numbers updates from 1, alike where each supersedes the other; hidden has true for circles that others supersede.
	circle map[uuid.UUID]int
	hidden []bool
}

type superseding struct {
	Identity
	covers  []uuid.UUID
	expired bool
}

// NewSupersedence relates the updates of a set. Of two entries for the same revision the later one counts.
func NewSupersedence(updates []*Update) *Supersedence {
	highest := map[uuid.UUID]*Update{}
	for _, u := range updates {
		if h := highest[u.UpdateID]; h == nil || u.Revision >= h.Revision {
			highest[u.UpdateID] = u
		}
	}
	s := &Supersedence{updates: map[uuid.UUID]superseding{}, by: map[uuid.UUID][]uuid.UUID{}, articles: map[string][]uuid.UUID{}}
	for id, u := range highest {
		covers := sortedIDs(u.Relationships.Superseded)
		s.updates[id] = superseding{u.Identity, covers, u.PublicationState == "Expired"}
		for _, victim := range covers {
			s.by[victim] = append(s.by[victim], id)
		}
		for _, kb := range u.Extended.KBArticleIDs {
			s.articles[article(kb)] = append(s.articles[article(kb)], id)
		}
	}
	for _, ids := range s.by {
		sortIDs(ids)
	}
	for kb, ids := range s.articles {
		s.articles[kb] = sortedIDs(ids)
	}
	s.findCircles()
	return s
}

// Covers lists the updates that this one names as replaced, whether or not they are in the set, ordered by id.
func (s *Supersedence) Covers(id uuid.UUID) []uuid.UUID {
	return slices.Clone(s.updates[id].covers)
}

// CoversAll lists what an update replaces directly or through the chain, ordered by id, without itself.
func (s *Supersedence) CoversAll(id uuid.UUID) []uuid.UUID {
	return reach(id, func(id uuid.UUID) []uuid.UUID { return s.updates[id].covers })
}

// CoveredBy lists the updates of the set that replace this one directly or through the chain, expired ones too, ordered by id,
// without itself.
func (s *Supersedence) CoveredBy(id uuid.UUID) []uuid.UUID {
	return reach(id, func(id uuid.UUID) []uuid.UUID { return s.by[id] })
}

// Successors lists the updates that supersede this one: those of CoveredBy that have not expired and that it does not cover
// itself.
func (s *Supersedence) Successors(id uuid.UUID) []uuid.UUID {
	return slices.DeleteFunc(s.CoveredBy(id), func(by uuid.UUID) bool { return s.updates[by].expired || s.equals(by, id) })
}

// LatestOf lists the updates that stand at the end of this one's chains: those of the set that nothing supersedes any more and
// that cover it, ordered by id. It is the update itself when nothing supersedes it. There can be several, for chains may fork, and
// none when all have expired. An id that the set does not have is answered by what covers it.
func (s *Supersedence) LatestOf(id uuid.UUID) []uuid.UUID {
	family := s.CoveredBy(id)
	if _, here := s.updates[id]; here {
		family = sortedIDs(append(family, id))
	}
	return slices.DeleteFunc(family, func(member uuid.UUID) bool {
		return s.updates[member].expired || s.superseded(member)
	})
}

// reach walks the edges from id and leaves id out.
func reach(id uuid.UUID, next func(uuid.UUID) []uuid.UUID) []uuid.UUID {
	seen := map[uuid.UUID]bool{id: true}
	var out []uuid.UUID
	for queue := []uuid.UUID{id}; len(queue) > 0; queue = queue[1:] {
		for _, n := range next(queue[0]) {
			if !seen[n] {
				seen[n] = true
				out, queue = append(out, n), append(queue, n)
			}
		}
	}
	sortIDs(out)
	return out
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

func sortIDs(ids []uuid.UUID) { slices.SortFunc(ids, compareIDs) }

// sortedIDs returns a copy in order without repetitions.
func sortedIDs(ids []uuid.UUID) []uuid.UUID {
	out := slices.Clone(ids)
	sortIDs(out)
	return slices.Compact(out)
}
