package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Groups implements wsus.ApprovalStore.
func (s *WSUS) Groups(ctx context.Context) ([]wsus.TargetGroup, error) {
	var all []wsus.TargetGroup
	err := s.db.readers.rows(ctx, "SELECT id, name FROM wsus_groups ORDER BY name", nil, func(rows *sql.Rows) error {
		var g wsus.TargetGroup
		if err := rows.Scan(&g.ID, &g.Name); err != nil {
			return err
		}
		all = append(all, g)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list target groups: %w", err)
	}
	return all, nil
}

// PutGroup implements wsus.ApprovalStore.
func (s *WSUS) PutGroup(ctx context.Context, g wsus.TargetGroup) error {
	folded := fold(g.Name)
	err := s.db.writer.do(ctx, func(t *tx) error {
		var owner string
		err := t.row("SELECT name FROM wsus_groups WHERE folded = ? AND id <> ?", []any{folded, g.ID[:]}, &owner)
		if err == nil {
			return fmt.Errorf("%q has the name already: %w", owner, wsus.ErrConflict)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		const query = `INSERT INTO wsus_groups (id, name, folded) VALUES (?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded`
		_, err = t.exec(query, g.ID[:], g.Name, folded)
		return err
	})
	if err != nil {
		return fmt.Errorf("write target group: %w", err)
	}
	return nil
}

// fold gives texts the same form exactly when strings.EqualFold takes them for equal: each letter becomes the smallest of those
// that differ from it in case only.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		smallest := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			smallest = min(smallest, next)
		}
		return smallest
	}, text)
}
