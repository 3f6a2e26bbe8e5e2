package clientagent

import "time"

var clientPolicyRules = []settingRule{
	length{at: func(s *Settings) *time.Duration { return &s.PolicyPollingInterval },
		least: 3 * time.Minute, most: wholeDay, preset: time.Hour, unit: time.Minute, required: true}.rule(
		Setting{Name: "Client policy polling interval", Property: "policyPollingInterval", Default: "60 minutes", Range: "3–1440 minutes",
			OutOfRange: "the nearer end of the range"}),
}

var stateMessagingRules = []settingRule{
	length{at: func(s *Settings) *time.Duration { return &s.StateMessageInterval },
		least: time.Minute, most: 30 * wholeDay, preset: 15 * time.Minute, unit: time.Minute, required: true}.rule(
		Setting{Name: "State message reporting cycle", Property: "stateMessageInterval", Default: "15 minutes", Range: "1–43200 minutes",
			OutOfRange: "the nearer end of the range"}),
}

var computerAgentRules = []settingRule{
	plain(Setting{Name: "Disable deadline randomization", Property: "randomizeDeadline", Default: "Yes: randomizeDeadline is its opposite"}),
	within("Grace period for enforcement after deployment deadline", "computerAgent.gracePeriod", "none", "0–120 hours",
		0, 120*time.Hour, 0, time.Hour, func(s *Settings) *time.Duration { return &s.ComputerAgent.GracePeriod }),
	within("Deployment deadline greater than 24 hours, remind user every", "computerAgent.remindDays", "48 hours", "1–999 hours",
		time.Hour, 999*time.Hour, 48*time.Hour, time.Hour, func(s *Settings) *time.Duration { return &s.ComputerAgent.RemindDays }),
	within("Deployment deadline less than 24 hours, remind user every", "computerAgent.remindHours", "4 hours", "1–24 hours",
		time.Hour, 24*time.Hour, 4*time.Hour, time.Hour, func(s *Settings) *time.Duration { return &s.ComputerAgent.RemindHours }),
	within("Deployment deadline less than 1 hour, remind user every", "computerAgent.remindMinutes", "15 minutes", "5–25 minutes",
		5*time.Minute, 25*time.Minute, 15*time.Minute, time.Minute, func(s *Settings) *time.Duration { return &s.ComputerAgent.RemindMinutes }),
	plain(Setting{Name: "Additional software manages the deployment of applications and software updates",
		Property: "computerAgent.additionalSoftware", Default: "No"}),
	oneOf(func(s *Settings) *InstallPermission { return &s.ComputerAgent.InstallPermissions }, NoUsers,
		Setting{Name: "Install permissions", Property: "computerAgent.installPermissions", Default: "All Users",
			Range:      "All Users, Only Administrators, Only Administrators and primary users, No Users",
			OutOfRange: "All Users"}),
	plain(Setting{Name: "Suspend BitLocker PIN entry on restart", Property: "computerAgent.suspendBitLocker", Default: "Never"}),
}

var computerRestartRules = []settingRule{
	restart.rule(Setting{Name: "Specify the amount of time after the deadline before a device gets restarted",
		Property: "computerRestart.countdown", Default: "90 minutes", Range: "1–20160 minutes", OutOfRange: "the nearer end of the range"}),
	{Setting: Setting{Name: "Specify the amount of time that a user is presented a final countdown notification before a device gets restarted",
		Property: "computerRestart.finalCountdown", Default: "15 minutes", Range: "up to the time before the restart",
		OutOfRange: "the time before the restart"},
		check: checkFinalCountdown, mend: mendFinalCountdown},
	within("Specify the frequency of reminder notifications presented to the user, after the deadline, before a device gets restarted",
		"computerRestart.reminderInterval", "240 minutes", "1–20160 minutes; there are reminders only below the difference of the two others",
		time.Minute, 20160*time.Minute, 240*time.Minute, time.Minute,
		func(s *Settings) *time.Duration { return &s.ComputerRestart.ReminderInterval }),
	plain(Setting{Name: "When a deployment requires a restart, show a dialog window to the user instead of a toast notification",
		Property: "computerRestart.showDialog", Default: "No"}),
	plain(Setting{Name: "When a deployment requires a restart, allow low-rights users to restart a device running Windows Server",
		Property: "computerRestart.lowRightsRestart", Default: "No", Since: "2010"}),
	choice{func(s *Settings) *Choice { return &s.ComputerRestart.CanForceRestart }, Yes}.rule(
		Setting{Name: "Configuration Manager can force a device to restart", Property: "computerRestart.canForceRestart",
			Default: "Yes", Range: "Yes, No", OutOfRange: "Yes", Since: "2006"}),
}

var meteredRules = []settingRule{
	oneOf(func(s *Settings) *MeteredUse { return &s.MeteredUse }, MeteredAllow,
		Setting{Name: "Client communication on metered internet connections", Property: "meteredUse", Default: "Block",
			Range: "Allow, Limit, Block", OutOfRange: "Block"}),
}
