package sqlite

import (
	"context"
	"database/sql"
	"iter"
	"sync"
)

// pageSize is how many rows a sequence reads at once.
const pageSize = 500

// reader asks the reading connections. Statements are prepared once, and by database/sql again per connection.
type reader struct {
	pool *sql.DB

	mu         sync.RWMutex
	statements map[string]*sql.Stmt // nil after close
}

func newReader(pool *sql.DB) *reader { return &reader{pool: pool, statements: map[string]*sql.Stmt{}} }

// row reads one row; sql.ErrNoRows when there is none.
func (r *reader) row(ctx context.Context, query string, args []any, targets ...any) error {
	statement, err := r.prepared(ctx, query)
	if err != nil {
		return err
	}
	return r.closedOr(statement.QueryRowContext(ctx, args...).Scan(targets...))
}

// rows calls scan for every row.
func (r *reader) rows(ctx context.Context, query string, args []any, scan func(*sql.Rows) error) error {
	statement, err := r.prepared(ctx, query)
	if err != nil {
		return err
	}
	rows, err := statement.QueryContext(ctx, args...)
	if err != nil {
		return r.closedOr(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return r.closedOr(rows.Err())
}

func (r *reader) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.mu.RLock()
	statement, open := r.statements[query], r.statements != nil
	r.mu.RUnlock()
	if statement != nil {
		return statement, nil
	}
	if !open {
		return nil, ErrClosed
	}
	fresh, err := r.pool.PrepareContext(ctx, query)
	if err != nil {
		return nil, r.closedOr(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.statements == nil {
		fresh.Close()
		return nil, ErrClosed
	}
	if statement := r.statements[query]; statement != nil {
		fresh.Close() // another reader was faster
		return statement, nil
	}
	r.statements[query] = fresh
	return fresh, nil
}

// closedOr replaces what database/sql says about a pool that was closed meanwhile.
func (r *reader) closedOr(err error) error {
	if err == nil {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.statements == nil {
		return ErrClosed
	}
	return err
}

func (r *reader) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, statement := range r.statements {
		statement.Close()
	}
	r.statements = nil
	return nil
}

// pages yields what page returns, given the last item of the page before and nil at first, until a page has fewer than size
// items. No connection is held while the consumer has an item.
func pages[T any](size int, page func(after *T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var after *T
		for {
			items, err := page(after)
			if err != nil {
				yield(*new(T), err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if len(items) < size {
				return
			}
			after = &items[len(items)-1]
		}
	}
}
