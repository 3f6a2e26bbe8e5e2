package clientagent_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func TestDefaultSettingsAreTheProducts(t *testing.T) {
	s := clientagent.DefaultSettings()
	require.NoError(t, s.Validate())
	require.Equal(t, clientagent.Settings{Enabled: true, ScanInterval: 168 * time.Hour, ReevaluationInterval: 168 * time.Hour,
		PolicyPollingInterval: 60 * time.Minute, StateMessageInterval: 15 * time.Minute}, s)
	require.Equal(t, s.Effective(), clientagent.Settings{Enabled: true}.Effective(), "what is not set is at its default")
	require.NoError(t, s.Effective().Validate())
	require.Zero(t, s.AssignmentBatchingTimeout(), "no batching")
	require.Zero(t, s.Effective().ComputerRestart.Reminders(), "240 minutes do not fit between 90 and 15")
}

// Settings of an earlier version, whose JSON had five members, mean what they meant.
func TestSettingsOfAnEarlierVersionAreRead(t *testing.T) {
	var s clientagent.Settings
	require.NoError(t, json.Unmarshal([]byte(`{"enabled":true,"scanInterval":172800000000000,"reevaluationInterval":604800000000000,`+
		`"policyPollingInterval":3600000000000,"stateMessageInterval":900000000000}`), &s))
	require.NoError(t, s.Validate())
	require.Equal(t, 48*time.Hour, s.Effective().ScanInterval)
	require.Equal(t, clientagent.Yes, s.Effective().WindowsUpdate.EnforceCertificatePinning)
}

func TestSettingsTellAllFaultsAtOnce(t *testing.T) {
	err := clientagent.Settings{ScanInterval: -1, ReevaluationInterval: 32 * 24 * time.Hour}.Validate()
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 4)
	for _, name := range []string{"Software update scan schedule", "Schedule deployment re-evaluation", "Client policy polling interval",
		"State message reporting cycle"} {
		require.ErrorContains(t, err, name)
	}
}

// settingCase is a row of the tables of configmgr.md §6: values that are in range, and what becomes of those that are not.
type settingCase struct {
	name    string // in the product
	preset  any
	good    []any
	raised  [][2]any // out of range for the agent, and no fault at the site
	refused [][2]any // a fault at the site, and what the agent makes of it
	at      func(s *clientagent.Settings) any
}

// values of one setting are set through a pointer of its type.
func (c settingCase) with(value any) clientagent.Settings {
	s := clientagent.DefaultSettings()
	switch at := c.at(&s).(type) {
	case *time.Duration:
		*at = value.(time.Duration)
	case *bool:
		*at = value.(bool)
	case *int:
		*at = value.(int)
	case *uint16:
		*at = value.(uint16)
	case *clientagent.Choice:
		*at = value.(clientagent.Choice)
	case *clientagent.ThreadPriority:
		*at = value.(clientagent.ThreadPriority)
	case *clientagent.MeteredUse:
		*at = value.(clientagent.MeteredUse)
	case *clientagent.InstallPermission:
		*at = value.(clientagent.InstallPermission)
	case *[]int32:
		*at = value.([]int32)
	}
	return s
}

func (c settingCase) read(s clientagent.Settings) any {
	switch at := c.at(&s).(type) {
	case *time.Duration:
		return *at
	case *bool:
		return *at
	case *int:
		return *at
	case *uint16:
		return *at
	case *clientagent.Choice:
		return *at
	case *clientagent.ThreadPriority:
		return *at
	case *clientagent.MeteredUse:
		return *at
	case *clientagent.InstallPermission:
		return *at
	case *[]int32:
		return *at
	}
	return nil
}

const (
	oneMinute = time.Minute
	oneHour   = time.Hour
	oneDay    = 24 * time.Hour
)

func timeOf(at func(s *clientagent.Settings) *time.Duration) func(s *clientagent.Settings) any {
	return func(s *clientagent.Settings) any { return at(s) }
}

