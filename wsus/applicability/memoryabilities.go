package applicability

import (
	"context"
	"errors"
	"strings"

	"github.com/google/uuid"
)

// unable answers for an ability that facts do not have.
func unable(what string) error { return errors.New("the machine's facts do not tell " + what) }

func (m *memory) Query(ctx context.Context, namespace, wql string) (int, error) {
	wmi, ok := m.facts.(WMI)
	if !ok {
		return 0, unable("what WMI queries yield")
	}
	return m.queries.get(ctx, [2]string{strings.ToLower(namespace), wql}, func() (int, error) { return wmi.Query(ctx, namespace, wql) })
}

func (m *memory) InstalledOnce(ctx context.Context, update uuid.UUID) (bool, error) {
	history, ok := m.facts.(History)
	if !ok {
		return false, unable("the install history")
	}
	return m.installed.get(ctx, update, func() (bool, error) { return history.InstalledOnce(ctx, update) })
}

// License answers ErrNotFound without the ability, since what is not known to the licensing service is no error.
func (m *memory) License(ctx context.Context, name string) (Value, error) {
	licensing, ok := m.facts.(Licensing)
	if !ok {
		return Value{}, ErrNotFound
	}
	return m.licenses.get(ctx, strings.ToLower(name), func() (Value, error) { return licensing.License(ctx, name) })
}

func (m *memory) ClusterNode(ctx context.Context) (bool, error) {
	cluster, ok := m.facts.(Cluster)
	if !ok {
		return false, unable("the state of the cluster")
	}
	return m.node.get(ctx, struct{}{}, func() (bool, error) { return cluster.ClusterNode(ctx) })
}

func (m *memory) OwnsResource(ctx context.Context, name string) (bool, error) {
	cluster, ok := m.facts.(Cluster)
	if !ok {
		return false, unable("who owns cluster resource " + name)
	}
	return m.resources.get(ctx, strings.ToLower(name), func() (bool, error) { return cluster.OwnsResource(ctx, name) })
}

func (m *memory) Equipment(ctx context.Context) (Equipment, error) {
	equipped, ok := m.facts.(Equipped)
	if !ok {
		return Equipment{}, unable("its equipment")
	}
	return m.equipment.get(ctx, struct{}{}, func() (Equipment, error) { return equipped.Equipment(ctx) })
}

func (m *memory) Devices(ctx context.Context) (Devices, error) {
	drivers, ok := m.facts.(Drivers)
	if !ok {
		return Devices{}, unable("the devices")
	}
	return m.devices.get(ctx, struct{}{}, func() (Devices, error) { return drivers.Devices(ctx) })
}
