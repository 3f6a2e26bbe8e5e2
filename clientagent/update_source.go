package clientagent

import (
	"context"
	"fmt"
)

// WindowsUpdateConfigurer is an optional ability of a Machine: the settings that the Windows Update Agent follows rather than
// this one. Before a scan the agent adds its update source, as the product's WUAHandler does: it writes the local policy when
// that has changed.
type WindowsUpdateConfigurer interface {
	// ConfigureWindowsUpdate writes the local policy (WUServer, WUStatusServer, UseWUServer and those of the settings) and
	// returns when it is in force. A policy of the domain may override it: see GroupPolicyReader.
	ConfigureWindowsUpdate(ctx context.Context, p WindowsUpdatePolicy) error
}

// WindowsUpdatePolicy is the local policy of a machine for Windows Update.
type WindowsUpdatePolicy struct {
	// Server is WUServer and WUStatusServer, such as https://wsus01.lab.example:8531.
	Server string `json:"server"`
	// Settings have no value at NotConfigured whose default is another.
	Settings WindowsUpdateSettings `json:"settings"`
}

// addUpdateSource configures the machine for a location, and finds out whether the domain has other plans.
func (a *Agent) addUpdateSource(ctx context.Context, t *turn, location Location) error {
	if machine, able := a.machine.(WindowsUpdateConfigurer); able {
		if err := a.configure(ctx, machine, WindowsUpdatePolicy{location.WSUSURL, t.policy.Settings.Effective().WindowsUpdate}); err != nil {
			return err
		}
	}
	return a.checkGroupPolicy(ctx, location)
}

// configure writes a local policy that the machine does not have yet.
func (a *Agent) configure(ctx context.Context, machine WindowsUpdateConfigurer, p WindowsUpdatePolicy) error {
	last, found, err := load[WindowsUpdatePolicy](ctx, a.store, keyUpdateSource)
	if err != nil || found && last == p {
		return err
	}
	if err := machine.ConfigureWindowsUpdate(ctx, p); err != nil {
		return fmt.Errorf("configure Windows Update: %w", err)
	}
	c := a.begin()
	c.set(keyUpdateSource, p)
	return c.commit(ctx)
}
