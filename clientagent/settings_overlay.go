package clientagent

import "slices"

// SettingsGroups are the groups that custom client settings can have, by the product's names. What is in the class
// SMS_SoftwareUpdatesAgentConfig only belongs to Software Updates.
func SettingsGroups() []string {
	return []string{GroupSoftwareUpdates, GroupClientCache, GroupClientPolicy, GroupStateMessaging, GroupComputerAgent,
		GroupComputerRestart, GroupMetered}
}

// WithGroups are the settings with whole groups of other settings in the place of their own.
func (s Settings) WithGroups(from Settings, groups ...string) Settings {
	if slices.Contains(groups, GroupSoftwareUpdates) {
		// All but what is of the other groups.
		updates := from
		updates.PolicyPollingInterval, updates.StateMessageInterval = s.PolicyPollingInterval, s.StateMessageInterval
		updates.MeteredUse, updates.ClientCache = s.MeteredUse, s.ClientCache
		updates.RandomizeDeadline, updates.ComputerAgent, updates.ComputerRestart = s.RandomizeDeadline, s.ComputerAgent, s.ComputerRestart
		s = updates
	}
	if slices.Contains(groups, GroupClientCache) {
		s.ClientCache = from.ClientCache
	}
	if slices.Contains(groups, GroupClientPolicy) {
		s.PolicyPollingInterval = from.PolicyPollingInterval
	}
	if slices.Contains(groups, GroupStateMessaging) {
		s.StateMessageInterval = from.StateMessageInterval
	}
	if slices.Contains(groups, GroupComputerAgent) {
		s.RandomizeDeadline, s.ComputerAgent = from.RandomizeDeadline, from.ComputerAgent
	}
	if slices.Contains(groups, GroupComputerRestart) {
		s.ComputerRestart = from.ComputerRestart
	}
	if slices.Contains(groups, GroupMetered) {
		s.MeteredUse = from.MeteredUse
	}
	return s
}
