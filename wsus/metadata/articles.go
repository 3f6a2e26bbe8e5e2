package metadata

import (
	"strings"

	"github.com/google/uuid"
)

// Standing is how a knowledge base article stands on a machine.
type Standing string

// The standings, from the one that needs no action to the one that does.
const (
	// ArticleInstalled: an update of the article is installed.
	ArticleInstalled Standing = "Installed"
	// ArticleCovered: none is installed, but one that supersedes it is. Nothing is missing.
	ArticleCovered Standing = "Covered"
	// ArticleSuperseded: neither is installed, and what is missing is a successor rather than the article itself.
	ArticleSuperseded Standing = "Superseded"
	// ArticleMissing: it is not installed and nothing supersedes it.
	ArticleMissing Standing = "Missing"
	// ArticleWithdrawn: it is not installed, its publisher has withdrawn it, and nothing supersedes it.
	ArticleWithdrawn Standing = "Withdrawn"
	// ArticleUnknown: no update of the set that applies to the machine has the article.
	ArticleUnknown Standing = "Unknown"
)

// Article is the answer for one knowledge base article.
type Article struct {
	Standing Standing
	// Updates are those of the set that have the article and apply to the machine, ordered by id.
	Updates []uuid.UUID
	// By says what decided: the installed updates for Installed and Covered, what to install instead for Superseded, and the
	// updates themselves for Missing and Withdrawn.
	By []uuid.UUID
}

// IsSuperseded says that the set has updates with the article and that every one of them is superseded by another: whoever
// lacks the article lacks something newer. The prefix KB and case make no difference.
func (s *Supersedence) IsSuperseded(kb string) bool {
	ids := s.articles[article(kb)]
	for _, id := range ids {
		if !s.superseded(id) {
			return false
		}
	}
	return len(ids) > 0
}

// Article tells whether a machine lacks an article or whether it is merely superseded. One article often has an update for
// each architecture; applicable says which of them concern the machine (nil: all do), installed which updates it has.
func (s *Supersedence) Article(kb string, installed, applicable func(uuid.UUID) bool) Article {
	a := Article{Standing: ArticleUnknown}
	var covering, instead, missing, withdrawn []uuid.UUID
	for _, id := range s.articles[article(kb)] {
		if !installed(id) && applicable != nil && !applicable(id) {
			continue
		}
		a.Updates = append(a.Updates, id)
		if installed(id) {
			a.By = append(a.By, id)
			continue
		}
		has := only(s.CoveredBy(id), installed)
		covering = append(covering, has...)
		switch successors := only(s.Successors(id), applicable); {
		case len(has) > 0:
		case len(successors) > 0:
			instead = append(instead, s.newest(successors)...)
		case s.updates[id].expired:
			withdrawn = append(withdrawn, id)
		default:
			missing = append(missing, id)
		}
	}
	for _, outcome := range []struct {
		standing Standing
		by       []uuid.UUID
	}{
		{ArticleInstalled, a.By}, {ArticleCovered, covering}, {ArticleMissing, missing}, {ArticleSuperseded, instead},
		{ArticleWithdrawn, withdrawn},
	} {
		if len(outcome.by) > 0 {
			a.Standing, a.By = outcome.standing, sortedIDs(outcome.by)
			break
		}
	}
	return a
}

// newest keeps those of the updates that no other of them supersedes.
func (s *Supersedence) newest(ids []uuid.UUID) []uuid.UUID {
	among := map[uuid.UUID]bool{}
	for _, id := range ids {
		among[id] = true
	}
	var out []uuid.UUID
	for _, id := range ids {
		if len(only(s.Successors(id), func(by uuid.UUID) bool { return among[by] })) == 0 {
			out = append(out, id)
		}
	}
	return out
}

// only keeps what holds; nil keeps all.
func only(ids []uuid.UUID, holds func(uuid.UUID) bool) []uuid.UUID {
	if holds == nil {
		return ids
	}
	var out []uuid.UUID
	for _, id := range ids {
		if holds(id) {
			out = append(out, id)
		}
	}
	return out
}

// article is the number without the prefix that people write.
func article(kb string) string {
	return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(kb)), "kb")
}
