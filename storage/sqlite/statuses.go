package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/seed599db172/softwareupdates/wsus"
)

// statusPageSize is how many statuses a sequence reads at once: rows are small, and whoever reads all reads millions.
const statusPageSize = 5000

// PutReport implements wsus.StatusStore.
func (s *WSUS) PutReport(ctx context.Context, r wsus.Report) error {
	const head, columns = "INSERT OR REPLACE INTO wsus_statuses (computer, update_id, state, changed)", 4
	values := make([]any, 0, columns*len(r.Statuses))
	for i := range r.Statuses {
		row := &r.Statuses[i]
		values = append(values, row.ComputerID, row.UpdateID[:], int64(row.State), micros(row.Changed))
	}
	err := s.db.writer.do(ctx, func(t *tx) error {
		if _, err := appendEvents(t, r.Events); err != nil {
			return err
		}
		if err := putComputers(t, r.Computer); err != nil {
			return err
		}
		_, err := t.bulk(head, columns, "", values)
		return err
	})
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// Statuses implements wsus.StatusStore.
func (s *WSUS) Statuses(ctx context.Context, computerID string) iter.Seq2[wsus.Status, error] {
	const columns, order = "SELECT computer, update_id, state, changed FROM wsus_statuses WHERE ", " ORDER BY computer, update_id LIMIT ?"
	return pages(statusPageSize, func(after *wsus.Status) ([]wsus.Status, error) {
		query, args := columns+"computer >= ?", []any{computerID}
		switch {
		case after == nil && computerID != "":
			query = columns + "computer = ?"
		case after != nil && computerID != "":
			query, args = columns+"computer = ? AND update_id > ?", []any{computerID, after.UpdateID[:]}
		case after != nil:
			query, args = columns+"(computer, update_id) > (?, ?)", []any{after.ComputerID, after.UpdateID[:]}
		}
		page, err := s.statusPage(ctx, query+order, append(args, statusPageSize))
		if err != nil {
			return nil, fmt.Errorf("list statuses: %w", err)
		}
		return page, nil
	})
}

func (s *WSUS) statusPage(ctx context.Context, query string, args []any) (page []wsus.Status, err error) {
	err = s.db.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
		var row wsus.Status
		var changed int64
		err := rows.Scan(&row.ComputerID, &row.UpdateID, &row.State, &changed)
		row.Changed = fromMicros(changed)
		page = append(page, row)
		return err
	})
	return page, err
}
