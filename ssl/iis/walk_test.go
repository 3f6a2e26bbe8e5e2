package iis_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// server composes a configuration with one site and its applications, and what else is given behind them. Everything that is given
// begins at line 5.
func server(t testing.TB, deflt, rest string) *iis.Config {
	t.Helper()
	return parsed(t, []byte(strings.ReplaceAll(`<configuration><configSections><sectionGroup name="system.webServer">
<sectionGroup name="security"><section name="access" `+deflt+`/></sectionGroup></sectionGroup></configSections>
<system.applicationHost>
<sites><site name="Site" id="1">|<application path="/"><virtualDirectory path="/" physicalPath="C:\root\"/>|
<virtualDirectory path="/Content" physicalPath="D:\content" allowSubDirConfig="false"/></application>|
<application path="/App"><virtualDirectory path="/" physicalPath="C:\app"/></application>|
<application path="/App/Inner"><virtualDirectory path="/" physicalPath="C:\inner"/></application></site></sites></system.applicationHost>
`, "|\n", "")+rest+"</configuration>"))
}

// access composes a section; attributes are those of the element.
func access(attributes string) string {
	return "<system.webServer><security><access " + attributes + "/></security></system.webServer>\n"
}

func location(attributes, within string) string {
	return "<location " + attributes + ">" + within + "</location>"
}

// What IIS refuses is told with the lines to look at.
func TestAccessRefuses(t *testing.T) {
	const deny = `overrideModeDefault="Deny"`
	for _, c := range []struct{ name, rest, problem string }{
		{"one section twice for one path", location(`path="Site/App"`, access(`sslFlags="Ssl"`)) + location(`path="site/app"`, access(``)),
			"Site/App: line 6 states system.webServer/security/access for this place a second time, after line 5"},
		{"outside and inside of the same level", access(``) + location(`path="."`, access(``)),
			"line 6 states system.webServer/security/access for this place a second time, after line 5"},
		{"inside of the same level twice", location(``, access(``)) + location(`path=""`, access(``)),
			"line 6 states system.webServer/security/access for this place a second time, after line 5"},
		{"both spellings of the override mode", location(`path="Site" overrideMode="Allow" allowOverride="true"`, access(``)),
			"Site: line 5 has both overrideMode and allowOverride"},
		{"flags that IIS does not know", access(``) + location(`path="Site"`, access(`sslFlags="Ssl, SslMapCert, Tls"`)),
			`Site: line 6 has sslFlags="Ssl, SslMapCert, Tls": IIS knows no SSL flag "SslMapCert", "Tls"`},
	} {
		_, err := server(t, deny, c.rest).Access("Site/App")
		require.ErrorContains(t, err, `access of "Site/App": `+c.problem, c.name)
	}

	c := server(t, deny, "")
	_, err := c.Access("Sites/App")
	require.ErrorIs(t, err, iis.ErrNotFound)
	for _, path := range []string{"Site//App", "Site/./App", "Site/../Site", `Site/App\x`} {
		_, err := c.Access(path)
		require.ErrorContains(t, err, "a path is the site's name", path)
	}
}