// The rows are written down from the tables, in their order; settings beside them follow.
func settingCases() []settingCase {
	pair := func(given, becomes any) [2]any { return [2]any{given, becomes} }
	onOff := func(name string, preset bool, at func(s *clientagent.Settings) *bool) settingCase {
		return settingCase{name: name, preset: preset, good: []any{true, false}, at: func(s *clientagent.Settings) any { return at(s) }}
	}
	three := func(name string, preset clientagent.Choice, at func(s *clientagent.Settings) *clientagent.Choice) settingCase {
		return settingCase{name: name, preset: preset, good: []any{clientagent.Yes, clientagent.No},
			refused: [][2]any{pair(clientagent.Choice(3), preset)}, at: func(s *clientagent.Settings) any { return at(s) }}
	}
	inactivity := func(name string, at func(s *clientagent.Settings) *time.Duration) settingCase {
		return settingCase{name: name, preset: oneHour, good: []any{oneMinute, 8 * oneHour, oneDay},
			refused: [][2]any{pair(time.Second, oneMinute), pair(-oneHour, oneHour), pair(25*oneHour, oneDay)}, at: timeOf(at)}
	}
	return []settingCase{
		onOff("Enable software updates on clients", true, func(s *clientagent.Settings) *bool { return &s.Enabled }),
		{name: "Software update scan schedule", preset: 7 * oneDay, good: []any{oneDay, 25 * oneHour, 365 * oneDay},
			raised:  [][2]any{pair(oneHour, oneDay), pair(oneDay-1, oneDay)},
			refused: [][2]any{pair(366*oneDay, 365*oneDay), pair(-oneHour, 7*oneDay), pair(time.Duration(0), 7*oneDay)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ScanInterval })},
		{name: "Schedule deployment re-evaluation", preset: 7 * oneDay, good: []any{oneDay, 31 * oneDay},
			raised:  [][2]any{pair(oneHour, oneDay), pair(oneDay-1, oneDay)},
			refused: [][2]any{pair(31*oneDay+1, 31*oneDay), pair(-oneHour, 7*oneDay)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ReevaluationInterval })},
		onOff("When any software update deployment deadline is reached, install all other software update deployments with deadline coming within a specified period of time",
			false, func(s *clientagent.Settings) *bool { return &s.BatchDeadlines }),
		{name: "Period of time for which all pending deployments with deadline in this time will also be installed", preset: 7 * oneDay,
			good: []any{oneHour, 23 * oneHour, oneDay, 365 * oneDay},
			refused: [][2]any{pair(oneMinute, oneHour), pair(90*oneMinute, 2*oneHour), pair(23*oneHour+oneMinute, oneDay),
				pair(25*oneHour, 2*oneDay), pair(366*oneDay, 365*oneDay), pair(-oneHour, 7*oneDay)},
			at: timeOf(func(s *clientagent.Settings) *time.Duration { return &s.BatchingPeriod })},
		onOff("Hide all deployments from end users", false, func(s *clientagent.Settings) *bool { return &s.HideDeployments }),
		onOff("Allow user proxy for software update scans", false, func(s *clientagent.Settings) *bool { return &s.WindowsUpdate.AllowUserProxy }),
		three("Enforce TLS certificate pinning for Windows Update client for detecting updates", clientagent.Yes,
			func(s *clientagent.Settings) *clientagent.Choice { return &s.WindowsUpdate.EnforceCertificatePinning }),
		onOff("Allow clients to download delta content when available", false, func(s *clientagent.Settings) *bool { return &s.WindowsUpdate.AllowDeltaContent }),
		{name: "Port that clients use to receive requests for delta content", preset: uint16(8005), good: []any{uint16(1), uint16(65535)},
			at: func(s *clientagent.Settings) any { return &s.WindowsUpdate.DeltaContentPort }},
		onOff("If content is unavailable from distribution points in the current boundary group, immediately fallback to a neighbor or the site default",
			false, func(s *clientagent.Settings) *bool { return &s.WindowsUpdate.DeltaContentFallback }),
		three("Enable management of the Office 365 Client Agent", clientagent.NotConfigured,
			func(s *clientagent.Settings) *clientagent.Choice { return &s.WindowsUpdate.ManageOffice365 }),
		onOff("Enable update notifications from Microsoft 365 Apps", false, func(s *clientagent.Settings) *bool { return &s.WindowsUpdate.Office365Notifications }),
		onOff(`Enable installation of software updates in "All deployments" maintenance window when "Software Update" maintenance window is available`,
			false, func(s *clientagent.Settings) *bool { return &s.UseAllDeploymentsWindows }),
		{name: "Specify thread priority for feature updates", preset: clientagent.PriorityNotConfigured,
			good:    []any{clientagent.PriorityNormal, clientagent.PriorityLow},
			refused: [][2]any{pair(clientagent.ThreadPriority(3), clientagent.PriorityNotConfigured)},
			at:      func(s *clientagent.Settings) any { return &s.WindowsUpdate.FeatureUpdatePriority }},
		onOff("Enable third party software updates", false, func(s *clientagent.Settings) *bool { return &s.WindowsUpdate.ThirdPartyUpdates }),
		three("Enable Dynamic Update for feature updates", clientagent.NotConfigured,
			func(s *clientagent.Settings) *clientagent.Choice { return &s.WindowsUpdate.DynamicUpdate }),
		three("Enable features introduced via servicing that are off by default", clientagent.NotConfigured,
			func(s *clientagent.Settings) *clientagent.Choice { return &s.WindowsUpdate.FeaturesOffByDefault }),

		{name: "MaxScanRetryCount", preset: 4, good: []any{1, 4, 100}, refused: [][2]any{pair(-1, 4), pair(101, 100)},
			at: func(s *clientagent.Settings) any { return &s.Scan.MaxScanRetryCount }},
		{name: "ScanRetryDelay", preset: 30 * oneMinute, good: []any{oneMinute, oneDay},
			refused: [][2]any{pair(time.Second, oneMinute), pair(90*time.Second, 2*oneMinute), pair(25*oneHour, oneDay)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.Scan.ScanRetryDelay })},
		{name: "WSUSScanRetryCodes", preset: []int32(nil), good: []any{[]int32{-1}, make([]int32, 1000)},
			refused: [][2]any{pair(make([]int32, 1001), make([]int32, 1000))},
			at:      func(s *clientagent.Settings) any { return &s.Scan.WSUSScanRetryCodes }},
		{name: "WSUSLocationTimeout", preset: oneHour, good: []any{oneMinute, 7 * oneDay},
			refused: [][2]any{pair(time.Second, oneMinute), pair(8*oneDay, 7*oneDay)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.Scan.WSUSLocationTimeout })},
		{name: "ContentDownloadTimeout", preset: 864000 * time.Second, good: []any{oneMinute, 365 * oneDay},
			refused: [][2]any{pair(time.Second, oneMinute), pair(366*oneDay, 365*oneDay)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.Content.ContentDownloadTimeout })},
		{name: "ContentLocationTimeout", preset: 604800 * time.Second, good: []any{oneMinute, 365 * oneDay},
			refused: [][2]any{pair(time.Second, oneMinute), pair(366*oneDay, 365*oneDay)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.Content.ContentLocationTimeout })},
		inactivity("PerDPInactivityTimeout", func(s *clientagent.Settings) *time.Duration { return &s.Content.PerDPInactivityTimeout }),
		inactivity("TotalInactivityTimeout", func(s *clientagent.Settings) *time.Duration { return &s.Content.TotalInactivityTimeout }),
		inactivity("UserJobPerDPInactivityTimeout", func(s *clientagent.Settings) *time.Duration { return &s.Content.UserJobPerDPInactivityTimeout }),
		inactivity("UserJobTotalInactivityTimeout", func(s *clientagent.Settings) *time.Duration { return &s.Content.UserJobTotalInactivityTimeout }),

		{name: "Maximum cache size (MB)", preset: 5120, good: []any{1, 5120, 1048576}, refused: [][2]any{pair(-1, 5120), pair(1048577, 1048576)},
			at: func(s *clientagent.Settings) any { return &s.ClientCache.MaxCacheSize }},
		{name: "Minimum duration before cached content can be removed (minutes)", preset: 1440 * oneMinute,
			good: []any{oneMinute, 1440 * oneMinute, 10080 * oneMinute},
			refused: [][2]any{pair(time.Second, oneMinute), pair(90*time.Second, 2*oneMinute), pair(10081*oneMinute, 7*oneDay),
				pair(-oneMinute, oneDay)},
			at: timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ClientCache.MinimumDuration })},

		{name: "Client policy polling interval", preset: 60 * oneMinute, good: []any{3 * oneMinute, 1440 * oneMinute},
			refused: [][2]any{pair(2*oneMinute, 3*oneMinute), pair(90*time.Second, 3*oneMinute), pair(1441*oneMinute, oneDay),
				pair(time.Duration(0), oneHour), pair(210*time.Second, 4*oneMinute)},
			at: timeOf(func(s *clientagent.Settings) *time.Duration { return &s.PolicyPollingInterval })},
		{name: "State message reporting cycle", preset: 15 * oneMinute, good: []any{oneMinute, 43200 * oneMinute},
			refused: [][2]any{pair(time.Second, oneMinute), pair(43201*oneMinute, 30*oneDay), pair(time.Duration(0), 15*oneMinute)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.StateMessageInterval })},
		onOff("Disable deadline randomization", false, func(s *clientagent.Settings) *bool { return &s.RandomizeDeadline }),
		{name: "Grace period for enforcement after deployment deadline", preset: time.Duration(0), good: []any{oneHour, 120 * oneHour},
			refused: [][2]any{pair(oneMinute, oneHour), pair(121*oneHour, 120*oneHour), pair(-oneHour, time.Duration(0))},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerAgent.GracePeriod })},
		{name: "Deployment deadline greater than 24 hours, remind user every", preset: 48 * oneHour, good: []any{oneHour, 999 * oneHour},
			refused: [][2]any{pair(oneMinute, oneHour), pair(1000*oneHour, 999*oneHour)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerAgent.RemindDays })},
		{name: "Deployment deadline less than 24 hours, remind user every", preset: 4 * oneHour, good: []any{oneHour, 24 * oneHour},
			refused: [][2]any{pair(oneMinute, oneHour), pair(25*oneHour, 24*oneHour)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerAgent.RemindHours })},
		{name: "Deployment deadline less than 1 hour, remind user every", preset: 15 * oneMinute, good: []any{5 * oneMinute, 25 * oneMinute},
			refused: [][2]any{pair(oneMinute, 5*oneMinute), pair(26*oneMinute, 25*oneMinute)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerAgent.RemindMinutes })},
		onOff("Additional software manages the deployment of applications and software updates", false,
			func(s *clientagent.Settings) *bool { return &s.ComputerAgent.AdditionalSoftware }),
		{name: "Install permissions", preset: clientagent.AllUsers, good: []any{clientagent.OnlyAdministrators, clientagent.NoUsers},
			refused: [][2]any{pair(clientagent.InstallPermission(4), clientagent.AllUsers)},
			at:      func(s *clientagent.Settings) any { return &s.ComputerAgent.InstallPermissions }},
		onOff("Suspend BitLocker PIN entry on restart", false, func(s *clientagent.Settings) *bool { return &s.ComputerAgent.SuspendBitLocker }),
		{name: "Specify the amount of time after the deadline before a device gets restarted", preset: 90 * oneMinute,
			good:    []any{oneMinute, 1440 * oneMinute, 20160 * oneMinute},
			refused: [][2]any{pair(time.Second, oneMinute), pair(20161*oneMinute, 20160*oneMinute), pair(-oneMinute, 90*oneMinute)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerRestart.Countdown })},
		{name: "Specify the amount of time that a user is presented a final countdown notification before a device gets restarted",
			preset: 15 * oneMinute, good: []any{oneMinute, 90 * oneMinute},
			refused: [][2]any{pair(91*oneMinute, 90*oneMinute), pair(-oneMinute, 15*oneMinute), pair(61*time.Second, 2*oneMinute)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerRestart.FinalCountdown })},
		{name: "Specify the frequency of reminder notifications presented to the user, after the deadline, before a device gets restarted",
			preset: 240 * oneMinute, good: []any{oneMinute, 20160 * oneMinute},
			refused: [][2]any{pair(time.Second, oneMinute), pair(20161*oneMinute, 20160*oneMinute), pair(-oneMinute, 240*oneMinute)},
			at:      timeOf(func(s *clientagent.Settings) *time.Duration { return &s.ComputerRestart.ReminderInterval })},
		onOff("When a deployment requires a restart, show a dialog window to the user instead of a toast notification", false,
			func(s *clientagent.Settings) *bool { return &s.ComputerRestart.ShowDialog }),
		onOff("When a deployment requires a restart, allow low-rights users to restart a device running Windows Server", false,
			func(s *clientagent.Settings) *bool { return &s.ComputerRestart.LowRightsRestart }),
		three("Configuration Manager can force a device to restart", clientagent.Yes,
			func(s *clientagent.Settings) *clientagent.Choice { return &s.ComputerRestart.CanForceRestart }),
		{name: "Client communication on metered internet connections", preset: clientagent.MeteredBlock,
			good:    []any{clientagent.MeteredLimit, clientagent.MeteredAllow},
			refused: [][2]any{pair(clientagent.MeteredUse(3), clientagent.MeteredBlock)},
			at:      func(s *clientagent.Settings) any { return &s.MeteredUse }},
	}
}

