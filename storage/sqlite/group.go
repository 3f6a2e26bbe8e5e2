package sqlite

import (
	"context"
	"fmt"
)

// commit writes a group in one transaction and sets every job's outcome. The contexts of the jobs do not end it: what one of them
// has written must not depend on another's patience.
func (w *writer) commit(group []*job) {
	if err := w.transaction(group); err != nil {
		w.conn.ExecContext(context.Background(), "ROLLBACK") // fails when SQLite has rolled back by itself
		for _, j := range group {
			if j.err == nil {
				j.err = err
			}
		}
	}
}

func (w *writer) transaction(group []*job) error {
	t := &tx{w}
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for _, j := range group {
		if err := t.within(j); err != nil {
			return err
		}
	}
	if _, err := t.exec("COMMIT"); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// within runs a job in a savepoint. The error is one that undoes the whole group: after a full disk or an I/O error SQLite may
// have rolled the transaction back, and there is no savepoint left to go back to.
func (t *tx) within(j *job) error {
	if j.err = j.ctx.Err(); j.err != nil {
		return nil
	}
	if _, err := t.exec("SAVEPOINT job"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	if j.err = j.write(t); j.err != nil {
		if _, err := t.exec("ROLLBACK TO job"); err != nil {
			return fmt.Errorf("group of writes undone: %w", j.err)
		}
	}
	if _, err := t.exec("RELEASE job"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	return nil
}