// What looks like a conflict but is none: other sections, locks of other things, places beside the way.
func TestAccessAccepts(t *testing.T) {
	for _, rest := range []string{
		location(`path="Site"`, "<system.webServer><handlers/></system.webServer>\n") + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		location(`path="Site/Other"`, access(``)) + location(`path="Site/Other"`, access(``)) + location(`path="Site"`, access(`sslFlags="8"`)),
		access(`lockAttributes="other" lockElements="access" lockItem="false"`) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		access(`lockAllAttributesExcept="sslFlags"`) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		// A location is on the level of its file, so that one does not lock another.
		location(`path="" overrideMode="Deny"`, access(``)) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		location(`path="Site" overrideMode="Deny"`, access(`sslFlags="None"`)) + location(`path="Site/App"`, access(`sslFlags="Ssl"`)),
		// Neither does what its section locks: that binds web.config files.
		location(`path="."`, access(`sslFlags="None" lockAttributes="sslFlags"`)) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		location(`path="Site"`, access(`sslFlags="None" lockAttributes="*"`)) + location(`path="Site/App"`, access(`sslFlags="Ssl"`)),
		access(`lockAllAttributesExcept="other"`) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		access(`lockItem="true"`) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		// Sections of other names do not count.
		location(`path="Site/App"`, `<system.webServer><access sslFlags="None"/></system.webServer>`) + location(`path="Site"`, access(`sslFlags="Ssl"`)),
		location(`path="Site/App"`, `<system.webserver><security><access sslFlags="None"/></security></system.webserver>`) +
			location(`path="Site"`, access(`sslFlags="Ssl"`)),
	} {
		a, err := server(t, `overrideModeDefault="Deny"`, rest).Access("Site/App")
		require.NoError(t, err, rest)
		require.Equal(t, iis.Ssl, a.Flags, rest)
	}
}

// Whether a web.config may state the section, by every way of locking and unlocking it.
func TestAccessLocked(t *testing.T) {
	for _, c := range []struct {
		deflt, rest string
		lock        string
		line        int
	}{
		{``, "", "", 0},
		{`overrideModeDefault="Allow"`, "", "", 0},
		{`overrideModeDefault="Deny"`, "", `overrideModeDefault="Deny"`, 2},
		{`overrideModeDefault="deny"`, location(`path="Site"`, access(``)), `overrideModeDefault="Deny"`, 2},
		{`overrideModeDefault="Deny"`, location(`path="Site" overrideMode="Inherit"`, access(``)), `overrideModeDefault="Deny"`, 2},
		{`overrideModeDefault="Deny"`, location(`path="Site" overrideMode="Allow"`, access(``)), "", 0},
		{`overrideModeDefault="Deny"`, location(`path="Site" allowOverride="true"`, access(``)), "", 0},
		{`overrideModeDefault="Deny"`, location(`path="Other" overrideMode="Allow"`, access(``)), `overrideModeDefault="Deny"`, 2},
		// A location unlocks the sections that it holds, not those that it does not.
		{`overrideModeDefault="Deny"`, location(`path="" overrideMode="Allow"`, "<system.webServer/>"), `overrideModeDefault="Deny"`, 2},
		{``, location(`path="." overrideMode="Deny"`, access(``)), `overrideMode="Deny"`, 5},
		{``, location(`path="Site" allowOverride="false"`, access(``)), `overrideMode="Deny"`, 5},
		{``, location(`overrideMode="Deny"`, access(``)) + location(`path="Site/App" overrideMode="Allow"`, access(``)), "", 0},
		{``, location(`path="Site"`, access(`lockAttributes="*"`)), `lockAttributes="*"`, 5},
	} {
		a, err := server(t, c.deflt, c.rest).Access("Site/App")
		require.NoError(t, err)
		require.Equal(t, c.lock, a.Lock, "%s %s", c.deflt, c.rest)
		require.Equal(t, c.lock != "", a.Locked)
		require.Equal(t, c.line, a.LockedBy.Line)
	}
}

// folders are the web.config files of a disk by their folder.
type folders map[string]string

func (f folders) read(path string) ([]byte, error) {
	if text, ok := f[path]; ok {
		return []byte(text), nil
	}
	return nil, fs.ErrNotExist
}

func webConfig(within string) string {
	return "<?xml version=\"1.0\"?>\n<configuration>\n" + within + "</configuration>"
}

