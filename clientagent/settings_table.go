package clientagent

import "slices"

// Setting describes one client setting as the product has it.
type Setting struct {
	// Group is the page of the client settings, Name the text on it; without text in the console it is the property's name.
	Group, Name string
	// Property is where the value is in the JSON of Settings.
	Property string
	// Default and Range in words. A range that the product does not publish is the one that this package holds to.
	Default, Range string
	// OutOfRange says what an agent makes of a value out of range; empty where there is no such value.
	OutOfRange string
	// Since is the version that brought the setting; empty when it is not known.
	Since string
}

// Groups of settings, by the product's names. AgentConfig is for what is in the class SMS_SoftwareUpdatesAgentConfig only.
const (
	GroupSoftwareUpdates = "Software Updates"
	GroupAgentConfig     = "SMS_SoftwareUpdatesAgentConfig"
	GroupClientCache     = "Client Cache Settings"
	GroupClientPolicy    = "Client Policy"
	GroupStateMessaging  = "State Messaging"
	GroupComputerAgent   = "Computer Agent"
	GroupComputerRestart = "Computer Restart"
	GroupMetered         = "Metered Internet Connections"
)

// SettingsTable lists every setting, by group in the order of the console.
func SettingsTable() []Setting {
	table := make([]Setting, len(settingRules))
	for i, r := range settingRules {
		table[i] = r.Setting
	}
	return slices.Clip(table)
}

// settingRule is a setting with its check at the site and what the agent makes of it.
type settingRule struct {
	Setting
	check func(*Settings) error
	mend  func(*Settings)
}

// settingRules are never changed.
var settingRules = slices.Concat(
	grouped(GroupSoftwareUpdates, softwareUpdatesRules),
	grouped(GroupAgentConfig, agentConfigRules),
	grouped(GroupClientCache, clientCacheRules),
	grouped(GroupClientPolicy, clientPolicyRules),
	grouped(GroupStateMessaging, stateMessagingRules),
	grouped(GroupComputerAgent, computerAgentRules),
	grouped(GroupComputerRestart, computerRestartRules),
	grouped(GroupMetered, meteredRules),
)

func grouped(group string, rules []settingRule) []settingRule {
	rules = slices.Clone(rules)
	for i := range rules {
		rules[i].Group = group
	}
	return rules
}