// settingRow is where a case stands in configmgr.md §6: in the table of the agent's settings, among the properties of
// SMS_SoftwareUpdatesAgentConfig, or in the table of other groups, some of whose rows have several settings.
func settingRow(i int) string {
	switch {
	case i < 18:
		return fmt.Sprintf("§6 row %d", i+1)
	case i < 28:
		return "§6 SMS_SoftwareUpdatesAgentConfig"
	case i < 30:
		return "§7.4 cache"
	}
	return fmt.Sprintf("§6 other groups row %d", []int{1, 2, 3, 4, 5, 5, 5, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14}[i-30])
}

func TestEverySettingHasItsNameDefaultAndRange(t *testing.T) {
	cases, table := settingCases(), clientagent.SettingsTable()
	require.Len(t, table, len(cases))
	for i, c := range cases {
		t.Run(settingRow(i)+": "+c.name, func(t *testing.T) {
			require.Equal(t, c.name, table[i].Name)
			require.Equal(t, c.preset, c.read(clientagent.DefaultSettings().Effective()))
			for _, value := range c.good {
				s := c.with(value)
				require.NoError(t, s.Validate(), "%v", value)
				require.Equal(t, value, c.read(s.Effective()))
			}
			for _, p := range c.raised {
				require.NoError(t, c.with(p[0]).Validate(), "%v", p[0])
				require.Equal(t, p[1], c.read(c.with(p[0]).Effective()), "%v", p[0])
			}
			for _, p := range c.refused {
				require.ErrorContains(t, c.with(p[0]).Validate(), c.name, "%v", p[0])
				require.Equal(t, p[1], c.read(c.with(p[0]).Effective()), "%v", p[0])
			}
			if len(c.raised)+len(c.refused) > 0 {
				require.NotEmpty(t, table[i].OutOfRange)
			}
		})
	}
}

