package updatepoint_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

func window(id string, hours int) clientagent.ServiceWindow {
	w := clientagent.DefaultServiceWindow(time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
	w.ID, w.Schedule = id, w.Schedule.Lasting(time.Duration(hours)*time.Hour)
	return w
}

// policyOf is what a client of that name gets.
func policyOf(t *testing.T, site *updatepoint.Site, name string) clientagent.Policy {
	t.Helper()
	way := updatepoint.InProcess(site)
	id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(name)).String()
	token, err := way.Register(t.Context(), clientagent.Registration{ClientID: id, Name: name, Secret: strings.Repeat(name[len(name)-1:], 32)})
	require.NoError(t, err)
	p, err := way.Policy(t.Context(), token, "")
	require.NoError(t, err)
	require.NoError(t, p.Validate())
	return p
}

// A client gets the windows of every collection that it is in, through a restart of the site.
func TestClientsGetTheWindowsOfTheirCollections(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	put := func(c updatepoint.Collection) error { return site.PutCollection(t.Context(), c) }
	require.NoError(t, put(updatepoint.Collection{Name: "B", Members: []string{"pc1", "pc2"}, ServiceWindows: clientagent.ServiceWindows{window("b", 2)}}))
	require.NoError(t, put(updatepoint.Collection{Name: "a", Members: []string{"pc1"}, ServiceWindows: clientagent.ServiceWindows{window("a", 3), window("", 24)}}))

	err := put(updatepoint.Collection{Name: "c", ServiceWindows: clientagent.ServiceWindows{window("a", 3)}})
	require.ErrorContains(t, err, "another id")
	require.ErrorContains(t, put(updatepoint.Collection{Name: "c", ServiceWindows: clientagent.ServiceWindows{window("d", 25), {ID: "d"}}}), "25h")
	require.ErrorContains(t, put(updatepoint.Collection{Name: updatepoint.AllSystems, ServiceWindows: clientagent.ServiceWindows{window("d", 3)}}), "All Systems")
	many := make(clientagent.ServiceWindows, clientagent.MaxServiceWindows-2)
	for i := range many {
		many[i] = window("", 1)
	}
	require.ErrorContains(t, put(updatepoint.Collection{Name: "c", ServiceWindows: many}), "at most 500")

	for range 2 {
		windows := policyOf(t, site, "pc1").ServiceWindows
		require.Len(t, windows, 3)
		require.Equal(t, []string{"a", "b"}, []string{windows[0].ID, windows[2].ID}, "by collection")
		require.NoError(t, uuid.Validate(windows[1].ID), "one without id got one")
		require.Len(t, policyOf(t, site, "pc2").ServiceWindows, 1)
		require.Empty(t, policyOf(t, site, "pc3").ServiceWindows)
		site = openSite(t, updatepoint.MixedMode, store, newReports())
	}
}

// Whoever hands windows over or gets them may change them; the site keeps its own.
func TestTheSiteKeepsItsOwnWindows(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	given := clientagent.ServiceWindows{window("a", 3)}
	require.NoError(t, site.PutCollection(t.Context(), updatepoint.Collection{Name: "A", Members: []string{"pc1"}, ServiceWindows: given}))
	spoil := func(windows clientagent.ServiceWindows) {
		require.Equal(t, 3*time.Hour, windows[0].Schedule[0].Duration)
		windows[0].ID, windows[0].Schedule[0].Duration = "spoilt", time.Hour
	}
	spoil(given)
	spoil(policyOf(t, site, "pc1").ServiceWindows)
	collections, err := site.Collections(t.Context())
	require.NoError(t, err)
	spoil(collections[0].ServiceWindows)
	require.Equal(t, clientagent.ServiceWindows{window("a", 3)}, policyOf(t, site, "pc1").ServiceWindows)
}

