package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Approvals implements wsus.ApprovalStore.
func (s *WSUS) Approvals(ctx context.Context) ([]wsus.Approval, error) {
	const query = `SELECT update_id, target_group, revision, action, deadline, administrator, created, changed, dead, sequence, deployment_id
		FROM wsus_approvals ORDER BY sequence`
	var all []wsus.Approval
	err := s.db.readers.rows(ctx, query, nil, func(rows *sql.Rows) error {
		var a wsus.Approval
		var deadline, created, changed int64
		err := rows.Scan(&a.UpdateID, &a.Group, &a.Revision, &a.Action, &deadline, &a.AdministratorName, &created, &changed, &a.Dead,
			&a.Sequence, &a.DeploymentID)
		a.Deadline, a.CreationDate, a.Changed = fromMicros(deadline), fromMicros(created), fromMicros(changed)
		all = append(all, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list approvals: %w", err)
	}
	return all, nil
}

// PutApprovals implements wsus.ApprovalStore.
func (s *WSUS) PutApprovals(ctx context.Context, approvals ...wsus.Approval) ([]wsus.Approval, error) {
	out := slices.Clone(approvals)
	err := s.db.writer.do(ctx, func(t *tx) error {
		for i := range out {
			if err := putApproval(t, &out[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("write approvals: %w", err)
	}
	for i := range out {
		a := &out[i]
		a.Deadline, a.CreationDate, a.Changed = asKept(a.Deadline), asKept(a.CreationDate), asKept(a.Changed)
	}
	return out, nil
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
		(update_id, target_group, revision, action, deadline, administrator, created, changed, dead, sequence, deployment_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	_, err = t.exec(query, append(key, a.Revision, int64(a.Action), micros(a.Deadline), a.AdministratorName, micros(a.CreationDate),
		micros(a.Changed), a.Dead, a.Sequence, a.DeploymentID)...)
	return err
}

// count gives out the next number of a counter.
func count(t *tx, counter string) (next int64, err error) {
	err = t.row("UPDATE wsus_counters SET value = value + 1 WHERE name = ? RETURNING value", []any{counter}, &next)
	return next, err
}
