package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Licenses implements wsus.LicenseStore.
func (s *WSUS) Licenses(ctx context.Context) ([]wsus.AcceptedLicense, error) {
	var all []wsus.AcceptedLicense
	const query = "SELECT eula_id, update_id, revision, administrator, accepted FROM wsus_licenses"
	err := s.db.readers.rows(ctx, query, nil, func(rows *sql.Rows) error {
		var l wsus.AcceptedLicense
		var accepted int64
		err := rows.Scan(&l.EulaID, &l.UpdateID, &l.Revision, &l.AdministratorName, &accepted)
		l.Accepted = fromMicros(accepted)
		all = append(all, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list licenses: %w", err)
	}
	return all, nil
}

// PutLicense implements wsus.LicenseStore.
func (s *WSUS) PutLicense(ctx context.Context, l wsus.AcceptedLicense) error {
	const query = `INSERT OR REPLACE INTO wsus_licenses (eula_id, update_id, revision, administrator, accepted) VALUES (?, ?, ?, ?, ?)`
	return s.write(ctx, "write license", query, l.EulaID[:], l.UpdateID[:], l.Revision, l.AdministratorName, micros(l.Accepted))
}
