package clientagent_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// machine has a registry that tells which updates it wants and has, and an installer that counts.
type machine struct {
	mu        sync.Mutex
	keys      map[string]bool
	names     map[uuid.UUID]string
	restarts  map[string]bool // updates that are in place only after a restart
	waiting   []string        // for the restart
	installs  map[string]int
	twice     []string // installed although in place or waiting
	restarted int
	fail      map[string]error
	content   map[string]string // what the installer read
	blank     map[string]bool   // installers that change nothing
	hook      func()            // after a change
	order     []string          // of the installations
	loggedOn  bool              // a user
}

func newMachine(names ...string) *machine {
	m := &machine{keys: map[string]bool{}, names: map[uuid.UUID]string{}, restarts: map[string]bool{}, installs: map[string]int{},
		fail: map[string]error{}, content: map[string]string{}, blank: map[string]bool{}}
	for _, name := range names {
		m.want(name)
	}
	return m
}

func (m *machine) want(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.names[updateID(name)] = name
	m.keys[registryKey("wants "+name)] = true
}

func (m *machine) set(name string, there bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[registryKey(name)] = there
}

func (m *machine) has(name string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys[registryKey(name)]
}

func (m *machine) Name() string { return "pc1.lab.example" }

func (m *machine) System(context.Context) (applicability.System, error) {
	return applicability.System{Version: [4]int{10, 0, 19045, 1}, ProductType: 1, SuiteMask: 256, SKU: 48, Architecture: 9, Language: "en-US"}, nil
}

func (m *machine) Registry(_ context.Context, _ applicability.View, key string) (applicability.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.keys[key] {
		return applicability.Key{}, applicability.ErrNotFound
	}
	return applicability.Key{}, nil
}

func (m *machine) File(context.Context, string) (applicability.File, error) {
	return applicability.File{}, applicability.ErrNotFound
}

func (m *machine) Product(context.Context, string) (applicability.Product, error) {
	return applicability.Product{}, applicability.ErrNotFound
}

func (m *machine) Package(context.Context, string) (int, error) { return 0, applicability.ErrNotFound }

func (m *machine) Install(ctx context.Context, job clientagent.Job) (clientagent.InstallResult, error) {
	name := strings.TrimPrefix(job.Title, "Update ")
	if len(job.Extended.Files) > 0 {
		payload, err := job.Open(ctx, strings.ToUpper(name)+".EXE")
		if err != nil {
			return clientagent.InstallResult{}, err
		}
		defer payload.Close() //nolint:errcheck // it was only read
		text, err := io.ReadAll(payload)
		if err != nil {
			return clientagent.InstallResult{}, err
		}
		m.content[name] = string(text)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hook != nil {
		defer m.hook()
	}
	m.installs[name]++
	m.order = append(m.order, name)
	if m.keys[registryKey(name)] {
		m.twice = append(m.twice, name)
	}
	for _, waiting := range m.waiting {
		if waiting == name {
			m.twice = append(m.twice, name)
		}
	}
	if err := m.fail[name]; err != nil {
		return clientagent.InstallResult{}, err
	}
	if m.restarts[name] {
		m.waiting = append(m.waiting, name)
		return clientagent.InstallResult{RestartRequired: true}, nil
	}
	m.keys[registryKey(name)] = !m.blank[name]
	return clientagent.InstallResult{}, nil
}

func (m *machine) Restart(context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range m.waiting {
		m.keys[registryKey(name)] = !m.blank[name]
	}
	m.waiting = nil
	m.restarted++
	return nil
}

func (m *machine) RestartPending(context.Context) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.waiting) > 0, nil
}

func (m *machine) UserLoggedOn(context.Context) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.loggedOn, nil
}

// rigid is a machine without abilities beyond the required ones.
type rigid struct{ m *machine }

func (r rigid) Name() string                                             { return r.m.Name() }
func (r rigid) System(ctx context.Context) (applicability.System, error) { return r.m.System(ctx) }
func (r rigid) File(ctx context.Context, p string) (applicability.File, error) {
	return r.m.File(ctx, p)
}
func (r rigid) Package(ctx context.Context, id string) (int, error) { return r.m.Package(ctx, id) }
func (r rigid) Product(ctx context.Context, c string) (applicability.Product, error) {
	return r.m.Product(ctx, c)
}
func (r rigid) Registry(ctx context.Context, v applicability.View, k string) (applicability.Key, error) {
	return r.m.Registry(ctx, v, k)
}
func (r rigid) Install(ctx context.Context, j clientagent.Job) (clientagent.InstallResult, error) {
	return r.m.Install(ctx, j)
}

// failing is an installer's answer.
func failing(code int32) error {
	return fmt.Errorf("setup: %w", &clientagent.InstallError{Code: code, Reason: "setup failed"})
}
