package updatepoint_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Whatever is done at the site, a client that is told that nothing has changed holds what a site that was opened anew would compose; and the
// version of what it gets never falls.
func TestUnchangedPolicyIsReallyUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		store := newRecords()
		open := func() *updatepoint.Site {
			site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: store, Compliance: newReports()})
			require.NoError(t, err)
			return site
		}
		site, far := open(), newRemote()
		token, err := updatepoint.InProcess(site).Register(ctx, clientagent.Registration{ClientID: pc1, Name: "pc1", Secret: secretOf(pc1)})
		require.NoError(t, err)
		number := rapid.IntRange(1, 3)
		var held clientagent.Policy
		name := func(what string) string { return fmt.Sprint(what, number.Draw(t, what)) }
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				p, err := updatepoint.InProcess(site).Policy(ctx, token, held.ETag)
				switch {
				case errors.Is(err, clientagent.ErrNotReady):
					return
				case errors.Is(err, clientagent.ErrNotModified):
				default:
					require.NoError(t, err)
					require.NotEqual(t, held.ETag, p.ETag)
					require.GreaterOrEqual(t, p.Version, held.Version)
					held = p
				}
				fresh, err := updatepoint.InProcess(open()).Policy(ctx, token, "")
				require.NoError(t, err)
				fresh.Version = held.Version
				require.Equal(t, fresh, held)
			},
			"restart": func(*rapid.T) { site = open() },
			"add": func(t *rapid.T) {
				p := ports.Custom
				if rapid.Bool().Draw(t, "other ports") {
					p = ports.Default
				}
				_, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{Server: server, WSUS: far, Ports: p, Dial: nobody})
				require.NoError(t, err)
			},
			"remove":  func(*rapid.T) { _ = site.RemoveSoftwareUpdatePoint(ctx) },
			"enable":  func(t *rapid.T) { require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings())) },
			"disable": func(t *rapid.T) { require.NoError(t, site.DisableClientAgent(ctx)) },
			"rename": func(t *rapid.T) {
				_, err := updatepoint.InProcess(site).Register(ctx, clientagent.Registration{ClientID: pc1, Name: name("pc"), Token: token})
				require.NoError(t, err)
			},
			"collection": func(t *rapid.T) {
				require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: name("c"), Members: []string{name("pc")}}))
			},
			"drop": func(t *rapid.T) { _ = site.RemoveCollection(ctx, name("c")) },
			"custom": func(t *rapid.T) {
				c := updatepoint.CustomSettings{Name: name("s"), Priority: number.Draw(t, "priority"), Groups: clientagent.SettingsGroups(),
					Settings: clientagent.DefaultSettings(), Collections: []string{name("c")}}
				c.Settings.ScanInterval = time.Duration(number.Draw(t, "days")) * 24 * time.Hour
				_ = site.PutCustomSettings(ctx, c)
			},
			"default again": func(t *rapid.T) { _ = site.RemoveCustomSettings(ctx, name("s")) },
			"switch":        func(t *rapid.T) { _, _ = site.SwitchToNextSoftwareUpdatePoint(ctx, name("c")) },
			"deploy": func(t *rapid.T) {
				_, _ = site.Deploy(ctx, updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(byte(number.Draw(t, "update")))},
					Collection: name("c"), Deadline: time.Now().Add(time.Hour)})
			},
			"withdraw": func(t *rapid.T) {
				if all, err := site.Deployments(ctx); err == nil && len(all) > 0 {
					require.NoError(t, site.RemoveDeployment(ctx, all[0].ID))
				}
			},
			"synchronize": func(t *rapid.T) {
				far.set(update(byte(number.Draw(t, "first")), "First"), update(byte(number.Draw(t, "second")), "Second"))
				_ = site.Synchronize(ctx)
			},
		})
	})
}

func secretOf(id string) string { return id + id }

// What changes for others is no change for a client, and what concerns nobody's policy does not count as a version.
func TestPolicyVersionAndETag(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	ctx := t.Context()
	require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings()))
	one, two := register(t, site, pc1, "pc1"), register(t, site, pc2, "pc2")
	way := updatepoint.InProcess(site)
	first, err := way.Policy(ctx, one, "")
	require.NoError(t, err)
	require.Positive(t, first.Version)
	others, err := way.Policy(ctx, two, "")
	require.NoError(t, err)
	require.Equal(t, first.Version, others.Version)

	require.NoError(t, site.Synchronize(ctx))
	require.NoError(t, site.AddSiteSystem(ctx, "server02.lab.example"))
	again, err := way.Policy(ctx, one, "")
	require.NoError(t, err)
	require.Equal(t, first.Version, again.Version, "a synchronization without news, and a site system")

	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "Pilot", Members: []string{"pc2"}}))
	_, err = site.Deploy(ctx, updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: "Pilot"})
	require.NoError(t, err)
	_, err = way.Policy(ctx, one, first.ETag)
	require.ErrorIs(t, err, clientagent.ErrNotModified)
	others, err = way.Policy(ctx, two, others.ETag)
	require.NoError(t, err)
	require.Equal(t, first.Version+2, others.Version)
	same, err := updatepoint.InProcess(openSite(t, updatepoint.MixedMode, store, newReports())).Policy(ctx, two, "")
	require.NoError(t, err)
	require.Equal(t, others, same, "after a restart")
}

// The notification reaches those who are in the collection now, each time anew.
func TestSwitchToNextSoftwareUpdatePoint(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	ctx := t.Context()
	_, err := site.SwitchToNextSoftwareUpdatePoint(ctx, updatepoint.AllSystems)
	require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
	withPoint(t, site)
	one, two := register(t, site, pc1, "pc1"), register(t, site, pc2, "pc2")
	require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{Name: "Pilot", Members: []string{"pc1"}}))
	_, err = site.SwitchToNextSoftwareUpdatePoint(ctx, "Nowhere")
	require.ErrorIs(t, err, updatepoint.ErrUnknownCollection)
	numbers := map[int64]bool{0: true}
	way := updatepoint.InProcess(site)
	for _, collection := range []string{"pilot", "Pilot", "all systems"} {
		clients, err := site.SwitchToNextSoftwareUpdatePoint(ctx, collection)
		require.NoError(t, err)
		p, err := way.Policy(ctx, one, "")
		require.NoError(t, err)
		require.False(t, numbers[p.SwitchPoint], "a number of its own")
		numbers[p.SwitchPoint] = true
		others, err := way.Policy(ctx, two, "")
		require.NoError(t, err)
		require.Equal(t, map[int]bool{1: false, 2: true}[clients], others.SwitchPoint != 0)
	}
}
