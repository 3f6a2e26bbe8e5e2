package snapshot

import "context"

// Surroundings are what a machine meets and no update changes. The zero value is a machine on the intranet, on a connection that is not
// metered, where nobody is logged on and the domain has no opinion.
type Surroundings struct {
	// UserLoggedOn is for [clientagent.UserWatcher]: there is somebody who gets the countdown of a restart.
	UserLoggedOn bool `json:"userLoggedOn,omitempty"`
	// Metered is for [clientagent.MeterWatcher].
	Metered bool `json:"metered,omitempty"`
	// OffIntranet is for [clientagent.NetworkWatcher].
	OffIntranet bool `json:"offIntranet,omitempty"`
	// DomainUpdateService is for [clientagent.GroupPolicyReader]: the server that the domain's Group Policy names, such as
	// http://wsus.corp.example:8530.
	DomainUpdateService string `json:"domainUpdateService,omitempty"`
}

// Surroundings are those of the moment.
func (m *Machine) Surroundings() Surroundings { return m.now.Load().surroundings }

// Surround changes them, as when a user logs on or a laptop leaves the house.
func (m *Machine) Surround(with Surroundings) {
	m.change.Lock()
	defer m.change.Unlock()
	s := *m.now.Load()
	s.surroundings = with
	m.now.Store(&s)
}

// UserLoggedOn implements [clientagent.UserWatcher].
func (m *Machine) UserLoggedOn(context.Context) (bool, error) {
	return m.Surroundings().UserLoggedOn, nil
}

// Metered implements [clientagent.MeterWatcher].
func (m *Machine) Metered(context.Context) (bool, error) { return m.Surroundings().Metered, nil }

// OnIntranet implements [clientagent.NetworkWatcher].
func (m *Machine) OnIntranet(context.Context) (bool, error) {
	return !m.Surroundings().OffIntranet, nil
}

// UpdateService implements [clientagent.GroupPolicyReader].
func (m *Machine) UpdateService(context.Context) (string, error) {
	return m.Surroundings().DomainUpdateService, nil
}
