package snapshot

import (
	"context"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// InstalledOnce implements [applicability.History]. Where the snapshot has a history, an update that is not in it was never installed;
// of a recorded history only what was asked is known.
func (m *Machine) InstalledOnce(ctx context.Context, update uuid.UUID) (bool, error) {
	return m.now.Load().InstalledOnce(ctx, update)
}

// License implements [applicability.Licensing].
func (m *Machine) License(ctx context.Context, name string) (applicability.Value, error) {
	return m.now.Load().License(ctx, name)
}

// ClusterNode implements [applicability.Cluster].
func (m *Machine) ClusterNode(ctx context.Context) (bool, error) {
	return m.now.Load().ClusterNode(ctx)
}

// OwnsResource implements [applicability.Cluster].
func (m *Machine) OwnsResource(ctx context.Context, name string) (bool, error) {
	return m.now.Load().OwnsResource(ctx, name)
}

// Equipment implements [applicability.Equipped].
func (m *Machine) Equipment(ctx context.Context) (applicability.Equipment, error) {
	return m.now.Load().Equipment(ctx)
}

// Devices implements [applicability.Drivers].
func (m *Machine) Devices(ctx context.Context) (applicability.Devices, error) {
	return m.now.Load().Devices(ctx)
}
