package wsus

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// UpdateCategory is what updates are sorted by: a company, a product family or a product, the product's IUpdateCategory, or a
// classification, its IUpdateClassification. The ids are those of Query and InstallApprovalRule.
type UpdateCategory struct {
	ID    uuid.UUID
	Title string
	// Type is Company, ProductFamily, Product or UpdateClassification.
	Type string
	// ParentID is the category in which it lies; zero at the top, where companies and classifications are.
	ParentID uuid.UUID
}

// UpdateCategories returns the companies, families and products of the catalogue, ordered by title.
func (s *Server) UpdateCategories(context.Context) []UpdateCategory {
	return s.view.Load().categories(func(categoryType string) bool { return categoryType != "UpdateClassification" })
}

// UpdateClassifications returns the classifications of the catalogue, ordered by title.
func (s *Server) UpdateClassifications(context.Context) []UpdateCategory {
	return s.view.Load().categories(func(categoryType string) bool { return categoryType == "UpdateClassification" })
}

func (v *view) categories(wanted func(categoryType string) bool) []UpdateCategory {
	var all []UpdateCategory
	for r := range v.generation.All() {
		if r.Type == metadata.Category && r.CategoryType != "" && wanted(r.CategoryType) && v.inForce(r) {
			all = append(all, UpdateCategory{ID: r.UpdateID, Title: r.Title, Type: r.CategoryType, ParentID: v.parentOf(r)})
		}
	}
	slices.SortFunc(all, func(a, b UpdateCategory) int { return cmp.Or(cmp.Compare(a.Title, b.Title), compareIDs(a.ID, b.ID)) })
	return all
}

// parentOf is the nearest of the categories that a category names: a product may name its family and its company.
func (v *view) parentOf(r *catalog.Revision) uuid.UUID {
	for _, categoryType := range []string{"Product", "ProductFamily", "Company"} {
		if c := v.category(r, categoryType); c != nil {
			return c.UpdateID
		}
	}
	return uuid.Nil
}

// categoriesOf are the categories that prerequisites name, and those above them: a product's family and company. Each comes once.
func categoriesOf(g *catalog.Generation, prerequisites []metadata.Clause) (categories []*catalog.Revision) {
	seen := make(map[uuid.UUID]bool)
	for queue := prerequisites; len(queue) > 0; queue = queue[1:] {
		for _, m := range queue[0].Members {
			c, ok := g.Latest(m.UpdateID)
			if !ok || c.Type != metadata.Category || seen[m.UpdateID] {
				continue
			}
			seen[m.UpdateID] = true
			categories = append(categories, c)
			queue = append(queue[:len(queue):len(queue)], c.Prerequisites...)
		}
	}
	return categories
}