// Every row of the table names a member of the JSON that settings really have.
func TestSettingsTableNamesProperties(t *testing.T) {
	for i, c := range settingCases() {
		row := clientagent.SettingsTable()[i]
		s := clientagent.Settings{}
		switch at := c.at(&s).(type) {
		case *time.Duration:
			*at = 7
		case *bool:
			*at = true
		case *int:
			*at = 7
		case *uint16:
			*at = 7
		case *clientagent.Choice:
			*at = clientagent.No
		case *clientagent.ThreadPriority:
			*at = clientagent.PriorityLow
		case *clientagent.MeteredUse:
			*at = clientagent.MeteredAllow
		case *clientagent.InstallPermission:
			*at = clientagent.NoUsers
		case *[]int32:
			*at = []int32{7}
		}
		require.NotEqual(t, member(t, clientagent.Settings{}, row.Property), member(t, s, row.Property), row.Name)
	}
}

// Whatever a policy says, what the agent follows is valid, and following it changes nothing more.
func TestEffectiveSettingsAreValid(t *testing.T) {
	cases := settingCases()
	rapid.Check(t, func(t *rapid.T) {
		s := clientagent.DefaultSettings()
		for _, c := range cases {
			if !rapid.Bool().Draw(t, c.name) {
				continue
			}
			switch at := c.at(&s).(type) {
			case *time.Duration:
				*at = time.Duration(rapid.Int64().Draw(t, "duration"))
			case *int:
				*at = rapid.Int().Draw(t, "number")
			case *clientagent.Choice:
				*at = clientagent.Choice(rapid.Uint8().Draw(t, "choice"))
			case *clientagent.MeteredUse:
				*at = clientagent.MeteredUse(rapid.Uint8().Draw(t, "choice"))
			case *[]int32:
				*at = rapid.SliceOfN(rapid.Int32(), 0, 1200).Draw(t, "codes")
			}
		}
		effective := s.Effective()
		require.NoError(t, effective.Validate())
		require.Equal(t, effective, effective.Effective())
	})
}

