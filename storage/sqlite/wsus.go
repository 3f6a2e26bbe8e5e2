package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
