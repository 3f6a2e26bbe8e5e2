package wsus

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// explainAbsence says why the catalogue does not have an update: nobody has imported it, or an import has left it out.
func (s *Server) explainAbsence(ctx context.Context, v *view, x *Explanation) error {
	left, err := s.store.LeftOut(ctx, x.UpdateID)
	switch {
	case errors.Is(err, ErrNotFound):
		x.stop(Sent, Reason{Kind: NotSynchronized}, "The server does not have the update. Import it.")
		return nil
	case err != nil:
		return err
	}
	x.Revision, x.Title = left.Revision, left.Title
	sub, err := s.Subscription(ctx)
	if err != nil {
		return err
	}
	ids := slices.Concat(left.Products, left.Classifications)
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id.String()
		if r, ok := v.generation.Latest(id); ok {
			names[i] = r.Title
		}
	}
	if sub.selects(left.Products, left.Classifications) {
		x.stop(Sent, Reason{Kind: NotSynchronized, IDs: ids},
			"It was left out while its products and classifications were not selected (%s); they are now. Import it again.", strings.Join(names, ", "))
		return nil
	}
	x.stop(Sent, Reason{Kind: ProductNotSelected, IDs: ids},
		"An import has left it out: its product or its classification is not selected (%s). Select them with SetSubscription, and import "+
			"it again.", strings.Join(names, ", "))
	return nil
}
