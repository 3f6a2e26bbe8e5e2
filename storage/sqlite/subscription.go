package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Subscription implements wsus.SubscriptionStore.
func (s *WSUS) Subscription(ctx context.Context) (wsus.Subscription, error) {
	const query = "SELECT categories, classifications FROM wsus_subscription"
	var categories, classifications []byte
	err := s.db.readers.row(ctx, query, nil, &categories, &classifications)
	if errors.Is(err, sql.ErrNoRows) {
		return wsus.Subscription{}, fmt.Errorf("subscription: %w", wsus.ErrNotFound)
	}
	var sub wsus.Subscription
	if err == nil {
		sub.Categories, err = unpackIDs(categories)
	}
	if err == nil {
		sub.Classifications, err = unpackIDs(classifications)
	}
	if err != nil {
		return wsus.Subscription{}, fmt.Errorf("read subscription: %w", err)
	}
	return sub, nil
}

// PutSubscription implements wsus.SubscriptionStore.
func (s *WSUS) PutSubscription(ctx context.Context, sub wsus.Subscription) error {
	const query = "INSERT OR REPLACE INTO wsus_subscription (one, categories, classifications) VALUES (1, ?, ?)"
	return s.write(ctx, "write subscription", query, packIDs(sub.Categories), packIDs(sub.Classifications))
}

// LeftOut implements wsus.SubscriptionStore.
func (s *WSUS) LeftOut(ctx context.Context, update uuid.UUID) (wsus.LeftOut, error) {
	const query = "SELECT revision, title, products, classifications FROM wsus_left_out WHERE update_id = ?"
	left := wsus.LeftOut{UpdateID: update}
	var products, classifications []byte
	err := s.db.readers.row(ctx, query, []any{update[:]}, &left.Revision, &left.Title, &products, &classifications)
	if errors.Is(err, sql.ErrNoRows) {
		return wsus.LeftOut{}, fmt.Errorf("update %s: %w", update, wsus.ErrNotFound)
	}
	if err == nil {
		left.Products, err = unpackIDs(products)
	}
	if err == nil {
		left.Classifications, err = unpackIDs(classifications)
	}
	if err != nil {
		return wsus.LeftOut{}, fmt.Errorf("read what was left out of update %s: %w", update, err)
	}
	return left, nil
}

// PutLeftOut implements wsus.SubscriptionStore.
func (s *WSUS) PutLeftOut(ctx context.Context, updates ...wsus.LeftOut) error {
	if len(updates) == 0 {
		return ctx.Err()
	}
	const query = "INSERT OR REPLACE INTO wsus_left_out (update_id, revision, title, products, classifications) VALUES (?, ?, ?, ?, ?)"
	err := s.db.writer.do(ctx, func(t *tx) error {
		for _, u := range updates {
			if _, err := t.exec(query, u.UpdateID[:], u.Revision, u.Title, packIDs(u.Products), packIDs(u.Classifications)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write what was left out: %w", err)
	}
	return nil
}
