package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Memberships implements wsus.GroupStore.
func (s *WSUS) Memberships(ctx context.Context) iter.Seq2[wsus.Membership, error] {
	const columns = "SELECT computer, target_groups, sequence FROM wsus_memberships "
	return pages(pageSize, func(after *wsus.Membership) (page []wsus.Membership, err error) {
		query, args := columns+"ORDER BY computer LIMIT ?", []any{pageSize}
		if after != nil {
			query, args = columns+"WHERE computer > ? ORDER BY computer LIMIT ?", []any{after.ComputerID, pageSize}
		}
		err = s.db.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
			var m wsus.Membership
			var groups []byte
			err := rows.Scan(&m.ComputerID, &groups, &m.Sequence)
			if err == nil {
				m.Groups, err = unpackIDs(groups)
			}
			page = append(page, m)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("list memberships: %w", err)
		}
		return page, nil
	})
}

// PutMemberships implements wsus.GroupStore.
func (s *WSUS) PutMemberships(ctx context.Context, memberships ...wsus.Membership) ([]wsus.Membership, error) {
	out := slices.Clone(memberships)
	err := s.db.writer.do(ctx, func(t *tx) error {
		values := make([]any, 0, 3*len(out))
		for i := range out {
			var err error
			if out[i].Sequence, err = count(t, "sequence"); err != nil {
				return err
			}
			values = append(values, out[i].ComputerID, packIDs(out[i].Groups), out[i].Sequence)
		}
		_, err := t.bulk("INSERT OR REPLACE INTO wsus_memberships (computer, target_groups, sequence)", 3, "", values)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("write memberships: %w", err)
	}
	return out, nil
}
