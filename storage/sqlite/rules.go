package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Rules implements wsus.RuleStore.
func (s *WSUS) Rules(ctx context.Context) ([]wsus.InstallApprovalRule, error) {
	const query = `SELECT id, name, enabled, action, deadline_days, deadline_minutes, categories, classifications, target_groups
		FROM wsus_rules ORDER BY name, id`
	var all []wsus.InstallApprovalRule
	err := s.db.readers.rows(ctx, query, nil, func(rows *sql.Rows) error {
		var r wsus.InstallApprovalRule
		var days, minutes sql.NullInt64
		var categories, classifications, groups []byte
		err := rows.Scan(&r.ID, &r.Name, &r.Enabled, &r.Action, &days, &minutes, &categories, &classifications, &groups)
		if days.Valid {
			r.Deadline = &wsus.RuleDeadline{DayOffset: int(days.Int64), MinutesAfterMidnight: int(minutes.Int64)}
		}
		if err == nil {
			r.Categories, err = unpackIDs(categories)
		}
		if err == nil {
			r.Classifications, err = unpackIDs(classifications)
		}
		if err == nil {
			r.Groups, err = unpackIDs(groups)
		}
		all = append(all, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	return all, nil
}

// PutRule implements wsus.RuleStore.
func (s *WSUS) PutRule(ctx context.Context, r wsus.InstallApprovalRule) error {
	var days, minutes any
	if r.Deadline != nil {
		days, minutes = r.Deadline.DayOffset, r.Deadline.MinutesAfterMidnight
	}
	const query = `INSERT OR REPLACE INTO wsus_rules
		(id, name, enabled, action, deadline_days, deadline_minutes, categories, classifications, target_groups)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	return s.write(ctx, "write rule", query, r.ID[:], r.Name, r.Enabled, int64(r.Action), days, minutes,
		packIDs(r.Categories), packIDs(r.Classifications), packIDs(r.Groups))
}

// DeleteRule implements wsus.RuleStore.
func (s *WSUS) DeleteRule(ctx context.Context, id uuid.UUID) error {
	return s.write(ctx, "delete rule", "DELETE FROM wsus_rules WHERE id = ?", id[:])
}

// write runs one statement.
func (s *WSUS) write(ctx context.Context, what, query string, args ...any) error {
	err := s.db.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
