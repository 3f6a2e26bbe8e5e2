package clientagent

import "time"

// ScanSettings are those of SMS_SoftwareUpdatesAgentConfig that have no text in the console. Zero means the default.
type ScanSettings struct {
	// MaxScanRetryCount is how many failures of the retry list one server may have before the next is taken: 4, from 1 to 100.
	MaxScanRetryCount int `json:"maxScanRetryCount,omitempty"`
	// ScanRetryDelay passes between two of them: 30 minutes, from 1 minute to a day.
	ScanRetryDelay time.Duration `json:"scanRetryDelay,omitempty"`
	// WSUSScanRetryCodes are the HRESULTs after which a scan is tried again, and at last on another server. None given means
	// DefaultScanRetryCodes; at most 1,000.
	WSUSScanRetryCodes []int32 `json:"wsusScanRetryCodes,omitempty"`
	// WSUSLocationTimeout is how long a scan waits for a server that holds the content version: an hour, from 1 minute to 7 days.
	WSUSLocationTimeout time.Duration `json:"wsusLocationTimeout,omitempty"`
}

// ContentSettings bound how long content may be on its way. Zero means the default.
type ContentSettings struct {
	// ContentDownloadTimeout is after how long a download that never ended has failed: 10 days, up to 365.
	ContentDownloadTimeout time.Duration `json:"contentDownloadTimeout,omitempty"`
	// ContentLocationTimeout is after how long content without a source has failed: 7 days, up to 365.
	ContentLocationTimeout time.Duration `json:"contentLocationTimeout,omitempty"`
	// PerDPInactivityTimeout is how long one source may stay silent before the next is taken, TotalInactivityTimeout how long all
	// of them together before the download fails: an hour each, up to a day. Only time in which a source is asked counts. In the product a
	// plain zero of the former means 8 hours; here zero is the default.
	PerDPInactivityTimeout time.Duration `json:"perDPInactivityTimeout,omitempty"`
	TotalInactivityTimeout time.Duration `json:"totalInactivityTimeout,omitempty"`
	// The same for what a user started: an hour each.
	UserJobPerDPInactivityTimeout time.Duration `json:"userJobPerDPInactivityTimeout,omitempty"`
	UserJobTotalInactivityTimeout time.Duration `json:"userJobTotalInactivityTimeout,omitempty"`
}

// WindowsUpdateSettings are those that the client hands to Windows rather than follows itself: see WindowsUpdateConfigurer.
type WindowsUpdateSettings struct {
	// AllowUserProxy lets scans use the proxy of the user (since 2010). Default No.
	AllowUserProxy bool `json:"allowUserProxy,omitempty"`
	// EnforceCertificatePinning is for TLS of the Windows Update client (since 2103). Default Yes.
	EnforceCertificatePinning Choice `json:"enforceCertificatePinning,omitempty"`
	// AllowDeltaContent downloads delta content, earlier called express installation files, when there is some. Default No.
	AllowDeltaContent bool `json:"allowDeltaContent,omitempty"`
	// DeltaContentPort is the port that clients use to receive requests for delta content: 8005.
	DeltaContentPort uint16 `json:"deltaContentPort,omitempty"`
	// DeltaContentFallback takes content from a neighbor or the site default boundary group at once (since 2010). Default No.
	DeltaContentFallback bool `json:"deltaContentFallback,omitempty"`
	// ManageOffice365 enables management of the Office 365 Client Agent.
	ManageOffice365 Choice `json:"manageOffice365,omitempty"`
	// Office365Notifications shows update notifications of Microsoft 365 Apps (since 2111); a deployment that hides wins. Default No.
	Office365Notifications bool `json:"office365Notifications,omitempty"`
	// FeatureUpdatePriority is the thread priority of feature updates.
	FeatureUpdatePriority ThreadPriority `json:"featureUpdatePriority,omitempty"`
	// ThirdPartyUpdates trusts updates that are signed by the site's publishers (since 1806). Default No.
	ThirdPartyUpdates bool `json:"thirdPartyUpdates,omitempty"`
	// DynamicUpdate is for feature updates.
	DynamicUpdate Choice `json:"dynamicUpdate,omitempty"`
	// FeaturesOffByDefault are those introduced via servicing (since 2303).
	FeaturesOffByDefault Choice `json:"featuresOffByDefault,omitempty"`
}

// ComputerAgentSettings are those of the group Computer Agent that matter to updates.
type ComputerAgentSettings struct {
	// GracePeriod for enforcement after the deployment deadline, for deployments with a soft deadline: whole hours up to 120. Zero is
	// none, the default.
	GracePeriod time.Duration `json:"gracePeriod,omitempty"`
	// RemindDays is how often a user is reminded of a deadline that is more than a day off (48 hours, whole hours from 1 to 999),
	// RemindHours of one within a day (4 hours, from 1 to 24), RemindMinutes of one within an hour (15 minutes, from 5 to 25).
	RemindDays    time.Duration `json:"remindDays,omitempty"`
	RemindHours   time.Duration `json:"remindHours,omitempty"`
	RemindMinutes time.Duration `json:"remindMinutes,omitempty"`
	// AdditionalSoftware manages the deployment of applications and software updates: Configuration Manager installs nothing by
	// itself. Default No.
	AdditionalSoftware bool `json:"additionalSoftware,omitempty"`
	// InstallPermissions are who may start an installation; all users by default.
	InstallPermissions InstallPermission `json:"installPermissions,omitempty"`
	// SuspendBitLocker suspends the BitLocker PIN entry on restart: Always is true, Never, the default, false.
	SuspendBitLocker bool `json:"suspendBitLocker,omitempty"`
}

// Remind is how often a user is reminded of a deadline that is so far off, once Effective has filled in the defaults; 0 when it has come.
func (c ComputerAgentSettings) Remind(left time.Duration) time.Duration {
	switch {
	case left <= 0:
		return 0
	case left <= time.Hour:
		return c.RemindMinutes
	case left <= 24*time.Hour:
		return c.RemindHours
	}
	return c.RemindDays
}

// ComputerRestartSettings are those of the group Computer Restart.
type ComputerRestartSettings struct {
	// Countdown is the amount of time after the deadline before a device gets restarted: 90 minutes, whole minutes up to 20160.
	Countdown time.Duration `json:"countdown,omitempty"`
	// FinalCountdown is the amount of time that a user is presented a final countdown notification: 15 minutes. It cannot be longer
	// than Countdown.
	FinalCountdown time.Duration `json:"finalCountdown,omitempty"`
	// ReminderInterval is the frequency of reminder notifications (earlier: snooze duration): 240 minutes. There are reminders only
	// while it is shorter than what lies between Countdown and FinalCountdown, see Reminders.
	ReminderInterval time.Duration `json:"reminderInterval,omitempty"`
	// ShowDialog shows a dialog window instead of a toast notification when a deployment requires a restart. Default No.
	ShowDialog bool `json:"showDialog,omitempty"`
	// LowRightsRestart allows low-rights users to restart a device that runs Windows Server (since 2010). Default No.
	LowRightsRestart bool `json:"lowRightsRestart,omitempty"`
	// CanForceRestart lets Configuration Manager force a device to restart (since 2006). Default Yes; No leaves only reminders.
	CanForceRestart Choice `json:"canForceRestart,omitempty"`
}

// Reminders is how often a user is reminded of a pending restart, 0 for never: with the three defaults there are no reminders.
func (r ComputerRestartSettings) Reminders() time.Duration {
	if r.ReminderInterval <= 0 || r.ReminderInterval >= r.Countdown-r.FinalCountdown {
		return 0
	}
	return r.ReminderInterval
}