// §5.3: presets by classification, a range of 5 to 9999 minutes, and only what clients cannot know is told.
func TestMaximumRunTimes(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	upgrade := update(2, "Two")
	upgrade.Classification = "Upgrades"
	withPoint(t, site, update(1, "One"), upgrade, update(3, "Three"), upgrade)
	ctx := t.Context()
	require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	_, err := site.Deploy(ctx, updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1), id(2), id(3)}, Collection: updatepoint.AllSystems})
	require.NoError(t, err)
	require.ErrorIs(t, site.SetMaxRunTime(ctx, id(9), time.Hour), updatepoint.ErrUnknownUpdate)
	for _, bad := range []time.Duration{4 * time.Minute, 10000 * time.Minute, 5*time.Minute + time.Second, -time.Minute} {
		require.ErrorContains(t, site.SetMaxRunTime(ctx, id(3), bad), "5 to 9999")
	}
	require.NoError(t, site.SetMaxRunTime(ctx, id(3), 9999*time.Minute))
	for n, want := range map[byte]time.Duration{1: 10 * time.Minute, 2: time.Hour, 3: 9999 * time.Minute} {
		limit, err := site.MaxRunTime(ctx, id(n))
		require.NoError(t, err)
		require.Equal(t, want, limit)
	}
	site = openSite(t, updatepoint.MixedMode, store, newReports())
	require.Equal(t, map[uuid.UUID]time.Duration{id(2): time.Hour, id(3): 9999 * time.Minute}, policyOf(t, site, "pc1").MaxRunTimes)
	require.NoError(t, site.SetMaxRunTime(ctx, id(3), 0), "back to the preset")
	require.Equal(t, map[uuid.UUID]time.Duration{id(2): time.Hour}, policyOf(t, site, "pc1").MaxRunTimes)
}

// Fields of §5.4 reach the client, and what does not go with the type of the deployment is refused by name, all at once.
func TestDeploymentOptions(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	d := updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems}
	d.DeploymentOptions = clientagent.DeploymentOptions{LocalTime: true, UserExperience: clientagent.HideAll, SuppressReboot: clientagent.SuppressServers,
		OverrideServiceWindows: true, RebootOutsideOfServiceWindows: true, SoftDeadlineEnabled: true, RandomizationEnabled: true, Automatic: true}
	_, err := site.Deploy(t.Context(), d)
	for _, reason := range []string{"installing outside", "restarting outside", "grace period", "randomization", "hiding"} {
		require.ErrorContains(t, err, reason)
	}
	d.Deadline = time.Now().Add(time.Hour)
	bad := d
	bad.PreDownload, bad.UserExperience, bad.SuppressReboot = true, 3, 4
	_, err = site.Deploy(t.Context(), bad)
	for _, reason := range []string{"pre-download", "user experience 3", "suppression 4"} {
		require.ErrorContains(t, err, reason)
	}
	made, err := site.Deploy(t.Context(), d)
	require.NoError(t, err)
	require.Equal(t, d.DeploymentOptions, made.DeploymentOptions)
	site = openSite(t, updatepoint.MixedMode, store, newReports())
	require.Equal(t, d.DeploymentOptions, policyOf(t, site, "pc1").Deployments[0].DeploymentOptions)

	d.ID, d.Disabled = made.ID, true
	_, err = site.Deploy(t.Context(), d)
	require.NoError(t, err)
	require.Empty(t, policyOf(t, site, "pc1").Deployments)
}

// A window that is not longer than the countdown of restarts is taken, and warned of, whichever of the two came first.
func TestTheSiteWarnsOfWindowsThatAreTooShort(t *testing.T) {
	var log strings.Builder
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Mode: updatepoint.MixedMode, Store: newRecords(), Compliance: newReports(),
		Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	require.NoError(t, err)
	warned := func(says ...string) {
		t.Helper()
		require.Equal(t, len(says), strings.Count(log.String(), "\n"), log.String())
		for _, one := range says {
			require.Contains(t, log.String(), one)
		}
		log.Reset()
	}
	require.NoError(t, site.PutCollection(t.Context(), updatepoint.Collection{Name: "Nights", ServiceWindows: clientagent.ServiceWindows{window("a", 3)}}))
	warned()
	require.NoError(t, site.PutCollection(t.Context(), updatepoint.Collection{Name: "Noon", ServiceWindows: clientagent.ServiceWindows{window("b", 1)}}))
	warned("collection=Noon")
	settings := clientagent.DefaultSettings()
	settings.ComputerRestart.Countdown = 30 * time.Minute
	require.NoError(t, site.EnableClientAgent(t.Context(), settings))
	warned()
	settings.ComputerRestart.Countdown = 5 * time.Hour
	require.NoError(t, site.PutCustomSettings(t.Context(), updatepoint.CustomSettings{Name: "Patient", Priority: 1,
		Groups: []string{clientagent.GroupComputerRestart}, Settings: settings}))
	warned("collection=Nights custom=Patient", "collection=Noon custom=Patient")
}
