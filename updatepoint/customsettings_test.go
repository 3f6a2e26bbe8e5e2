package updatepoint_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Rule 13 of configmgr.md §10: settings are those of the site (2007), or custom ones by priority (2012+).
func TestCustomSettingsByPriority(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	ctx := t.Context()
	require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	one, two := register(t, site, pc1, "pc1"), register(t, site, pc2, "pc2")
	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "Servers", Members: []string{"pc1"}}))
	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "Pilot", Members: []string{"pc1", "pc2"}}))

	servers := clientagent.DefaultSettings()
	servers.ScanSchedule = clientagent.Weekly(1, time.Saturday, time.Date(2026, 1, 1, 2, 0, 0, 0, time.UTC))
	servers.PolicyPollingInterval = 3 * time.Minute // of a group that these settings do not have
	require.NoError(t, site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: "Servers", Priority: 1,
		Groups: []string{clientagent.GroupSoftwareUpdates}, Settings: servers, Collections: []string{"servers"}}))
	pilot := clientagent.DefaultSettings()
	pilot.Enabled = false
	pilot.ComputerAgent.GracePeriod = 24 * time.Hour
	require.NoError(t, site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: "Pilot", Priority: 2,
		Groups:   []string{clientagent.GroupSoftwareUpdates, clientagent.GroupComputerAgent},
		Settings: pilot, Collections: []string{"Pilot"}}))

	for range 2 {
		p, err := updatepoint.InProcess(site).Policy(ctx, one, "")
		require.NoError(t, err)
		require.True(t, p.Settings.Enabled, "priority 1 wins over priority 2")
		require.Equal(t, servers.ScanSchedule, p.Settings.ScanSchedule)
		require.Equal(t, time.Hour, p.Settings.PolicyPollingInterval)
		require.Equal(t, 24*time.Hour, p.Settings.ComputerAgent.GracePeriod, "a group that only priority 2 has")
		p, err = updatepoint.InProcess(site).Policy(ctx, two, "")
		require.NoError(t, err)
		require.False(t, p.Settings.Enabled, "dormant by its own settings")
		site = openSite(t, updatepoint.MixedMode, store, newReports())
	}
	require.ErrorIs(t, site.RemoveCollection(ctx, "pilot"), updatepoint.ErrCollectionInUse)
	require.NoError(t, site.RemoveCustomSettings(ctx, "PILOT"))
	require.ErrorIs(t, site.RemoveCustomSettings(ctx, "pilot"), updatepoint.ErrNotFound)
	require.NoError(t, site.RemoveCollection(ctx, "pilot"))
	settings, err := site.ResultantSettings(ctx, pc2)
	require.NoError(t, err)
	require.Equal(t, clientagent.DefaultSettings(), settings)
	_, err = site.ResultantSettings(ctx, "nobody")
	require.ErrorIs(t, err, updatepoint.ErrNotFound)
}

func TestCustomSettingsTellAllFaultsAtOnce(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	require.NoError(t, site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "First", Priority: 7,
		Groups: []string{clientagent.GroupMetered}}))
	wrong := clientagent.Settings{StateMessageInterval: -1}
	wrong.ComputerRestart.Countdown = time.Second
	err := site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "\n", Priority: 7,
		Groups:   []string{"Hardware Inventory", clientagent.GroupStateMessaging, clientagent.GroupComputerRestart},
		Settings: wrong, Collections: []string{"Nowhere"}})
	require.ErrorIs(t, err, updatepoint.ErrUnknownCollection)
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 6, "%v", err)
	for _, reason := range []string{"name of client settings", "Hardware Inventory", "State message reporting cycle", "device gets restarted",
		"priority 7 is that of First", "Nowhere"} {
		require.ErrorContains(t, err, reason)
	}
	for _, priority := range []int{0, -1, 10000} {
		require.ErrorContains(t, site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "x", Priority: priority,
			Groups: []string{clientagent.GroupMetered}}), "priority")
	}
	require.ErrorContains(t, site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "x", Priority: 1}), "without a group")
}

