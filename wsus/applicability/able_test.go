package applicability_test

import (
	"context"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// able is a machine with every optional ability. What is nil is not known.
type able struct {
	*machine
	once      map[uuid.UUID]bool
	licenses  map[string]applicability.Value
	node      bool
	resources map[string]bool
	equipment applicability.Equipment
	devices   applicability.Devices
}

func (m able) Query(ctx context.Context, namespace, wql string) (int, error) {
	return queryable{m.machine}.Query(ctx, namespace, wql)
}

func (m able) InstalledOnce(_ context.Context, update uuid.UUID) (bool, error) {
	return m.once[update], m.ask("history " + update.String())
}

func (m able) License(_ context.Context, name string) (applicability.Value, error) {
	return find(m.machine, "license", name, m.licenses)
}

func (m able) ClusterNode(context.Context) (bool, error) { return m.node, m.ask("cluster node") }

func (m able) OwnsResource(_ context.Context, name string) (bool, error) {
	return find(m.machine, "resource", name, m.resources)
}

func (m able) Equipment(context.Context) (applicability.Equipment, error) {
	return m.equipment, m.ask("equipment")
}

func (m able) Devices(context.Context) (applicability.Devices, error) {
	return m.devices, m.ask("devices")
}
