package updatepoint_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

func newServer(t *testing.T, db *memory.DB) *wsus.Server {
	t.Helper()
	s, err := wsus.NewServer(t.Context(), wsus.Config{Store: db.WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	return s
}

// The sample catalogue, through our own server, into the site: what the server offers is what the site has.
func TestLocalServerIsSynchronized(t *testing.T) {
	db := memory.Open()
	s := newServer(t, db)
	_, err := s.Import(t.Context(), catalog.Files())
	require.NoError(t, err)
	site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Store: db.Site(), Compliance: db.Compliance()})
	require.NoError(t, err)
	_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: updatepoint.Local(s), Ports: ports.Custom})
	require.NoError(t, err)
	require.Equal(t, "http://wsus01.lab.example:8530", s.Setup().URL(), "the health monitoring component is informed")
	require.NoError(t, site.Synchronize(t.Context()))

	offered := map[uuid.UUID]wsus.Update{}
	for u, err := range s.Updates(t.Context(), wsus.Query{IncludeExpired: true}) {
		require.NoError(t, err)
		offered[u.ID] = u
	}
	updates, err := site.Updates(t.Context())
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(updates), 25)
	require.Len(t, updates, len(offered))
	for _, u := range updates {
		o := offered[u.ID]
		require.Equal(t, updatepoint.Update{ID: o.ID, Revision: o.Revision, Title: o.Title, KB: o.KBArticleID, Severity: o.MsrcSeverity,
			Classification: o.ClassificationTitle, Expired: o.Expired, Superseded: o.Superseded, Since: 1}, u)
	}
}

// All nine roots over both schemes in both modes, on the listeners that Run builds from the settings of the point.
func TestNineRootsOfALocalServer(t *testing.T) {
	for mode, settings := range map[updatepoint.Mode]func(*ssl.CA) ssl.Settings{
		updatepoint.NativeMode: func(ca *ssl.CA) ssl.Settings { return ssl.Required(ca.GetCertificate) },
		updatepoint.MixedMode:  func(ca *ssl.CA) ssl.Settings { return ssl.Offered(ca.GetCertificate) },
	} {
		t.Run(mode.String(), func(t *testing.T) {
			db := memory.Open()
			site, err := updatepoint.NewSite(t.Context(), "LAB", updatepoint.Config{Mode: mode, Store: db.Site(), Compliance: db.Compliance()})
			require.NoError(t, err)
			ca, plain, secure := newCA(t), listener(t), listener(t)
			_, err = site.AddSoftwareUpdatePoint(t.Context(), updatepoint.Settings{Server: server, WSUS: updatepoint.Local(newServer(t, db)),
				Ports: ports.Custom, SSL: settings(ca), Roots: ca.Pool(), Plain: plain, Secure: secure})
			require.NoError(t, err)
			run(t, site)
			eventually(t, site, func(c updatepoint.Channel) bool { return c.State == updatepoint.ConfigSuccess && c.Reason == "" })
			client := clientOf(t, ca.Pool(), plain, secure)
			defer client.CloseIdleConnections()
			for _, root := range ssl.Roots() {
				for _, base := range []string{"http://wsus01.lab.example:8530", "https://wsus01.lab.example:8531"} {
					answer, err := client.Get(base + root.Service)
					require.NoError(t, err)
					require.NoError(t, answer.Body.Close())
					closed := mode == updatepoint.NativeMode && root.RequireSSL && base[:5] == "http:"
					require.Equal(t, closed, answer.StatusCode == http.StatusForbidden, "%s at %s: %s", root.Name, base, answer.Status)
					require.NotEqual(t, http.StatusNotFound, answer.StatusCode, root.Name)
				}
			}
		})
	}
}
