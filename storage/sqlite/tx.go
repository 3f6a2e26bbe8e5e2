package sqlite

import (
	"context"
	"database/sql"
	"strings"
)

// tx is what a job writes with. Statements are prepared once for the life of the connection.
type tx struct{ w *writer }

type statementKey struct {
	query string
	rows  int // of a bulk statement
}

func (t *tx) exec(query string, args ...any) (sql.Result, error) {
	statement, err := t.prepared(statementKey{query: query}, func() string { return query })
	if err != nil {
		return nil, err
	}
	return statement.ExecContext(context.Background(), args...)
}

// row runs a query with one row for an answer; sql.ErrNoRows when there is none.
func (t *tx) row(query string, args []any, targets ...any) error {
	statement, err := t.prepared(statementKey{query: query}, func() string { return query })
	if err != nil {
		return err
	}
	return statement.QueryRowContext(context.Background(), args...).Scan(targets...)
}

// bulkRows are the numbers of rows that one statement inserts: many rows in one statement cost half the time of one by one, and
// a few sizes keep the number of prepared statements small.
var bulkRows = [...]int{250, 50, 10, 1}

// bulk runs `head VALUES (?, …), … tail` for values, row after row, and returns how many rows were written.
func (t *tx) bulk(head string, columns int, tail string, values []any) (int, error) {
	written := 0
	for _, rows := range bulkRows {
		for len(values) >= rows*columns {
			statement, err := t.prepared(statementKey{head, rows}, func() string {
				row := "(?" + strings.Repeat(", ?", columns-1) + ")"
				return head + " VALUES " + row + strings.Repeat(", "+row, rows-1) + " " + tail
			})
			if err != nil {
				return written, err
			}
			result, err := statement.ExecContext(context.Background(), values[:rows*columns]...)
			if err != nil {
				return written, err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return written, err
			}
			written += int(n)
			values = values[rows*columns:]
		}
	}
	return written, nil
}

func (t *tx) prepared(key statementKey, text func() string) (*sql.Stmt, error) {
	if statement := t.w.statements[key]; statement != nil {
		return statement, nil
	}
	statement, err := t.w.conn.PrepareContext(context.Background(), text())
	if err != nil {
		return nil, err
	}
	t.w.statements[key] = statement
	return statement, nil
}