// Each value of a client comes from the settings that a walk over all of them by hand finds.
func TestResultantSettingsEqualASlowSearch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := t.Context()
		site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: newRecords(), Compliance: newReports()})
		require.NoError(t, err)
		_, err = updatepoint.InProcess(site).Register(ctx, clientagent.Registration{ClientID: pc1, Name: "pc1"})
		require.NoError(t, err)
		require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
		for i := range 3 {
			c := updatepoint.Collection{Name: fmt.Sprint("c", i)}
			if rapid.Bool().Draw(t, "member") {
				c.Members = []string{pc1}
			}
			require.NoError(t, site.PutCollection(ctx, c))
		}
		priorities := rapid.Permutation([]int{1, 2, 3, 50, 9999}).Draw(t, "priorities")
		groups := []string{clientagent.GroupSoftwareUpdates, clientagent.GroupStateMessaging}
		for i := range rapid.IntRange(0, 4).Draw(t, "count") {
			c := updatepoint.CustomSettings{Name: fmt.Sprint("s", i), Priority: priorities[i], Settings: clientagent.DefaultSettings(),
				Groups:      rapid.SliceOfNDistinct(rapid.SampledFrom(groups), 1, 2, rapid.ID).Draw(t, "groups"),
				Collections: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"c0", "c1", "C2", "all systems"}), rapid.ID).Draw(t, "collections")}
			c.Settings.ScanInterval = time.Duration(priorities[i]) * 24 * time.Hour % (300 * 24 * time.Hour)
			c.Settings.ScanInterval += 24 * time.Hour
			c.Settings.StateMessageInterval = time.Duration(priorities[i]) * time.Minute
			require.NoError(t, site.PutCustomSettings(ctx, c))
		}
		all, err := site.CustomSettings(ctx)
		require.NoError(t, err)
		want := clientagent.DefaultSettings()
		member := map[string]bool{"all systems": true}
		collections, err := site.Collections(ctx)
		require.NoError(t, err)
		for _, c := range collections {
			member[c.Name] = len(c.Members) > 0
			if c.Name == "c2" {
				member["C2"] = member["c2"]
			}
		}
		wins := func(group string) *updatepoint.CustomSettings {
			var best *updatepoint.CustomSettings
			for i, c := range all {
				reaches, has := false, false
				for _, name := range c.Collections {
					reaches = reaches || member[name]
				}
				for _, name := range c.Groups {
					has = has || name == group
				}
				if reaches && has && (best == nil || c.Priority < best.Priority) {
					best = &all[i]
				}
			}
			return best
		}
		if c := wins(clientagent.GroupSoftwareUpdates); c != nil {
			want.ScanInterval = c.Settings.ScanInterval
		}
		if c := wins(clientagent.GroupStateMessaging); c != nil {
			want.StateMessageInterval = c.Settings.StateMessageInterval
		}
		settings, err := site.ResultantSettings(ctx, pc1)
		require.NoError(t, err)
		require.Equal(t, want, settings)
	})
}

// What a caller does to settings that it has put or got is no change at the site: the policy would else differ from its ETag.
func TestTheSiteKeepsItsOwnSettings(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	fresh := func() clientagent.Settings {
		s := clientagent.DefaultSettings()
		s.ScanSchedule = clientagent.Daily(7, time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
		s.EvaluationSchedule = clientagent.Daily(7, time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC))
		s.Scan.WSUSScanRetryCodes = []int32{clientagent.CodeCannotConnect}
		return s
	}
	spoil := func(s clientagent.Settings, err error) {
		require.NoError(t, err)
		s.ScanSchedule[0].UTC, s.EvaluationSchedule[0].UTC, s.Scan.WSUSScanRetryCodes[0] = true, true, 0
	}
	client := uuid.NewSHA1(uuid.NameSpaceOID, []byte("pc1")).String()
	for _, put := range []func(clientagent.Settings) error{
		func(s clientagent.Settings) error { return site.EnableClientAgent(t.Context(), s) },
		func(s clientagent.Settings) error {
			return site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "custom", Priority: 1, Settings: s,
				Groups: []string{clientagent.GroupSoftwareUpdates}, Collections: []string{updatepoint.AllSystems}})
		},
	} {
		give := fresh()
		spoil(give, put(give))
		require.Equal(t, fresh(), policyOf(t, site, "pc1").Settings, "what was put")
		spoil(policyOf(t, site, "pc1").Settings, nil)
		require.Equal(t, fresh(), policyOf(t, site, "pc1").Settings, "a policy")
		spoil(site.ClientAgent(t.Context()))
		spoil(site.ResultantSettings(t.Context(), client))
		all, err := site.CustomSettings(t.Context())
		require.NoError(t, err)
		for _, c := range all {
			spoil(c.Settings, nil)
		}
		require.Equal(t, fresh(), policyOf(t, site, "pc1").Settings, "what was asked for")
	}
}
