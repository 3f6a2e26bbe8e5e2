package iis_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// realFile reads one real configuration; false says that the folder of real files is not there.
func realFile(t testing.TB, name string) ([]byte, bool) {
	t.Helper()
	folder := filepath.Join("..", "..", "..", "shared", "testdata", "iis")
	if _, err := os.Stat(folder); os.IsNotExist(err) {
		return nil, false
	}
	data, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return data, true
}

// What Require SSL comes to in real files, worked out by hand with the files open in an editor. No real file requires SSL anywhere, so
// what the table tells apart is where the value comes from. TestAccessOfComposed does the same with files of our own.
func TestAccessOfRealFiles(t *testing.T) {
	for _, c := range []struct {
		file, path string
		flags      iis.SSLFlags
		from       string
		lockedAt   int
	}{
		// Line 35 has a location in the header comment; the global section is at 405, registered as Deny at 74. The locations at 919
		// (path="") and 1014 to 1088 hold handlers, modules and others, but no access.
		{"c1982-applicationHost.config", "", 0, "line 405", 74},
		{"c1982-applicationHost.config", "Default Web Site", 0, "line 405", 74},
		{"c1982-applicationHost.config", "REDISONCLOUD.COM", 0, "line 405", 74},
		{"c1982-applicationHost.config", "deneme.com/any/folder", 0, "line 405", 74},
		// One site with an application /api and a virtual directory /cdn of the root application; the location at 724 holds one handler.
		{"coso-applicationHost.config", "Supernova", 0, "line 278", 70},
		{"coso-applicationHost.config", "supernova/API", 0, "line 278", 70},
		{"coso-applicationHost.config", "Supernova/cdn", 0, "line 278", 70},
		// Its pair differs in line 157 alone, a binding, which is nothing to access.
		{"coso-applicationHost_SSL.config", "Supernova/api", 0, "line 278", 70},
		// Two sites, one location at 816 with path="".
		{"dorik84-applicationHost.config", "Default Web Site", 0, "line 314", 74},
		{"dorik84-applicationHost.config", "mysite.tbd", 0, "line 314", 74},
		// The location at 809 is for the site itself, and holds something else.
		{"kranza-applicationHost.config", "Default Web Site", 0, "line 312", 74},
		// IIS Express has no access element at all: the schema decides. The locations for WebSite2 (1146 and 1135) hold ipSecurity and
		// authentication below the same system.webServer/security.
		{"jexus-original2.config", "WebSite1", 0, "default", 80},
		{"jexus-original2.config", "WebSite2/help", 0, "default", 80},
		{"jexus-expected.config", "WebSite2", 0, "default", 80},
		{"jexus-expected.config", "WebSite1/test", 0, "default", 80},
	} {
		data, ok := realFile(t, c.file)
		if !ok {
			return
		}
		access, err := parsed(t, data).Access(c.path)
		require.NoError(t, err, "%s %s", c.file, c.path)
		require.Equal(t, c.flags, access.Flags, "%s %s", c.file, c.path)
		require.Equal(t, c.from, access.From.String(), "%s %s", c.file, c.path)
		require.True(t, access.Locked)
		require.Equal(t, iis.Source{Line: c.lockedAt}, access.LockedBy)
		require.Equal(t, `overrideModeDefault="Deny"`, access.Lock)
	}
}

// Sites, bindings and pools of real files, read off by hand.
func TestSitesOfRealFiles(t *testing.T) {
	data, ok := realFile(t, "jexus-original2.config")
	if !ok {
		return
	}
	c := parsed(t, data)
	require.Len(t, c.Sites(), 12)
	site, ok := c.Site("website1")
	require.True(t, ok)
	require.Equal(t, iis.Site{
		Name: "WebSite1", ID: 1, ServerAutoStart: true, Line: 163,
		// The application names no pool; applicationDefaults at line 284 does.
		Applications: []iis.Application{{Path: "/", Pool: "Clr4IntegratedAppPool", EnabledProtocols: "http", Line: 164,
			VirtualDirectories: []iis.VirtualDirectory{{Path: "/", PhysicalPath: `%JEXUS_TEST_HOME%\WebSite1`, AllowSubDirConfig: true, Line: 165}}}},
		Bindings: []iis.Binding{
			{Protocol: "http", Information: ":8080:localhost", Port: 8080, Host: "localhost"},
			{Protocol: "net.tcp", Information: "808:*"},
			{Protocol: "net.msmq", Information: "localhost"},
			{Protocol: "msmq.formatname", Information: "localhost"},
			{Protocol: "net.pipe", Information: "*"},
			{Protocol: "ftp", Information: "*:21:", Address: "*", Port: 21},
			{Protocol: "http", Information: ":8080:*", Port: 8080, Host: "*"},
			{Protocol: "https", Information: ":443:localhost", Port: 443, Host: "localhost"},
			{Protocol: "https", Information: ":44300:*", Port: 44300, Host: "*"},
			{Protocol: "ftp", Information: "*:210:localhost", Address: "*", Port: 210, Host: "localhost"},
			{Protocol: "net.tcp", Information: "*"},
			{Protocol: "net.msmq", Information: "*"},
			{Protocol: "msmq.formatname", Information: "*"},
			{Protocol: "net.pipe", Information: "localhost"},
		},
	}, site)
	guess, _ := c.Site("GuessMeWeb")
	require.Equal(t, uint32(1), guess.Bindings[1].SSLFlags)

	data, _ = realFile(t, "dorik84-applicationHost.config")
	mine, _ := parsed(t, data).Site("mysite.tbd")
	pair, err := mine.Ports()
	require.NoError(t, err)
	require.Equal(t, "80/443", pair.String())
	require.Equal(t, "mysite.tbd", mine.Bindings[1].Host)

	data, _ = realFile(t, "coso-applicationHost_SSL.config")
	nova, _ := parsed(t, data).Site("Supernova")
	require.Equal(t, "*.cosoluce.fr", nova.Bindings[0].Host)
	folder, ok := nova.Folder("/CDN/pictures")
	require.True(t, ok)
	require.Equal(t, `D:\resources\ftp\pictures`, folder.PhysicalPath())
	require.Equal(t, "/", folder.Application.Path)
}

