package clientagent

import (
	"fmt"
	"slices"
	"time"
)

// softwareUpdatesRules are the settings of the group Software Updates.
var softwareUpdatesRules = []settingRule{
	plain(Setting{Name: "Enable software updates on clients", Property: "enabled", Default: "Yes", Since: "2007"}),
	custom(func(s *Settings) *Schedule { return &s.ScanSchedule }, length{
		at:    func(s *Settings) *time.Duration { return &s.ScanInterval },
		least: ShortestCycle, most: 365 * wholeDay, preset: 7 * wholeDay, unit: 1, required: true, raised: true},
		Setting{Name: "Software update scan schedule", Property: "scanInterval", Default: "simple, 7 days",
			Range:      "1–365 days, or a custom schedule",
			OutOfRange: "less than a day is raised to a day, more than 365 days lowered; the start is delayed by up to 2 hours", Since: "2007"}),
	custom(func(s *Settings) *Schedule { return &s.EvaluationSchedule }, length{
		at:    func(s *Settings) *time.Duration { return &s.ReevaluationInterval },
		least: ShortestCycle, most: LongestReevaluation, preset: 7 * wholeDay, unit: 1, required: true, raised: true},
		Setting{Name: "Schedule deployment re-evaluation", Property: "reevaluationInterval", Default: "simple, 7 days",
			Range:      "1–31 days, or a custom schedule",
			OutOfRange: "less than a day is raised to a day, more than 31 days lowered; the start is delayed by up to 2 hours", Since: "2007"}),
	plain(Setting{Name: "When any software update deployment deadline is reached, install all other software update deployments with " +
		"deadline coming within a specified period of time", Property: "batchDeadlines", Default: "No", Since: "2007"}),
	{Setting: Setting{Name: "Period of time for which all pending deployments with deadline in this time will also be installed",
		Property: "batchingPeriod", Default: "7 days", Range: "1–23 hours or 1–365 days",
		OutOfRange: "rounded up to whole hours or days, at most 365 days", Since: "2007"},
		check: checkBatching, mend: mendBatching},
	plain(Setting{Name: "Hide all deployments from end users", Property: "hideDeployments", Default: "No", Since: "2007"}),
	plain(Setting{Name: "Allow user proxy for software update scans", Property: "windowsUpdate.allowUserProxy", Default: "No", Since: "2010"}),
	choice{func(s *Settings) *Choice { return &s.WindowsUpdate.EnforceCertificatePinning }, Yes}.rule(
		Setting{Name: "Enforce TLS certificate pinning for Windows Update client for detecting updates",
			Property: "windowsUpdate.enforceCertificatePinning", Default: "Yes", Range: "Yes, No", OutOfRange: "Yes", Since: "2103"}),
	plain(Setting{Name: "Allow clients to download delta content when available", Property: "windowsUpdate.allowDeltaContent", Default: "No"}),
	{Setting: Setting{Name: "Port that clients use to receive requests for delta content", Property: "windowsUpdate.deltaContentPort",
		Default: "8005", Range: "1–65535"},
		mend: func(s *Settings) {
			if s.WindowsUpdate.DeltaContentPort == 0 {
				s.WindowsUpdate.DeltaContentPort = 8005
			}
		}},
	plain(Setting{Name: "If content is unavailable from distribution points in the current boundary group, immediately fallback to a " +
		"neighbor or the site default", Property: "windowsUpdate.deltaContentFallback", Default: "No", Since: "2010"}),
	notConfigured("Enable management of the Office 365 Client Agent", "manageOffice365", "",
		func(s *Settings) *Choice { return &s.WindowsUpdate.ManageOffice365 }),
	plain(Setting{Name: "Enable update notifications from Microsoft 365 Apps", Property: "windowsUpdate.office365Notifications",
		Default: "No", Since: "2111"}),
	plain(Setting{Name: `Enable installation of software updates in "All deployments" maintenance window when "Software Update" ` +
		"maintenance window is available", Property: "useAllDeploymentsWindows", Default: "No", Since: "1810"}),
	oneOf(func(s *Settings) *ThreadPriority { return &s.WindowsUpdate.FeatureUpdatePriority }, PriorityLow,
		Setting{Name: "Specify thread priority for feature updates", Property: "windowsUpdate.featureUpdatePriority",
			Default: "Not Configured", Range: "Not Configured, Normal, Low", OutOfRange: "Not Configured"}),
	plain(Setting{Name: "Enable third party software updates", Property: "windowsUpdate.thirdPartyUpdates", Default: "No", Since: "1806"}),
	notConfigured("Enable Dynamic Update for feature updates", "dynamicUpdate", "",
		func(s *Settings) *Choice { return &s.WindowsUpdate.DynamicUpdate }),
	notConfigured("Enable features introduced via servicing that are off by default", "featuresOffByDefault", "2303",
		func(s *Settings) *Choice { return &s.WindowsUpdate.FeaturesOffByDefault }),
}

