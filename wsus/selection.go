package wsus

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// selection is what the Subscription makes of an import.
type selection struct {
	taken []*metadata.Update
	left  []LeftOut
	// leftFiles are the names of the files of those, lower case: nobody looks for them.
	leftFiles []string
	// categories is what became of the categories and detectoids, which are imported already.
	categories catalog.Result
}

// choose splits the updates of an import into those that the Subscription takes and the others. Categories and detectoids are taken in any
// case, and before anything is judged: a product may be selected by a family that comes only now.
func (s *Server) choose(ctx context.Context, updates []*metadata.Update) (selection, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.Subscription(ctx)
	if err != nil {
		return selection{}, fmt.Errorf("subscription: %w", err)
	}
	if len(sub.Categories)+len(sub.Classifications) == 0 {
		return selection{taken: updates}, nil
	}
	var categories, rest []*metadata.Update
	for _, u := range updates {
		if u.Type == metadata.Category || u.Type == metadata.Detectoid {
			categories = append(categories, u)
		} else {
			rest = append(rest, u)
		}
	}
	var chosen selection
	if chosen.categories, err = s.catalog.Import(ctx, categories); err != nil {
		return selection{}, fmt.Errorf("categories: %w", err)
	}
	c := chooser{generation: s.catalog.Generation(), subscription: sub, wanted: make(map[*metadata.Update]bool)}
	c.choose(rest)
	for _, u := range rest {
		if c.wanted[u] {
			chosen.taken = append(chosen.taken, u)
		} else {
			chosen.leave(u, c)
		}
	}
	return chosen, s.store.PutLeftOut(ctx, chosen.left...)
}

func (s *selection) leave(u *metadata.Update, c chooser) {
	out := LeftOut{UpdateID: u.UpdateID, Revision: u.Revision, Title: u.Title()}
	out.Products, out.Classifications = c.categories(u)
	s.left = append(s.left, out)
	for _, f := range filesOf(u) {
		s.leftFiles = append(s.leftFiles, strings.ToLower(f.Name))
	}
}

// chooser decides which updates of one import are taken.
type chooser struct {
	generation   *catalog.Generation
	subscription Subscription
	wanted       map[*metadata.Update]bool
}

// choose marks what is selected, and with it what it is made of and what it needs: a bundle without its members, or an update without its
// prerequisite, would be nobody's.
func (c *chooser) choose(updates []*metadata.Update) {
	byID := make(map[uuid.UUID][]*metadata.Update)
	var queue []*metadata.Update
	for _, u := range updates {
		byID[u.UpdateID] = append(byID[u.UpdateID], u)
		products, classifications := c.categories(u)
		if c.subscription.selects(products, classifications) {
			c.wanted[u] = true
			queue = append(queue, u)
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, clause := range slices.Concat(queue[0].Relationships.Bundled, queue[0].Relationships.Prerequisites) {
			for _, member := range clause.Members {
				for _, u := range byID[member.UpdateID] {
					if !c.wanted[u] {
						c.wanted[u] = true
						queue = append(queue, u)
					}
				}
			}
		}
	}
}

// categories are the known products of an update, with the families and companies above them, and its classifications.
func (c *chooser) categories(u *metadata.Update) (products, classifications []uuid.UUID) {
	for _, r := range categoriesOf(c.generation, u.Relationships.Prerequisites) {
		if r.CategoryType == "UpdateClassification" {
			classifications = append(classifications, r.UpdateID)
		} else {
			products = append(products, r.UpdateID)
		}
	}
	return products, classifications
}
