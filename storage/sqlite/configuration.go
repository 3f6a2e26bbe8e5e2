package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Configuration implements wsus.ConfigurationStore.
func (s *WSUS) Configuration(ctx context.Context) (wsus.Configuration, error) {
	const query = "SELECT targeting_mode, auto_refresh, auto_refresh_decline_expired FROM wsus_configuration"
	var c wsus.Configuration
	err := s.db.readers.row(ctx, query, nil, &c.TargetingMode, &c.AutoRefreshUpdateApprovals, &c.AutoRefreshUpdateApprovalsDeclineExpired)
	if errors.Is(err, sql.ErrNoRows) {
		return wsus.Configuration{}, fmt.Errorf("configuration: %w", wsus.ErrNotFound)
	}
	if err != nil {
		return wsus.Configuration{}, fmt.Errorf("read configuration: %w", err)
	}
	return c, nil
}

// PutConfiguration implements wsus.ConfigurationStore.
func (s *WSUS) PutConfiguration(ctx context.Context, c wsus.Configuration) error {
	const query = `INSERT OR REPLACE INTO wsus_configuration (one, targeting_mode, auto_refresh, auto_refresh_decline_expired)
		VALUES (1, ?, ?, ?)`
	err := s.db.writer.do(ctx, func(t *tx) error {
		if err := regroup(t); err != nil {
			return err
		}
		_, err := t.exec(query, int64(c.TargetingMode), c.AutoRefreshUpdateApprovals, c.AutoRefreshUpdateApprovalsDeclineExpired)
		return err
	})
	if err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	return nil
}
