package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Both sequences join in the order of computers, so that rows come out of their primary key in order and nothing is sorted.
const (
	stateColumns = `SELECT c.id, r.update_id, r.state, r.changed
		FROM compliance_computers c CROSS JOIN compliance_rows r ON r.computer = c.no `
	stateOrder = " ORDER BY c.id, r.update_id LIMIT ?"

	enforcementColumns = `SELECT c.id, e.topic_id, e.topic_type, e.state_id, e.error_code, e.changed
		FROM compliance_computers c CROSS JOIN compliance_enforcements e ON e.computer = c.no `
	enforcementOrder = " ORDER BY c.id, e.topic_id, e.topic_type LIMIT ?"
)

// States implements compliance.Store.
func (s *Compliance) States(ctx context.Context, computerID string) iter.Seq2[compliance.Row, error] {
	return pages(pageSize, func(after *compliance.Row) (page []compliance.Row, err error) {
		where, args := "", []any{}
		switch {
		case computerID != "" && after != nil:
			where, args = "WHERE c.id = ? AND r.update_id > ?", []any{computerID, after.UpdateID[:]}
		case computerID != "":
			where, args = "WHERE c.id = ?", []any{computerID}
		case after != nil:
			where, args = "WHERE c.id >= ?1 AND (c.id > ?1 OR r.update_id > ?2)", []any{after.ComputerID, after.UpdateID[:]}
		}
		err = s.db.readers.rows(ctx, stateColumns+where+stateOrder, append(args, pageSize), func(rows *sql.Rows) error {
			var r compliance.Row
			var changed int64
			if err := rows.Scan(&r.ComputerID, &r.UpdateID, &r.State, &changed); err != nil {
				return err
			}
			r.Changed = fromMicros(changed)
			page = append(page, r)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list states: %w", err)
		}
		return page, nil
	})
}

// Enforcements implements compliance.Store.
func (s *Compliance) Enforcements(ctx context.Context, computerID string) iter.Seq2[compliance.Enforcement, error] {
	return pages(pageSize, func(after *compliance.Enforcement) (page []compliance.Enforcement, err error) {
		where, args := "", []any{}
		switch {
		case computerID != "" && after != nil:
			where, args = "WHERE c.id = ? AND (e.topic_id, e.topic_type) > (?, ?)", []any{computerID, after.TopicID, int64(after.Type)}
		case computerID != "":
			where, args = "WHERE c.id = ?", []any{computerID}
		case after != nil:
			where = "WHERE c.id >= ?1 AND (c.id > ?1 OR (e.topic_id, e.topic_type) > (?2, ?3))"
			args = []any{after.ComputerID, after.TopicID, int64(after.Type)}
		}
		err = s.db.readers.rows(ctx, enforcementColumns+where+enforcementOrder, append(args, pageSize), func(rows *sql.Rows) error {
			var e compliance.Enforcement
			var changed int64
			if err := rows.Scan(&e.ComputerID, &e.TopicID, &e.Type, &e.StateID, &e.ErrorCode, &changed); err != nil {
				return err
			}
			e.Changed = fromMicros(changed)
			page = append(page, e)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list deployment states: %w", err)
		}
		return page, nil
	})
}
