package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Groups implements wsus.GroupStore.
func (s *WSUS) Groups(ctx context.Context) ([]wsus.TargetGroup, int64, error) {
	var all []wsus.TargetGroup
	err := s.db.readers.rows(ctx, "SELECT id, name, parent, sequence FROM wsus_groups ORDER BY name", nil, func(rows *sql.Rows) error {
		var g wsus.TargetGroup
		err := rows.Scan(&g.ID, &g.Name, &g.ParentID, &g.Sequence)
		all = append(all, g)
		return err
	})
	var regrouped int64
	if err == nil {
		err = s.db.readers.row(ctx, "SELECT value FROM wsus_counters WHERE name = 'regrouped'", nil, &regrouped)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("list target groups: %w", err)
	}
	return all, regrouped, nil
}

// PutGroup implements wsus.GroupStore.
func (s *WSUS) PutGroup(ctx context.Context, g wsus.TargetGroup) (wsus.TargetGroup, error) {
	if err := s.db.writer.do(ctx, func(t *tx) error { return putGroup(t, &g) }); err != nil {
		return wsus.TargetGroup{}, fmt.Errorf("write target group: %w", err)
	}
	return g, nil
}

func putGroup(t *tx, g *wsus.TargetGroup) error {
	folded := fold(g.Name)
	var owner string
	err := t.row("SELECT name FROM wsus_groups WHERE folded = ? AND id <> ?", []any{folded, g.ID[:]}, &owner)
	if err == nil {
		return fmt.Errorf("%q has the name already: %w", owner, wsus.ErrConflict)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if g.Sequence, err = count(t, "sequence"); err != nil {
		return err
	}
	const moved = `UPDATE wsus_counters SET value = ? WHERE name = 'regrouped'
		AND EXISTS (SELECT 1 FROM wsus_groups WHERE id = ? AND parent <> ?)`
	if _, err := t.exec(moved, g.Sequence, g.ID[:], g.ParentID[:]); err != nil {
		return err
	}
	const query = `INSERT INTO wsus_groups (id, name, folded, parent, sequence) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded, parent = excluded.parent, sequence = excluded.sequence`
	_, err = t.exec(query, g.ID[:], g.Name, folded, g.ParentID[:], g.Sequence)
	return err
}

// regroup notes that the approvals of a computer may be others from the next sequence number on.
func regroup(t *tx) error {
	next, err := count(t, "sequence")
	if err == nil {
		_, err = t.exec("UPDATE wsus_counters SET value = ? WHERE name = 'regrouped'", next)
	}
	return err
}

// DeleteGroups implements wsus.GroupStore.
func (s *WSUS) DeleteGroups(ctx context.Context, ids ...uuid.UUID) error {
	err := s.db.writer.do(ctx, func(t *tx) error {
		for _, id := range ids {
			if _, err := t.exec("DELETE FROM wsus_groups WHERE id = ?", id[:]); err != nil {
				return err
			}
			if _, err := t.exec("DELETE FROM wsus_approvals WHERE target_group = ?", id[:]); err != nil {
				return err
			}
		}
		return regroup(t)
	})
	if err != nil {
		return fmt.Errorf("delete target groups: %w", err)
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
