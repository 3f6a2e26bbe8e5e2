package clientsync

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// maxCategories: as many relationships are too many (MS-WUSP §2.2.2.2.8).
const maxCategories = 200

// startCategoryScan serves the one operation beside the handshake that takes no cookie (MS-WUSP §2.2.2.2.8).
func startCategoryScan(x *exchange) error {
	requested, err := readRequestedCategories(x.in, x.limits)
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	scan, err := x.backend.CategoryScan(x.ctx, requested)
	if err != nil {
		return fmt.Errorf("start a category scan: %w", err)
	}
	x.answer(func(w *soap.Writer) {
		w.GUIDs("preferredCategoryIds", scan.PreferredCategoryIDs)
		w.GUIDs("requestedCategoryIdsInError", scan.RequestedCategoryIDsInError)
	})
	return nil
}

func readRequestedCategories(s *soap.Scanner, limits Limits) ([]CategoryRelationship, error) {
	var requested []CategoryRelationship
	present := false
	for s.Child() {
		if string(s.Name()) != "requestedCategories" {
			s.Skip()
			continue
		}
		present = true
		requested = append(requested, readCategories(s, limits.IDs)...)
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case !present || len(requested) >= maxCategories:
		return nil, invalid("requestedCategories")
	default:
		return requested, nil
	}
}

// StartCategoryScan asks which categories a filtered SyncUpdates should name (MS-WUSP §2.2.2.2.8). Relationships with the same
// index belong together; the server takes fewer than 200.
func (c *Client) StartCategoryScan(ctx context.Context, requested []CategoryRelationship) (CategoryScan, error) {
	var scan CategoryScan
	err := c.call(ctx, ClientPath, soap.Operation{Space: ClientNamespace, Name: "StartCategoryScan"},
		func(w *soap.Writer) {
			w.Open("requestedCategories")
			for _, r := range requested {
				w.Open("CategoryRelationship")
				w.Int("IndexOfAndGroup", int64(r.IndexOfAndGroup))
				w.GUID("CategoryId", r.CategoryID)
				w.Close("CategoryRelationship")
			}
			w.Close("requestedCategories")
		},
		func(s *soap.Scanner) { scan = readCategoryScan(s) })
	return scan, err
}

func readCategories(s *soap.Scanner, limit int) []CategoryRelationship {
	var list []CategoryRelationship
	s.List("CategoryRelationship", limit, func() {
		var r CategoryRelationship
		for s.Child() {
			switch string(s.Name()) {
			case "IndexOfAndGroup":
				r.IndexOfAndGroup = s.Int()
			case "CategoryId":
				r.CategoryID = s.GUID()
			default:
				s.Skip()
			}
		}
		list = append(list, r)
	})
	return list
}

// readCategoryScan reads the children of the response itself: this one has no element around its result.
func readCategoryScan(s *soap.Scanner) CategoryScan {
	var scan CategoryScan
	for s.Child() {
		switch string(s.Name()) {
		case "preferredCategoryIds":
			scan.PreferredCategoryIDs = s.GUIDs(maxCategories)
		case "requestedCategoryIdsInError":
			scan.RequestedCategoryIDsInError = s.GUIDs(maxCategories)
		default:
			s.Skip()
		}
	}
	return scan
}
