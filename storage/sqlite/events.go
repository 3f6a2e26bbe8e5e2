package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

const eventColumns = `id, computer, event_id, source_id, at, received, unsealed, update_id, revision, hresult, app_name, replacement, misc_data`

// AppendEvents implements wsus.EventStore.
func (s *WSUS) AppendEvents(ctx context.Context, events ...wsus.Event) (int, error) {
	added := 0
	err := s.db.writer.do(ctx, func(t *tx) (err error) {
		added, err = appendEvents(t, events)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("write events: %w", err)
	}
	return added, nil
}

func appendEvents(t *tx, events []wsus.Event) (added int, err error) {
	const columns = 13
	values := make([]any, 0, columns*len(events))
	for i := range events {
		e := &events[i]
		values = append(values, e.ID[:], e.ComputerID, e.EventID, e.SourceID, micros(e.At), micros(e.Received), e.Unsealed, e.UpdateID[:],
			e.Revision, e.HResult, e.AppName, packStrings(e.Replacement), packStrings(e.MiscData))
	}
	return t.bulk("INSERT INTO wsus_events ("+eventColumns+")", columns, "ON CONFLICT (id) DO NOTHING", values)
}

// KnownEvents implements wsus.EventStore.
func (s *WSUS) KnownEvents(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]bool, error) {
	known := make(map[uuid.UUID]bool)
	for _, id := range ids {
		var arrival int64
		err := s.db.readers.row(ctx, "SELECT arrival FROM wsus_events WHERE id = ?", []any{id[:]}, &arrival)
		switch {
		case err == nil:
			known[id] = true
		case !errors.Is(err, sql.ErrNoRows):
			return nil, fmt.Errorf("look for events: %w", err)
		}
	}
	return known, nil
}

// arrived is an event with its place in the order of arrival.
type arrived struct {
	arrival int64
	wsus.Event
}

// Events implements wsus.EventStore.
func (s *WSUS) Events(ctx context.Context, computerID string) iter.Seq2[wsus.Event, error] {
	query, args := "SELECT arrival, "+eventColumns+" FROM wsus_events WHERE ", []any{}
	if computerID != "" {
		query, args = query+"computer = ? AND ", []any{computerID}
	}
	query += "arrival > ? ORDER BY arrival LIMIT ?"
	all := pages(pageSize, func(after *arrived) (page []arrived, err error) {
		last := int64(0)
		if after != nil {
			last = after.arrival
		}
		page, err = s.eventPage(ctx, query, append(args[:len(args):len(args)], last, pageSize))
		if err != nil {
			return nil, fmt.Errorf("list events: %w", err)
		}
		return page, nil
	})
	return func(yield func(wsus.Event, error) bool) {
		all(func(e arrived, err error) bool { return yield(e.Event, err) })
	}
}

func (s *WSUS) eventPage(ctx context.Context, query string, args []any) (page []arrived, err error) {
	err = s.db.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
		var e arrived
		var at, received int64
		var replacement, misc []byte
		err := rows.Scan(&e.arrival, &e.ID, &e.ComputerID, &e.EventID, &e.SourceID, &at, &received, &e.Unsealed, &e.UpdateID, &e.Revision, &e.HResult,
			&e.AppName, &replacement, &misc)
		if err != nil {
			return err
		}
		e.At, e.Received = fromMicros(at), fromMicros(received)
		if e.Replacement, err = unpackStrings(replacement); err != nil {
			return err
		}
		if e.MiscData, err = unpackStrings(misc); err != nil {
			return err
		}
		page = append(page, e)
		return nil
	})
	return page, err
}