func notConfigured(name, property, since string, at func(*Settings) *Choice) settingRule {
	return choice{at, NotConfigured}.rule(Setting{Name: name, Property: "windowsUpdate." + property, Default: "Not Configured",
		Range: "Not Configured, Yes, No", OutOfRange: "Not Configured", Since: since})
}

// maxRetryCodes is how many retry codes settings may list.
const maxRetryCodes = 1000

// agentConfigRules are the settings of SMS_SoftwareUpdatesAgentConfig without text in the console.
var agentConfigRules = []settingRule{
	{Setting: Setting{Name: "MaxScanRetryCount", Property: "scan.maxScanRetryCount", Default: "4", Range: "1–100",
		OutOfRange: "the nearer end of the range"},
		check: func(s *Settings) error {
			if n := s.Scan.MaxScanRetryCount; n < 0 || n > 100 {
				return fmt.Errorf("%d is not within 1 and 100", n)
			}
			return nil
		},
		mend: func(s *Settings) {
			if s.Scan.MaxScanRetryCount <= 0 {
				s.Scan.MaxScanRetryCount = 4
			}
			s.Scan.MaxScanRetryCount = min(s.Scan.MaxScanRetryCount, 100)
		}},
	within("ScanRetryDelay", "scan.scanRetryDelay", "30 minutes", "1 minute–1 day",
		time.Minute, wholeDay, 30*time.Minute, time.Minute, func(s *Settings) *time.Duration { return &s.Scan.ScanRetryDelay }),
	{Setting: Setting{Name: "WSUSScanRetryCodes", Property: "scan.wsusScanRetryCodes", Default: "the 36 codes of DefaultScanRetryCodes",
		Range: "up to 1,000 HRESULTs", OutOfRange: "the first 1,000"},
		check: func(s *Settings) error {
			if n := len(s.Scan.WSUSScanRetryCodes); n > maxRetryCodes {
				return fmt.Errorf("%d codes are more than %d", n, maxRetryCodes)
			}
			return nil
		},
		mend: func(s *Settings) {
			s.Scan.WSUSScanRetryCodes = slices.Clip(s.Scan.WSUSScanRetryCodes[:min(len(s.Scan.WSUSScanRetryCodes), maxRetryCodes)])
		}},
	within("WSUSLocationTimeout", "scan.wsusLocationTimeout", "1 hour", "1 minute–7 days",
		time.Minute, 7*wholeDay, time.Hour, time.Second, func(s *Settings) *time.Duration { return &s.Scan.WSUSLocationTimeout }),
	within("ContentDownloadTimeout", "content.contentDownloadTimeout", "10 days", "1 minute–365 days",
		time.Minute, 365*wholeDay, 10*wholeDay, time.Second,
		func(s *Settings) *time.Duration { return &s.Content.ContentDownloadTimeout }),
	within("ContentLocationTimeout", "content.contentLocationTimeout", "7 days", "1 minute–365 days",
		time.Minute, 365*wholeDay, 7*wholeDay, time.Second,
		func(s *Settings) *time.Duration { return &s.Content.ContentLocationTimeout }),
	within("PerDPInactivityTimeout", "content.perDPInactivityTimeout", "1 hour", "1 minute–1 day",
		time.Minute, wholeDay, time.Hour, time.Second, func(s *Settings) *time.Duration { return &s.Content.PerDPInactivityTimeout }),
	within("TotalInactivityTimeout", "content.totalInactivityTimeout", "1 hour", "1 minute–1 day",
		time.Minute, wholeDay, time.Hour, time.Second, func(s *Settings) *time.Duration { return &s.Content.TotalInactivityTimeout }),
	within("UserJobPerDPInactivityTimeout", "content.userJobPerDPInactivityTimeout", "1 hour", "1 minute–1 day",
		time.Minute, wholeDay, time.Hour, time.Second,
		func(s *Settings) *time.Duration { return &s.Content.UserJobPerDPInactivityTimeout }),
	within("UserJobTotalInactivityTimeout", "content.userJobTotalInactivityTimeout", "1 hour", "1 minute–1 day",
		time.Minute, wholeDay, time.Hour, time.Second,
		func(s *Settings) *time.Duration { return &s.Content.UserJobTotalInactivityTimeout }),
}

// within is a duration that becomes the nearer end of its range, rounded up to its unit.
func within(name, property, preset, bounds string, least, most, value, unit time.Duration,
	at func(*Settings) *time.Duration) settingRule {
	return length{at: at, least: least, most: most, preset: value, unit: unit}.rule(Setting{Name: name, Property: property,
		Default: preset, Range: bounds, OutOfRange: "the nearer end of the range"})
}
