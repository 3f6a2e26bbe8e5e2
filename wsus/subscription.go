package wsus

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// SubscriptionStore keeps of which products and classifications updates are taken over, and what was left out.
type SubscriptionStore interface {
	// Subscription answers ErrNotFound before the first PutSubscription.
	Subscription(ctx context.Context) (Subscription, error)
	PutSubscription(ctx context.Context, s Subscription) error
	// LeftOut answers ErrNotFound for an update that PutLeftOut never kept.
	LeftOut(ctx context.Context, update uuid.UUID) (LeftOut, error)
	// PutLeftOut inserts or replaces by UpdateID, all or nothing.
	PutLeftOut(ctx context.Context, updates ...LeftOut) error
}

// Subscription says of which products and classifications an Import takes updates: the product's ISubscription. As there, it is about what
// comes: updates that are here already stay when their product is no longer selected.
type Subscription struct {
	// Categories are ids of products, or of the families and companies above them; none: all. An update that belongs to no product is
	// taken.
	Categories []uuid.UUID
	// Classifications are those of which updates are taken; none: all. An update without one is taken.
	Classifications []uuid.UUID
}

// MaxSelected bounds each of the two lists of a Subscription.
const MaxSelected = 10_000

// Validate says all that is wrong at once, as a *multierror.Error.
func (s Subscription) Validate() error {
	var faults *multierror.Error
	for _, list := range []struct {
		name string
		ids  []uuid.UUID
	}{{"categories", s.Categories}, {"classifications", s.Classifications}} {
		if len(list.ids) > MaxSelected {
			faults = multierror.Append(faults, fmt.Errorf("%d %s are more than %d", len(list.ids), list.name, MaxSelected))
		}
		if slices.Contains(list.ids, uuid.Nil) {
			faults = multierror.Append(faults, fmt.Errorf("one of the %s is the empty id", list.name))
		}
	}
	return faults.ErrorOrNil()
}

// LeftOut is an update that an Import did not take over because of the Subscription.
type LeftOut struct {
	UpdateID uuid.UUID
	Revision int32
	Title    string
	// Products, with the families and companies above them, and Classifications are its own, as far as the catalogue knows them.
	Products, Classifications []uuid.UUID
}

// Subscription returns what is selected; before the first SetSubscription nothing is, which means everything.
func (s *Server) Subscription(ctx context.Context) (Subscription, error) {
	sub, err := s.store.Subscription(ctx)
	if errors.Is(err, ErrNotFound) {
		return Subscription{}, nil
	}
	return sub, err
}

// SetSubscription selects products and classifications for the imports that follow. Ids may be of categories that are still to come.
// What was left out before comes with the next Import of the same folder.
func (s *Server) SetSubscription(ctx context.Context, sub Subscription) error {
	if err := sub.Validate(); err != nil {
		return fmt.Errorf("set subscription: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.store.PutSubscription(ctx, sub); err != nil {
		return fmt.Errorf("set subscription: %w", err)
	}
	return nil
}

// selects says whether updates of these categories, which come with all above them, are taken: of each kind that an update names at
// all, one must be selected.
func (s Subscription) selects(products, classifications []uuid.UUID) bool {
	return oneSelected(s.Categories, products) && oneSelected(s.Classifications, classifications)
}

func oneSelected(selected, named []uuid.UUID) bool {
	return len(selected) == 0 || len(named) == 0 || overlap(named, selected)
}
