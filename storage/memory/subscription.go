package memory

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Subscription implements wsus.SubscriptionStore.
func (s *WSUS) Subscription(ctx context.Context) (wsus.Subscription, error) {
	if err := ctx.Err(); err != nil {
		return wsus.Subscription{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.subscription == nil {
		return wsus.Subscription{}, fmt.Errorf("subscription: %w", wsus.ErrNotFound)
	}
	return copyOf(*s.subscription), nil
}

// PutSubscription implements wsus.SubscriptionStore.
func (s *WSUS) PutSubscription(ctx context.Context, sub wsus.Subscription) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	sub = copyOf(sub)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscription = &sub
	return nil
}

func copyOf(s wsus.Subscription) wsus.Subscription {
	return wsus.Subscription{Categories: slices.Clone(s.Categories), Classifications: slices.Clone(s.Classifications)}
}

// LeftOut implements wsus.SubscriptionStore.
func (s *WSUS) LeftOut(ctx context.Context, update uuid.UUID) (wsus.LeftOut, error) {
	if err := ctx.Err(); err != nil {
		return wsus.LeftOut{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	left, ok := s.leftOut[update]
	if !ok {
		return wsus.LeftOut{}, fmt.Errorf("update %s: %w", update, wsus.ErrNotFound)
	}
	left.Products, left.Classifications = slices.Clone(left.Products), slices.Clone(left.Classifications)
	return left, nil
}

// PutLeftOut implements wsus.SubscriptionStore.
func (s *WSUS) PutLeftOut(ctx context.Context, updates ...wsus.LeftOut) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range updates {
		u.Products, u.Classifications = slices.Clone(u.Products), slices.Clone(u.Classifications)
		s.leftOut[u.UpdateID] = u
	}
	return nil
}
