package memory

import (
	"context"
	"maps"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Licenses implements wsus.LicenseStore.
func (s *WSUS) Licenses(ctx context.Context) ([]wsus.AcceptedLicense, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.licenses)), nil
}

// PutLicense implements wsus.LicenseStore.
func (s *WSUS) PutLicense(ctx context.Context, l wsus.AcceptedLicense) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.Accepted = kept(l.Accepted)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.licenses[licenseKey{l.EulaID, l.UpdateID}] = l
	return nil
}
