package snapshot

import (
	"context"
	"embed"
	"io/fs"
	"sync"
	"sync/atomic"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// Machine is a machine out of a snapshot. It has the facts of applicability rules, with answers to WMI queries, and installs and
// removes updates by changing them. Nothing is ever executed, and nothing is written but by Save.
//
// It is safe for concurrent use: changes show all at once, when they are complete. Make one with [Decode] or [Load].
type Machine struct {
	now atomic.Pointer[state]
	// change is held while the next state is made out of the current one.
	change sync.Mutex
}

func machineOf(s *state) *Machine {
	m := &Machine{}
	m.now.Store(s)
	return m
}

// Name is the DNS name.
func (m *Machine) Name() string { return m.now.Load().name }

// Rename gives the machine another DNS name, so that one snapshot can serve for many machines.
func (m *Machine) Rename(name string) {
	m.change.Lock()
	defer m.change.Unlock()
	s := *m.now.Load()
	s.name = name
	m.now.Store(&s)
}

// Hardware tells what the machine registers itself with.
func (m *Machine) Hardware() clientagent.Hardware { return m.now.Load().hardware }

// RestartPending says that an installation waits for a restart.
func (m *Machine) RestartPending(context.Context) (bool, error) {
	return m.now.Load().restartPending, nil
}

// Restart ends what waits for one. It takes no time.
func (m *Machine) Restart(ctx context.Context) error {
	m.change.Lock()
	defer m.change.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	s := *m.now.Load()
	s.restartPending = false
	m.now.Store(&s)
	return nil
}

// System implements [applicability.Facts].
func (m *Machine) System(ctx context.Context) (applicability.System, error) {
	return m.now.Load().System(ctx)
}

// Registry implements [applicability.Facts].
func (m *Machine) Registry(ctx context.Context, view applicability.View, key string) (applicability.Key, error) {
	return m.now.Load().Registry(ctx, view, key)
}

// File implements [applicability.Facts].
func (m *Machine) File(ctx context.Context, path string) (applicability.File, error) {
	return m.now.Load().File(ctx, path)
}

// Product implements [applicability.Facts].
func (m *Machine) Product(ctx context.Context, code string) (applicability.Product, error) {
	return m.now.Load().Product(ctx, code)
}

// Package implements [applicability.Facts].
func (m *Machine) Package(ctx context.Context, identity string) (int, error) {
	return m.now.Load().Package(ctx, identity)
}

// Query implements [applicability.WMI]. A query that the snapshot does not list is an error, so that the rule is unknown.
func (m *Machine) Query(ctx context.Context, namespace, wql string) (int, error) {
	return m.now.Load().Query(ctx, namespace, wql)
}

//go:embed machines/*.json
var machines embed.FS

// Shipped holds the machines that come with the library: windows10-22h2.json, windows11-24h2.json and server2022.json, with
// software of invented vendors.
func Shipped() fs.FS {
	sub, err := fs.Sub(machines, "machines")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}