func TestPoolsOfRealFiles(t *testing.T) {
	data, ok := realFile(t, "c1982-applicationHost.config")
	if !ok {
		return
	}
	c := parsed(t, data)
	require.Len(t, c.AppPools(), 6)
	pool, ok := c.AppPool("RedisOnCloud.com")
	require.True(t, ok)
	require.Equal(t, iis.AppPool{
		Name: "redisoncloud.com", Line: 146,
		QueueLength: 4000, Enable32BitAppOnWin64: true, ManagedRuntimeVersion: "v4.0", // applicationPoolDefaults, line 155
		AutoStart: true, IdleTimeout: 5 * time.Minute, // its own, lines 146 and 147
		StartMode: "OnDemand", ManagedPipelineMode: "Integrated", IdentityType: "ApplicationPoolIdentity", PingingEnabled: true,
		RestartTime: 29 * time.Hour, RapidFailProtection: true, LoadBalancerCapabilities: "HttpLevel",
		CPUAction: "NoAction", CPUResetInterval: 5 * time.Minute, // IIS_schema.xml
	}, pool)

	data, _ = realFile(t, "kranza-applicationHost.config")
	pool, _ = parsed(t, data).AppPool("DefaultAppPool")
	require.Equal(t, []uint32{5, 5, 5}, []uint32{pool.Memory, pool.PrivateMemory, pool.Requests})
	require.Equal(t, "v4.0", pool.ManagedRuntimeVersion, "from the defaults")

	// An empty attribute counts: this pool is without .NET.
	data, _ = realFile(t, "coso-applicationHost.config")
	pool, _ = parsed(t, data).AppPool("DefaultAppPool")
	require.Empty(t, pool.ManagedRuntimeVersion)
	require.Equal(t, "Classic", pool.ManagedPipelineMode)
}

// The two files that are no configuration are refused with the line that an administrator has to look at.
func TestRealFilesThatAreRefused(t *testing.T) {
	data, ok := realFile(t, "gustavoesteves-applicationHost.config")
	if !ok {
		return
	}
	_, err := iis.Parse(data)
	require.EqualError(t, err, "read configuration: line 1, column 1: the root element is <site>, not <configuration>: "+
		"this is a fragment or another file")

	data, _ = realFile(t, "jexus-original2_missing_closing.config")
	_, err = iis.Parse(data)
	var syntax *iis.SyntaxError
	require.ErrorAs(t, err, &syntax)
	require.Equal(t, 1133, syntax.Line, "the last line, whose slash is missing")
	require.Equal(t, "<configuration> is opened here and never closed: the file ends before </configuration>", syntax.Reason)
}

func TestSectionsOfARealFile(t *testing.T) {
	data, ok := realFile(t, "c1982-applicationHost.config")
	if !ok {
		return
	}
	c := parsed(t, data)
	access, ok := c.Section("system.webServer/security/access")
	require.True(t, ok)
	require.Equal(t, iis.Section{Name: "system.webServer/security/access", AllowDefinition: "Everywhere", Locked: true, AllowLocation: true, Line: 74}, access)
	sites, _ := c.Section("system.applicationHost/sites")
	require.Equal(t, "AppHostOnly", sites.AllowDefinition)
	require.True(t, sites.Locked)
	httpErrors, _ := c.Section("system.webServer/httpErrors")
	require.False(t, httpErrors.Locked)
	_, ok = c.Section("access")
	require.False(t, ok)
}
