package iis_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// readFixture reads a composed configuration and the same as other editors would have left it.
func readFixture(t testing.TB, name string) map[string][]byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "read", name))
	require.NoError(t, err)
	return rewritings(string(data))
}

// The effective flags of composed files, worked out by hand; lines are those of the files in testdata/read.
func TestAccessOfComposed(t *testing.T) {
	const (
		wsus    = "wsus.config"
		shared  = "default-web-site.config"
		ssl     = iis.Ssl
		deny    = `overrideModeDefault="Deny"`
		nothing = ""
	)
	for _, c := range []struct {
		file, path string
		flags      iis.SSLFlags
		from, lock string
	}{
		{wsus, "", 0, "line 86", deny},
		{wsus, "WSUS Administration", 0, "line 86", deny}, // the location for it is in the header comment
		{wsus, "WSUS Administration/ApiRemoting30", ssl, `line 92 (location "Wsus Administration/ApiRemoting30")`, deny},
		{wsus, "wsus administration/APIREMOTING30/", ssl, `line 92 (location "Wsus Administration/ApiRemoting30")`, deny},
		{wsus, "WSUS Administration/ApiRemoting30/bin", ssl, `line 92 (location "Wsus Administration/ApiRemoting30")`, deny},
		{wsus, "WSUS Administration/ApiRemoting3", 0, "line 86", deny}, // a shorter name is no place above
		{wsus, "WSUS Administration/ClientWebService", ssl | iis.Ssl128, `line 102 (location "WSUS ADMINISTRATION/clientwebservice")`, deny},
		{wsus, "WSUS Administration/DssAuthWebService", ssl, `line 109 (location "Wsus Administration/DssAuthWebService")`, deny},
		{wsus, "WSUS Administration/ServerSyncWebService", ssl | iis.SslNegotiateCert | iis.SslRequireCert,
			`line 116 (location "Wsus Administration/ServerSyncWebService")`, deny},
		{wsus, "WSUS Administration/SimpleAuthWebService", 0, "line 86", deny}, // a section without the attribute states nothing
		{wsus, "WSUS Administration/Content", 0, "line 86", deny},              // a location with other sections
		{wsus, "WSUS Administration/SelfUpdate", 0, "line 86", deny},
		{wsus, "Default Web Site", 0, "line 86", deny},

		// path="." is the whole server, whatever the order in the file.
		{shared, "", iis.Ssl128, "line 75", `overrideMode="Deny"`},
		{shared, "Default Web Site", ssl, `line 47 (location "Default Web Site")`, `overrideMode="Deny"`},
		{shared, "Default Web Site/Inventory", ssl, `line 47 (location "Default Web Site")`, `overrideMode="Deny"`}, // inherited
		{shared, "Default Web Site/ClientWebService", ssl, `line 47 (location "Default Web Site")`, `overrideMode="Deny"`},
		{shared, "Default Web Site/Content", 0, `line 54 (location "Default Web Site/Content")`, `overrideMode="Deny"`},
		{shared, "Default Web Site/Shop", iis.SslNegotiateCert, `line 61 (location "Default Web Site/Shop")`, nothing},
		{shared, "Default Web Site/Shop/Admin", iis.SslNegotiateCert, `line 61 (location "Default Web Site/Shop")`, nothing},
		{shared, "Default Web Site/Shop/Content", iis.SslNegotiateCert, `line 61 (location "Default Web Site/Shop")`, `overrideMode="Deny"`},
	} {
		for style, data := range readFixture(t, c.file) {
			access, err := parsed(t, data).Access(c.path)
			require.NoError(t, err, "%s %s %s", c.file, style, c.path)
			require.Equal(t, c.flags, access.Flags, "%s %s %s", c.file, style, c.path)
			require.Equal(t, c.from, access.From.String(), "%s %s %s", c.file, style, c.path)
			require.Equal(t, c.lock, access.Lock, "%s %s %s", c.file, style, c.path)
			require.Equal(t, c.lock != nothing, access.Locked)
		}
	}
}

