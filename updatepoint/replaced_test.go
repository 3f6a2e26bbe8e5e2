package updatepoint_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
)

// titles are those of the site's updates.
func titles(t *testing.T, site *updatepoint.Site) []string {
	t.Helper()
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	var all []string
	for _, u := range updates {
		all = append(all, u.Title)
	}
	return all
}

func localSite(t *testing.T, server *wsus.Server) *updatepoint.Site {
	t.Helper()
	db := memory.Open()
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance()})
	require.NoError(t, err)
	attach(t, site, server)
	return site
}

func attach(t *testing.T, site *updatepoint.Site, local *wsus.Server) {
	t.Helper()
	_, err := site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: updatepoint.Local(local), Ports: ports.Custom})
	require.NoError(t, err)
	require.NoError(t, site.Synchronize(t.Context()))
}

// What the administrator of the WSUS server declines is gone from the site, and back when it is approved again.
func TestDeclinedUpdatesLeaveTheSite(t *testing.T) {
	local := newServer(t, memory.Open())
	_, err := local.Import(t.Context(), catalog.Files())
	require.NoError(t, err)
	site := localSite(t, local)
	var declined wsus.Update
	for u, err := range local.Updates(t.Context(), wsus.Query{Text: "9900125"}) {
		require.NoError(t, err)
		declined = u
	}
	require.Contains(t, titles(t, site), declined.Title)
	require.NoError(t, local.Decline(t.Context(), declined.ID))
	require.NoError(t, site.Synchronize(t.Context()))
	require.NotContains(t, titles(t, site), declined.Title)
	require.NoError(t, local.Approve(t.Context(), declined.ID, wsus.Install, wsus.AllComputers))
	require.NoError(t, site.Synchronize(t.Context()))
	require.Contains(t, titles(t, site), declined.Title)
}

// A new WSUS server in the place of the old one counts its generations from one again; its catalogue is taken over all the same.
func TestReplacedWSUSIsTakenOver(t *testing.T) {
	whole, part := newServer(t, memory.Open()), newServer(t, memory.Open())
	_, err := whole.Import(t.Context(), catalog.Files())
	require.NoError(t, err)
	_, err = part.Import(t.Context(), classifications(t))
	require.NoError(t, err)
	require.Equal(t, whole.CatalogVersion(), part.CatalogVersion())

	site := localSite(t, whole)
	require.NotEmpty(t, titles(t, site))
	attach(t, site, part)
	require.Empty(t, titles(t, site))
}

// classifications are the sample catalogue without anything that can be deployed.
func classifications(t *testing.T) fs.FS {
	t.Helper()
	names, err := fs.Glob(catalog.Files(), "updates/*-classification-*.xml")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	files := fstest.MapFS{}
	for _, name := range names {
		data, err := fs.ReadFile(catalog.Files(), name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}
