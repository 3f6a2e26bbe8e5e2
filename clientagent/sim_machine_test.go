package clientagent_test

import (
	"bytes"
	"context"
	"io"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// simMachine is the truth: what a simulated machine really has. It does what installers do, and holds what it is asked to do against what an agent
// may ask.
type simMachine struct {
	owner   *simAgent
	name    string
	keys    map[string]bool
	waiting []*simUpdate // for a restart
	// broken are updates whose installer fails, idle those whose installer changes nothing; a positive number counts down to good ones.
	broken, idle map[*simUpdate]int
	installs     int
	restarts     int
	// waitingSince is when the first of waiting was installed, by the clock of the machine.
	waitingSince time.Time
	// user is logged on, metered is the connection, domain the server that a domain names.
	user, metered bool
	domain        string
}

func (m *simMachine) has(u *simUpdate) bool     { return m.keys[registryKey(u.name)] }
func (m *simMachine) wants(u *simUpdate) bool   { return m.keys[registryKey("wants "+u.name)] }
func (m *simMachine) awaits(u *simUpdate) bool  { return slices.Contains(m.waiting, u) }
func (m *simMachine) put(u *simUpdate, is bool) { m.keys[registryKey(u.name)] = is }

func (m *simMachine) Name() string { return m.name }

func (m *simMachine) System(context.Context) (applicability.System, error) {
	return applicability.System{Version: [4]int{10, 0, 19045, 1}, ProductType: 1, SuiteMask: 256, SKU: 48, Architecture: 9, Language: "en-US"}, nil
}

func (m *simMachine) Registry(_ context.Context, _ applicability.View, key string) (applicability.Key, error) {
	if !m.keys[key] {
		return applicability.Key{}, applicability.ErrNotFound
	}
	return applicability.Key{}, nil
}

func (m *simMachine) File(context.Context, string) (applicability.File, error) {
	return applicability.File{}, applicability.ErrNotFound
}

func (m *simMachine) Product(context.Context, string) (applicability.Product, error) {
	return applicability.Product{}, applicability.ErrNotFound
}

func (m *simMachine) Package(context.Context, string) (int, error) {
	return 0, applicability.ErrNotFound
}

func (m *simMachine) Install(ctx context.Context, job clientagent.Job) (clientagent.InstallResult, error) {
	if m.owner.store.dead {
		return clientagent.InstallResult{}, errDead
	}
	u := m.owner.world.titled(job.Title)
	m.owner.log("install %s", u.name)
	m.installs++
	m.owner.checkInstall(u)
	if err := m.checkContent(ctx, job, u); err != nil {
		return clientagent.InstallResult{}, err
	}
	m.owner.pass(time.Duration(1 + m.owner.rand.Int64N(int64(u.limit()))))
	if m.owner.dies() {
		return clientagent.InstallResult{}, errDead
	}
	if left := m.broken[u]; left != 0 {
		m.broken[u]--
		m.owner.world.happened("fault: installer fails")
		return clientagent.InstallResult{}, failing(-2147023293)
	}
	result := clientagent.InstallResult{RestartRequired: u.restart}
	if u.restart {
		if len(m.waiting) == 0 {
			m.waitingSince = m.owner.clock()
		}
		m.waiting = append(m.waiting, u)
	} else {
		m.finish(u)
	}
	if m.owner.dies() {
		return clientagent.InstallResult{}, errDead
	}
	return result, nil
}

// checkContent reads the payload as an installer does: it must be what was published.
func (m *simMachine) checkContent(ctx context.Context, job clientagent.Job, u *simUpdate) error {
	payload, err := job.Open(ctx, u.payload().Name)
	if err != nil {
		m.owner.breach("content", "payload of %s cannot be opened: %v", u.name, err)
		return err
	}
	text, err := io.ReadAll(payload)
	if err == nil {
		err = payload.Close()
	}
	if err != nil || !bytes.Equal(text, u.payload().Content()) {
		m.owner.breach("content", "installer of %s was handed other content than was published: %v", u.name, err)
	}
	return err
}

func (m *simMachine) Restart(context.Context) error {
	if m.owner.store.dead {
		return errDead
	}
	m.owner.log("restart by the agent")
	m.owner.checkRestart()
	m.boot()
	if m.owner.dies() {
		return errDead
	}
	return nil
}

func (m *simMachine) RestartPending(context.Context) (bool, error) {
	if m.owner.store.dead {
		return false, errDead
	}
	return len(m.waiting) > 0, nil
}

// boot is the machine starting again: what waited is in place.
func (m *simMachine) boot() {
	m.restarts++
	for _, u := range m.waiting {
		m.finish(u)
	}
	m.waiting = nil
}

// finish puts an update in place, unless its installer is one that only says so.
func (m *simMachine) finish(u *simUpdate) {
	if m.idle[u] != 0 {
		m.owner.world.happened("fault: installer does nothing")
		m.idle[u]--
		return
	}
	m.put(u, true)
}
