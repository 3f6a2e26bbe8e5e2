package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Compliance implements compliance.Store.
type Compliance struct{ db *DB }

var _ compliance.Store = (*Compliance)(nil)

// Compliance is the store of the compliance tracker.
func (db *DB) Compliance() *Compliance { return &Compliance{db} }

// Apply implements compliance.Store.
func (s *Compliance) Apply(ctx context.Context, c compliance.Changes) error {
	rows, err := rowValues(c)
	if err != nil {
		return fmt.Errorf("apply report: %w", err)
	}
	enforcements, err := enforcementValues(c)
	if err != nil {
		return fmt.Errorf("apply report: %w", err)
	}
	err = s.db.writer.do(ctx, func(t *tx) error { return applyChanges(t, c, rows, enforcements) })
	if err != nil {
		return fmt.Errorf("apply report: %w", err)
	}
	return nil
}

func applyChanges(t *tx, changes compliance.Changes, rows, enforcements []any) error {
	const computer = `INSERT INTO compliance_computers
		(id, name, serial, scanned, last_scan, reported, scan_state, scan_error) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, serial = excluded.serial, scanned = excluded.scanned,
			last_scan = excluded.last_scan, reported = excluded.reported, scan_state = excluded.scan_state, scan_error = excluded.scan_error
		RETURNING no`
	c := changes.Computer
	args := []any{c.ID, c.Name, c.Serial, c.Scanned, micros(c.LastScan), micros(c.Reported), c.ScanState, c.ScanError}
	var no int64
	if err := t.row(computer, args, &no); err != nil {
		return err
	}
	if changes.Reset {
		if _, err := t.exec("DELETE FROM compliance_rows WHERE computer = ?", no); err != nil {
			return err
		}
		if _, err := t.exec("DELETE FROM compliance_enforcements WHERE computer = ?", no); err != nil {
			return err
		}
	}
	const rowHead = "INSERT INTO compliance_rows (computer, update_id, state, changed)"
	const rowTail = "ON CONFLICT DO UPDATE SET state = excluded.state, changed = excluded.changed"
	if _, err := t.bulk(rowHead, 4, rowTail, numbered(rows, 4, no)); err != nil {
		return err
	}
	const enforcementHead = "INSERT INTO compliance_enforcements (computer, topic_id, topic_type, state_id, error_code, changed)"
	const enforcementTail = `ON CONFLICT DO UPDATE SET state_id = excluded.state_id, error_code = excluded.error_code,
		changed = excluded.changed`
	_, err := t.bulk(enforcementHead, 6, enforcementTail, numbered(enforcements, 6, no))
	return err
}

// numbered puts the number of the computer, which only the transaction knows, at the head of every row.
func numbered(values []any, columns int, no int64) []any {
	for i := 0; i < len(values); i += columns {
		values[i] = no
	}
	return values
}

func rowValues(c compliance.Changes) ([]any, error) {
	values := make([]any, 0, 4*len(c.Rows))
	for i := range c.Rows {
		row := &c.Rows[i]
		if row.ComputerID != c.Computer.ID {
			return nil, fmt.Errorf("row of computer %q in the changes of %q", row.ComputerID, c.Computer.ID)
		}
		values = append(values, nil, row.UpdateID[:], int64(row.State), micros(row.Changed))
	}
	return values, nil
}

func enforcementValues(c compliance.Changes) ([]any, error) {
	values := make([]any, 0, 6*len(c.Enforcements))
	for _, e := range c.Enforcements {
		if e.ComputerID != c.Computer.ID {
			return nil, fmt.Errorf("enforcement of computer %q in the changes of %q", e.ComputerID, c.Computer.ID)
		}
		values = append(values, nil, e.TopicID, int64(e.Type), int64(e.StateID), int64(e.ErrorCode), micros(e.Changed))
	}
	return values, nil
}

// Computers implements compliance.Store.
func (s *Compliance) Computers(ctx context.Context) iter.Seq2[compliance.Computer, error] {
	const columns = "SELECT id, name, serial, scanned, last_scan, reported, scan_state, scan_error FROM compliance_computers "
	return pages(pageSize, func(after *compliance.Computer) (page []compliance.Computer, err error) {
		query, args := columns+"ORDER BY id LIMIT ?", []any{pageSize}
		if after != nil {
			query, args = columns+"WHERE id > ? ORDER BY id LIMIT ?", []any{after.ID, pageSize}
		}
		err = s.db.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
			var c compliance.Computer
			var lastScan, reported int64
			if err := rows.Scan(&c.ID, &c.Name, &c.Serial, &c.Scanned, &lastScan, &reported, &c.ScanState, &c.ScanError); err != nil {
				return err
			}
			c.LastScan, c.Reported = fromMicros(lastScan), fromMicros(reported)
			page = append(page, c)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list compliance of computers: %w", err)
		}
		return page, nil
	})
}
