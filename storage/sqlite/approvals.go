package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Approvals implements wsus.ApprovalStore.
func (s *WSUS) Approvals(ctx context.Context) ([]wsus.Approval, error) {
	const query = `SELECT update_id, target_group, action, deadline, changed, sequence, deployment_id
		FROM wsus_approvals ORDER BY sequence`
	var all []wsus.Approval
	err := s.db.readers.rows(ctx, query, nil, func(rows *sql.Rows) error {
		var a wsus.Approval
		var deadline, changed int64
		if err := rows.Scan(&a.UpdateID, &a.Group, &a.Action, &deadline, &changed, &a.Sequence, &a.DeploymentID); err != nil {
			return err
		}
		a.Deadline, a.Changed = fromMicros(deadline), fromMicros(changed)
		all = append(all, a)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list approvals: %w", err)
	}
	return all, nil
}

// PutApproval implements wsus.ApprovalStore.
func (s *WSUS) PutApproval(ctx context.Context, a wsus.Approval) (wsus.Approval, error) {
	err := s.db.writer.do(ctx, func(t *tx) error { return putApproval(t, &a) })
	if err != nil {
		return wsus.Approval{}, fmt.Errorf("write approval: %w", err)
	}
	a.Deadline, a.Changed = fromMicros(micros(a.Deadline)), fromMicros(micros(a.Changed))
	return a, nil
}

func putApproval(t *tx, a *wsus.Approval) error {
	key := []any{a.UpdateID[:], a.Group[:]}
	err := t.row("SELECT deployment_id FROM wsus_approvals WHERE update_id = ? AND target_group = ?", key, &a.DeploymentID)
	if errors.Is(err, sql.ErrNoRows) {
		var next int64
		if next, err = count(t, "deployment"); err == nil && next > math.MaxInt32 {
			err = errors.New("all deployment ids are used")
		}
		a.DeploymentID = int32(next)
	}
	if err != nil {
		return err
	}
	if a.Sequence, err = count(t, "sequence"); err != nil {
		return err
	}
	const query = `INSERT OR REPLACE INTO wsus_approvals
		(update_id, target_group, action, deadline, changed, sequence, deployment_id) VALUES (?, ?, ?, ?, ?, ?, ?)`
	_, err = t.exec(query, append(key, int64(a.Action), micros(a.Deadline), micros(a.Changed), a.Sequence, a.DeploymentID)...)
	return err
}

// count gives out the next number of a counter.
func count(t *tx, counter string) (next int64, err error) {
	err = t.row("UPDATE wsus_counters SET value = value + 1 WHERE name = ? RETURNING value", []any{counter}, &next)
	return next, err
}