func TestSiteOfComposed(t *testing.T) {
	for style, data := range readFixture(t, "wsus.config") {
		c := parsed(t, data)
		require.Equal(t, data, c.Bytes(), style)
		site, ok := c.Site("WSUS ADMINISTRATION")
		require.True(t, ok, style)
		require.Equal(t, "Wsus Administration", site.Name)
		require.Equal(t, uint32(1290455101), site.ID)
		require.True(t, site.ServerAutoStart)
		pair, err := site.Ports()
		require.NoError(t, err)
		require.Equal(t, ports.Custom, pair)
		other, _ := c.Site("Default Web Site")
		require.False(t, other.ServerAutoStart)
		require.Equal(t, "DefaultAppPool", other.Applications[0].Pool)
		_, ok = c.Site("WSUS")
		require.False(t, ok)

		for path, want := range map[string]struct {
			application, virtual, physical, pool string
		}{
			"/":                     {"/", "/", `C:\Program Files\Update Services\WebServices\Root\`, "WsusPool"},
			"/content":              {"/", "/Content", `D:\WSUS\WsusContent\`, "WsusPool"},
			"/Content/AB/CD.cab":    {"/", "/Content", `D:\WSUS\WsusContent\AB\CD.cab`, "WsusPool"},
			"/Contents":             {"/", "/", `C:\Program Files\Update Services\WebServices\Root\Contents`, "WsusPool"},
			"/clientWEBservice":     {"/ClientWebService", "/", `C:\Program Files\Update Services\WebServices\ClientWebService\`, "WsusPool"},
			"/ClientWebService/bin": {"/ClientWebService", "/", `C:\Program Files\Update Services\WebServices\ClientWebService\bin`, "WsusPool"},
		} {
			folder, ok := site.Folder(path)
			require.True(t, ok, path)
			require.Equal(t, want.application, folder.Application.Path, path)
			require.Equal(t, want.virtual, folder.VirtualDirectory.Path, path)
			require.Equal(t, want.physical, folder.PhysicalPath(), path)
			require.Equal(t, want.pool, folder.Application.Pool, path)
		}
		content, _ := site.Folder("/Content")
		require.True(t, content.IsVirtualDirectory())
		require.False(t, content.IsApplication())
		client, _ := site.Folder("/ClientWebService")
		require.True(t, client.IsApplication())
		require.Equal(t, "http,net.pipe", client.Application.EnabledProtocols, "from the applicationDefaults of the site")
	}
}

func TestPoolsOfComposed(t *testing.T) {
	for style, data := range readFixture(t, "wsus.config") {
		c := parsed(t, data)
		require.Len(t, c.AppPools(), 2)
		pool, ok := c.AppPool("wsuspool")
		require.True(t, ok)
		require.Equal(t, iis.AppPool{
			Name: "WsusPool", QueueLength: 2000, AutoStart: true, StartMode: "OnDemand", ManagedRuntimeVersion: "v4.0",
			ManagedPipelineMode: "Classic", IdentityType: "NetworkService", PrivateMemory: 1843200, RestartTime: 29 * time.Hour,
			RapidFailProtection: true, LoadBalancerCapabilities: "HttpLevel", CPUAction: "NoAction", CPUResetInterval: 15 * time.Minute,
			Line: 25,
		}, pool, style)
		pool, _ = c.AppPool("DefaultAppPool")
		require.Equal(t, uint32(1500), pool.QueueLength)
		require.Equal(t, "ApplicationPoolIdentity", pool.IdentityType, "a number is a name")
		require.Equal(t, 20*time.Minute, pool.IdleTimeout)
		require.True(t, pool.PingingEnabled)
	}
}

// What is returned is the caller's own.
func TestSitesAreCopies(t *testing.T) {
	c := parsed(t, readFixture(t, "wsus.config")["LF"])
	sites := c.Sites()
	sites[1].Bindings[0].Port = 1
	sites[1].Applications[0].VirtualDirectories[0].PhysicalPath = "elsewhere"
	c.AppPools()[0].Name = "another"
	require.Equal(t, 8530, c.Sites()[1].Bindings[0].Port)
	require.NotEqual(t, "elsewhere", c.Sites()[1].Applications[0].VirtualDirectories[0].PhysicalPath)
	require.Equal(t, "DefaultAppPool", c.AppPools()[0].Name)
}