func TestBatchingIsOffUnlessSwitchedOn(t *testing.T) {
	s := clientagent.Settings{BatchingPeriod: oneHour}
	require.Zero(t, s.AssignmentBatchingTimeout())
	s.BatchDeadlines = true
	require.Equal(t, oneHour, s.AssignmentBatchingTimeout())
	s.BatchingPeriod = 0
	require.Equal(t, 7*oneDay, s.AssignmentBatchingTimeout())
}

func TestRemindersNeedRoomBeforeTheFinalCountdown(t *testing.T) {
	for _, c := range []struct{ countdown, final, every, reminders time.Duration }{
		{90 * oneMinute, 15 * oneMinute, 240 * oneMinute, 0},
		{90 * oneMinute, 15 * oneMinute, 75 * oneMinute, 0},
		{90 * oneMinute, 15 * oneMinute, 74 * oneMinute, 74 * oneMinute},
		{8 * oneHour, oneHour, 240 * oneMinute, 4 * oneHour},
	} {
		r := clientagent.ComputerRestartSettings{Countdown: c.countdown, FinalCountdown: c.final, ReminderInterval: c.every}
		require.Equal(t, c.reminders, r.Reminders(), "%v", c)
	}
}

func TestNewTellsAllThatIsMissing(t *testing.T) {
	_, err := clientagent.New(clientagent.Config{})
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 4)
}

func TestLaboratoryPaceShortensEveryCycle(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.config.Pace = clientagent.Laboratory(time.Second)
	l.start()
	id := l.site.deploy("d", l.now, l.now.Add(3*time.Second), "a")
	l.pass(5 * time.Second)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	l.machine.set("a", false)
	l.pass(25 * time.Second)
	require.True(t, l.machine.has("a"), "re-evaluation")
}
