package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Site implements updatepoint.Store.
type Site struct{ records }

var _ updatepoint.Store = (*Site)(nil)

// Site is the store of the site.
func (db *DB) Site() *Site { return &Site{records{db, "site"}} }

// Get implements updatepoint.Store.
func (s *Site) Get(ctx context.Context, key string) ([]byte, error) {
	return s.get(ctx, key, updatepoint.ErrNotFound)
}

// List implements updatepoint.Store.
func (s *Site) List(ctx context.Context, prefix string) iter.Seq2[updatepoint.Record, error] {
	return list[updatepoint.Record](ctx, s.records, prefix)
}

// Agent implements clientagent.Store.
type Agent struct{ records }

var _ clientagent.Store = (*Agent)(nil)

// Agent is the store of the client agent with that id: the same records for the same id.
func (db *DB) Agent(id string) *Agent { return &Agent{records{db, "agent/" + id}} }

// Get implements clientagent.Store.
func (a *Agent) Get(ctx context.Context, key string) ([]byte, error) {
	return a.get(ctx, key, clientagent.ErrNotFound)
}

// List implements clientagent.Store.
func (a *Agent) List(ctx context.Context, prefix string) iter.Seq2[clientagent.Record, error] {
	return list[clientagent.Record](ctx, a.records, prefix)
}

// records are those of one space.
type records struct {
	db    *DB
	space string
}

func (r records) get(ctx context.Context, key string, notFound error) ([]byte, error) {
	const query = "SELECT value FROM records WHERE space = ? AND key = ?"
	var value []byte
	err := r.db.readers.row(ctx, query, []any{r.space, []byte(key)}, &value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound
	}
	if err != nil {
		return nil, fmt.Errorf("read record: %w", err)
	}
	return blob(value), nil
}

// Put writes all or nothing; a nil value deletes its key.
func (r records) Put(ctx context.Context, values map[string][]byte) error {
	err := r.db.writer.do(ctx, func(t *tx) error {
		rows := make([]any, 0, 3*len(values))
		for key, value := range values {
			if value != nil {
				rows = append(rows, r.space, []byte(key), value)
				continue
			}
			if _, err := t.exec("DELETE FROM records WHERE space = ? AND key = ?", r.space, []byte(key)); err != nil {
				return err
			}
		}
		const head, tail = "INSERT INTO records (space, key, value)", "ON CONFLICT DO UPDATE SET value = excluded.value"
		_, err := t.bulk(head, 3, tail, rows)
		return err
	})
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	return nil
}

// recordPage is small: values may be large.
const recordPage = 64

func list[R interface {
	~struct {
		Key   string
		Value []byte
	}
}](ctx context.Context, r records, prefix string) iter.Seq2[R, error] {
	type record = struct {
		Key   string
		Value []byte
	}
	return pages(recordPage, func(after *R) ([]R, error) {
		query, from := "SELECT key, value FROM records WHERE space = ? AND key >= ? ORDER BY key LIMIT ?", []byte(prefix)
		if after != nil {
			query, from = "SELECT key, value FROM records WHERE space = ? AND key > ? ORDER BY key LIMIT ?", []byte(record(*after).Key)
		}
		var page []R
		err := r.db.readers.rows(ctx, query, []any{r.space, from, recordPage}, func(rows *sql.Rows) error {
			var key, value []byte
			if err := rows.Scan(&key, &value); err != nil {
				return err
			}
			if bytes.HasPrefix(key, []byte(prefix)) {
				page = append(page, R{Key: string(key), Value: blob(value)})
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list records: %w", err)
		}
		return page, nil
	})
}
