package wsus

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// categoryScan answers StartCategoryScan (MS-WUSP §3.1.5.6): of each AND-group that is a product, or a product with an update
// classification, the product; any other shape clears the answer, and the client scans for everything.
func (s *Server) categoryScan(requested []clientsync.CategoryRelationship) clientsync.CategoryScan {
	g := s.view.Load().generation
	groups := make(map[int][]uuid.UUID)
	for _, r := range requested {
		groups[r.IndexOfAndGroup] = append(groups[r.IndexOfAndGroup], r.CategoryID)
	}
	var scan clientsync.CategoryScan
	categoryType := func(id uuid.UUID) string {
		r, ok := g.Latest(id)
		if !ok || r.CategoryType == "" {
			return ""
		}
		return r.CategoryType
	}
	for _, index := range slices.Sorted(maps.Keys(groups)) {
		var products, classifications, unknown []uuid.UUID
		for _, id := range groups[index] {
			switch categoryType(id) {
			case "":
				unknown = append(unknown, id)
			case "Product":
				products = append(products, id)
			case "UpdateClassification":
				classifications = append(classifications, id)
			}
		}
		if len(unknown) > 0 {
			scan.RequestedCategoryIDsInError = append(scan.RequestedCategoryIDsInError, unknown...)
			continue
		}
		if len(products) != 1 || len(classifications) != len(groups[index])-1 || len(groups[index]) > 2 {
			scan.PreferredCategoryIDs = nil
			return scan
		}
		scan.PreferredCategoryIDs = append(scan.PreferredCategoryIDs, products[0])
	}
	return scan
}