func TestAccessWithWebConfig(t *testing.T) {
	unlocked := `overrideModeDefault="Allow"`
	for _, c := range []struct {
		name, path, rest string
		disk             folders
		flags            iis.SSLFlags
		from             string
	}{
		{"of the site", "Site/App", "", folders{`C:\root\`: webConfig(access(`sslFlags="Ssl"`))}, iis.Ssl, `C:\root\web.config, line 3`},
		{"of the application over that of the site", "Site/App", "", folders{
			`C:\root\`: webConfig(access(`sslFlags="Ssl"`)), `C:\app`: webConfig(access(`sslFlags="Ssl, Ssl128"`))},
			iis.Ssl | iis.Ssl128, `C:\app\web.config, line 3`},
		{"location in that of the site", "Site/App/Sub", "", folders{`C:\root\`: webConfig(location(`path="app/sub"`, access(`sslFlags="Ssl"`)))},
			iis.Ssl, `C:\root\web.config, line 3 (location "app/sub")`},
		{"location for its own level", "Site", "", folders{`C:\root\`: webConfig(location(`path="."`, access(`sslFlags="Ssl"`)))},
			iis.Ssl, `C:\root\web.config, line 3`},
		{"of a folder", "Site/App/a/b", "", folders{`C:\app\a`: webConfig(access(`sslFlags="Ssl"`))}, iis.Ssl, `C:\app\a\web.config, line 3`},
		{"a deeper location of the server counts more", "Site/App", location(`path="Site/App"`, access(`sslFlags="None"`)),
			folders{`C:\root\`: webConfig(access(`sslFlags="Ssl"`))}, 0, `line 5 (location "Site/App")`},
		{"the web.config of the place counts more than a location for it", "Site/App", location(`path="Site/App"`, access(`sslFlags="None"`)),
			folders{`C:\app`: webConfig(access(`sslFlags="Ssl"`))}, iis.Ssl, `C:\app\web.config, line 3`},
		{"not below a virtual directory that reads none there", "Site/Content/x", "", folders{`D:\content\x`: webConfig(access(`sslFlags="Ssl"`))}, 0, "default"},
		{"but in the virtual directory", "Site/Content/x", "", folders{`D:\content`: webConfig(access(`sslFlags="Ssl"`))}, iis.Ssl, `D:\content\web.config, line 3`},
		{"not of a folder beside", "Site/App", "", folders{`C:\root\App`: webConfig(access(`sslFlags="Ssl"`))}, 0, "default"},
		{"not inherited by applications", "Site/App", "", folders{
			`C:\root\`: webConfig(location(`path="." inheritInChildApplications="false"`, access(`sslFlags="Ssl"`)))}, 0, "default"},
		{"but by folders", "Site/Content", "", folders{
			`C:\root\`: webConfig(location(`path="." inheritInChildApplications="false"`, access(`sslFlags="Ssl"`)))},
			iis.Ssl, `C:\root\web.config, line 3`},
		{"the namespace of old tools", "Site", "", folders{`C:\root\`: strings.Replace(webConfig(access(`sslFlags="Ssl"`)), "<configuration>",
			`<configuration xmlns="http://schemas.microsoft.com/.NetConfiguration/v2.0">`, 1)}, iis.Ssl, `C:\root\web.config, line 3`},
		{"other sections", "Site/App", access(`sslFlags="Ssl"`), folders{`C:\app`: webConfig(`<system.web/>`)}, iis.Ssl, "line 5"},
	} {
		a, err := server(t, unlocked, c.rest).AccessWith(c.path, c.disk.read)
		require.NoError(t, err, c.name)
		require.Equal(t, c.flags, a.Flags, c.name)
		require.Equal(t, c.from, a.From.String(), c.name)
	}
}

// A web.config that states a locked section takes its application down; the finding names both lines.
func TestAccessWithLockedWebConfig(t *testing.T) {
	ssl := access(`sslFlags="Ssl"`)
	for _, c := range []struct {
		name, deflt, rest string
		disk              folders
		place, lock       string
		stated, by        string
	}{
		{"by default", `overrideModeDefault="Deny"`, "", folders{`C:\app`: webConfig(access(``))},
			"Site/App", `overrideModeDefault="Deny"`, `C:\app\web.config, line 3`, "line 2"},
		{"by a location of the server", "", location(`path="Site" overrideMode="Deny"`, ssl), folders{`C:\app`: webConfig(ssl)},
			"Site/App", `overrideMode="Deny"`, `C:\app\web.config, line 3`, `line 5 (location "Site")`},
		{"unlocked for another place", `overrideModeDefault="Deny"`, location(`path="Site/App" overrideMode="Allow"`, ssl),
			folders{`C:\root\`: webConfig(ssl), `C:\app`: webConfig(ssl)}, "Site", `overrideModeDefault="Deny"`, `C:\root\web.config, line 3`, "line 2"},
		{"by a location of a web.config", "", "", folders{
			`C:\root\`: webConfig(location(`path="App" overrideMode="Deny"`, ssl)), `C:\inner`: webConfig(ssl)},
			"Site/App/Inner", `overrideMode="Deny"`, `C:\inner\web.config, line 3`, `C:\root\web.config, line 3 (location "App")`},
		{"two levels that contradict each other", "", location(`path="Site/App" overrideMode="Allow"`, ssl), folders{
			`C:\root\`: webConfig(location(`overrideMode="Deny"`, ssl))},
			"Site/App", `overrideMode="Deny"`, `line 5 (location "Site/App")`, `C:\root\web.config, line 3`},
		{"by its attribute, though the value is the same", "", access(`sslFlags="Ssl" lockAttributes="sslFlags"`), folders{`C:\root\`: webConfig(ssl)},
			"Site", `lockAttributes="sslFlags"`, `C:\root\web.config, line 3`, "line 5"},
	} {
		_, err := server(t, c.deflt, c.rest).AccessWith("Site/App/Inner", c.disk.read)
		var broken *iis.OverrideError
		require.ErrorAs(t, err, &broken, c.name)
		require.Equal(t, c.place, broken.Place, c.name)
		require.Equal(t, c.lock, broken.Lock, c.name)
		require.Equal(t, c.stated, broken.Stated.String(), c.name)
		require.Equal(t, c.by, broken.By.String(), c.name)
		require.ErrorContains(t, err, "500.19 (0x80070021)")
	}
	// One that is unlocked for its place is not.
	_, err := server(t, `overrideModeDefault="Deny"`, location(`path="Site/App" overrideMode="Allow"`, ssl)).
		AccessWith("Site/App", folders{`C:\app`: webConfig(ssl)}.read)
	require.NoError(t, err)
}

func TestAccessWithBrokenWebConfig(t *testing.T) {
	c := server(t, "", access(`sslFlags="Ssl"`))
	for text, problem := range map[string]string{
		"<configuration>":                  "line 1, column 1: <configuration> is opened here and never closed",
		"<settings/>":                      "the root element is <settings>",
		webConfig("<a><b>"):                "line 3, column 7: </configuration> where </b> is due",
		webConfig(access(``) + access(``)): "line 4 states system.webServer/security/access for this place a second time, after line 3",
		webConfig(access(`sslFlags="No"`)): `line 3 has sslFlags="No"`,
		`<configuration xmlns="urn:x"/>`:   `in the namespace "urn:x"`,
	} {
		a, err := c.AccessWith("Site/App", folders{`C:\app`: text}.read)
		var broken *iis.WebConfigError
		require.ErrorAs(t, err, &broken, text)
		require.Equal(t, `C:\app\web.config`, broken.File)
		require.ErrorContains(t, err, problem)
		require.Equal(t, iis.Ssl, a.Flags, "what the place comes to without it")
	}
	denied := errors.New("access is denied")
	_, err := c.AccessWith("Site", func(string) ([]byte, error) { return nil, denied })
	require.ErrorIs(t, err, denied)
	require.ErrorContains(t, err, `C:\root\web.config: access is denied`)
}
