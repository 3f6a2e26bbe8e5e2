package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// WSUS implements wsus.Store.
type WSUS struct{ db *DB }

var _ wsus.Store = (*WSUS)(nil)

// WSUS is the store of the WSUS server.
func (db *DB) WSUS() *WSUS { return &WSUS{db} }

// Catalog implements wsus.Store: a folder beside the database.
func (s *WSUS) Catalog() catalog.Volume { return s.db.volume }

// Identity implements wsus.IdentityStore.
func (s *WSUS) Identity(ctx context.Context) (wsus.Identity, error) {
	const query = "SELECT server_id, cookie_key, config_changed, using_ssl, certificate_name, port_number FROM wsus_identity"
	var id wsus.Identity
	var changed int64
	err := s.db.readers.row(ctx, query, nil, &id.ServerID, &id.CookieKey, &changed,
		&id.Setup.UsingSSL, &id.Setup.ServerCertificateName, &id.Setup.PortNumber)
	if errors.Is(err, sql.ErrNoRows) {
		return wsus.Identity{}, fmt.Errorf("identity: %w", wsus.ErrNotFound)
	}
	if err != nil {
		return wsus.Identity{}, fmt.Errorf("read identity: %w", err)
	}
	id.ConfigChanged = fromMicros(changed)
	return id, nil
}

// PutIdentity implements wsus.IdentityStore.
func (s *WSUS) PutIdentity(ctx context.Context, id wsus.Identity) error {
	const query = `INSERT OR REPLACE INTO wsus_identity
		(one, server_id, cookie_key, config_changed, using_ssl, certificate_name, port_number) VALUES (1, ?, ?, ?, ?, ?, ?)`
	err := s.db.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(query, id.ServerID[:], blob(id.CookieKey), micros(id.ConfigChanged),
			id.Setup.UsingSSL, id.Setup.ServerCertificateName, id.Setup.PortNumber)
		return err
	})
	if err != nil {
		return fmt.Errorf("write identity: %w", err)
	}
	return nil
}

const computerColumns = `id, dns_name, requested_group, registered, os_version, os_description, architecture, product_type,
	manufacturer, model, client_version, last_contact`

// Computer implements wsus.ComputerStore.
func (s *WSUS) Computer(ctx context.Context, id string) (wsus.Computer, error) {
	var c wsus.Computer
	var contact int64
	err := s.db.readers.row(ctx, "SELECT "+computerColumns+" FROM wsus_computers WHERE id = ?", []any{id}, computerTargets(&c, &contact)...)
	if errors.Is(err, sql.ErrNoRows) {
		return wsus.Computer{}, fmt.Errorf("computer %q: %w", id, wsus.ErrNotFound)
	}
	if err != nil {
		return wsus.Computer{}, fmt.Errorf("read computer: %w", err)
	}
	c.LastContact = fromMicros(contact)
	return c, nil
}

func computerTargets(c *wsus.Computer, contact *int64) []any {
	return []any{&c.ID, &c.DNSName, &c.RequestedGroup, &c.Registered, &c.OSVersion, &c.OSDescription, &c.Architecture, &c.ProductType,
		&c.Manufacturer, &c.Model, &c.ClientVersion, contact}
}

// PutComputers implements wsus.ComputerStore.
func (s *WSUS) PutComputers(ctx context.Context, computers ...wsus.Computer) error {
	const head, columns = "INSERT OR REPLACE INTO wsus_computers (" + computerColumns + ")", 12
	values := make([]any, 0, columns*len(computers))
	for _, c := range computers {
		values = append(values, c.ID, c.DNSName, c.RequestedGroup, c.Registered, c.OSVersion, c.OSDescription, c.Architecture, c.ProductType,
			c.Manufacturer, c.Model, c.ClientVersion, micros(c.LastContact))
	}
	err := s.db.writer.do(ctx, func(t *tx) error {
		_, err := t.bulk(head, columns, "", values)
		return err
	})
	if err != nil {
		return fmt.Errorf("write computers: %w", err)
	}
	return nil
}

// Computers implements wsus.ComputerStore.
func (s *WSUS) Computers(ctx context.Context) iter.Seq2[wsus.Computer, error] {
	const columns = "SELECT " + computerColumns + " FROM wsus_computers "
	return pages(pageSize, func(after *wsus.Computer) (page []wsus.Computer, err error) {
		query, args := columns+"ORDER BY id LIMIT ?", []any{pageSize}
		if after != nil {
			query, args = columns+"WHERE id > ? ORDER BY id LIMIT ?", []any{after.ID, pageSize}
		}
		err = s.db.readers.rows(ctx, query, args, func(rows *sql.Rows) error {
			var c wsus.Computer
			var contact int64
			if err := rows.Scan(computerTargets(&c, &contact)...); err != nil {
				return err
			}
			c.LastContact = fromMicros(contact)
			page = append(page, c)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list computers: %w", err)
		}
		return page, nil
	})
}
