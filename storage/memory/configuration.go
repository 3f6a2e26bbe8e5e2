package memory

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Configuration implements wsus.ConfigurationStore.
func (s *WSUS) Configuration(ctx context.Context) (wsus.Configuration, error) {
	if err := ctx.Err(); err != nil {
		return wsus.Configuration{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.configuration == nil {
		return wsus.Configuration{}, fmt.Errorf("configuration: %w", wsus.ErrNotFound)
	}
	return *s.configuration, nil
}

// PutConfiguration implements wsus.ConfigurationStore.
func (s *WSUS) PutConfiguration(ctx context.Context, c wsus.Configuration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sequence++
	s.regrouped, s.configuration = s.sequence, &c
	return nil
}
