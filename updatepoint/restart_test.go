package updatepoint_test

import (
	"context"
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

// view is all that a site tells of itself.
type view struct {
	Systems     []string
	Clients     []updatepoint.Client
	Collections []updatepoint.Collection
	Deployments []updatepoint.Deployment
	Updates     []updatepoint.Update
	Agent       clientagent.Settings
	Custom      []updatepoint.CustomSettings
	Sync        updatepoint.SyncStatus
	Status      []updatepoint.StatusMessage
	Installed   bool
}

func look(t require.TestingT, site *updatepoint.Site) view {
	ctx := context.Background()
	var v view
	systems, err := site.SiteSystems(ctx)
	require.NoError(t, err)
	for _, s := range systems {
		v.Systems = append(v.Systems, fmt.Sprint(s.Name, s.Added, len(s.Roles)))
	}
	v.Clients, err = site.Clients(ctx)
	require.NoError(t, err)
	v.Collections, err = site.Collections(ctx)
	require.NoError(t, err)
	v.Agent, err = site.ClientAgent(ctx)
	require.NoError(t, err)
	v.Custom, err = site.CustomSettings(ctx)
	require.NoError(t, err)
	v.Status, err = site.StatusMessages(ctx)
	require.NoError(t, err)
	if v.Deployments, err = site.Deployments(ctx); err != nil {
		require.ErrorIs(t, err, updatepoint.ErrNoSoftwareUpdatePoint)
		return v
	}
	v.Installed = true
	v.Updates, err = site.Updates(ctx)
	require.NoError(t, err)
	v.Sync, err = site.SyncStatus(ctx)
	require.NoError(t, err)
	return v
}

// Whatever was done, a site that is opened again on the same store is the one that was closed.
func TestAnyHistorySurvivesARestart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		store, kept := newRecords(), newReports()
		open := func() *updatepoint.Site {
			site, err := updatepoint.NewSite(ctx, "LAB", updatepoint.Config{Store: store, Compliance: kept})
			require.NoError(t, err)
			return site
		}
		site, far := open(), newRemote()
		number := rapid.ByteRange(1, 6)
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) { require.Equal(t, look(t, site), look(t, open())) },
			"restart": func(*rapid.T) {
				site = open()
			},
			"add": func(t *rapid.T) {
				// Nobody answers at that name, so the channel has a fault; the role is there all the same.
				_, err := site.AddSoftwareUpdatePoint(ctx, updatepoint.Settings{Server: server, WSUS: far, Ports: ports.Custom, Dial: nobody})
				require.NoError(t, err)
			},
			"remove":  func(*rapid.T) { _ = site.RemoveSoftwareUpdatePoint(ctx) },
			"enable":  func(t *rapid.T) { require.NoError(t, site.EnableClientAgent(ctx, clientagent.DefaultSettings())) },
			"disable": func(t *rapid.T) { require.NoError(t, site.DisableClientAgent(ctx)) },
			"register": func(t *rapid.T) {
				_, _ = updatepoint.InProcess(site).Register(ctx, clientagent.Registration{
					ClientID: id(number.Draw(t, "client")).String(), Name: "pc"})
			},
			"collection": func(t *rapid.T) {
				require.NoError(t, site.PutCollection(ctx, updatepoint.Collection{
					Name: fmt.Sprint("c", number.Draw(t, "collection")), Members: []string{fmt.Sprint(number.Draw(t, "member"))}}))
			},
			"custom": func(t *rapid.T) {
				_ = site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: fmt.Sprint("s", number.Draw(t, "settings")),
					Priority: int(number.Draw(t, "priority")), Groups: []string{clientagent.GroupSoftwareUpdates},
					Settings: clientagent.DefaultSettings(), Collections: []string{fmt.Sprint("c", number.Draw(t, "collection"))}})
			},
			"default": func(t *rapid.T) { _ = site.RemoveCustomSettings(ctx, fmt.Sprint("S", number.Draw(t, "settings"))) },
			"drop":    func(t *rapid.T) { _ = site.RemoveCollection(ctx, fmt.Sprint("C", number.Draw(t, "collection"))) },
			"deploy": func(t *rapid.T) {
				d := updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(number.Draw(t, "update"))}, Collection: updatepoint.AllSystems}
				if rapid.Bool().Draw(t, "required") {
					d.Deadline = time.Now().Add(time.Hour)
				}
				_, _ = site.Deploy(ctx, d)
			},
			"synchronize": func(t *rapid.T) {
				far.set(update(number.Draw(t, "first"), "First"), update(number.Draw(t, "second"), "Second"))
				_ = site.Synchronize(ctx)
			},
		})
	})
}

// A store of before the WSUS server's state had a name kept the number of its generation. It opens, its content version goes on, and the
// next synchronization takes the catalogue over once more.
func TestStoreWithANumberedCatalogue(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"))
	require.NoError(t, store.Put(t.Context(), map[string][]byte{"sync": []byte(`{"ContentVersion":4,"LastState":6702,` +
		`"LastStateTime":"2026-11-25T12:00:00Z","LastSuccess":"2026-11-25T12:00:00Z","LastError":"","Catalog":1,"Holds":true}`)}))
	site = openSite(t, updatepoint.MixedMode, store, newReports())
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: h, Ports: ports.Custom})
	require.NoError(t, err)
	require.EqualValues(t, 4, contentVersion(t, site))
	require.NoError(t, site.Synchronize(t.Context()))
	require.EqualValues(t, 5, contentVersion(t, site))
	require.NoError(t, site.Synchronize(t.Context()))
	require.EqualValues(t, 5, contentVersion(t, site), "nothing has changed")
}
