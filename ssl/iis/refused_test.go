package iis_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

const simpleAuth = "WSUS Administration/SimpleAuthWebService"

// stated puts a location before the end of the composed configuration and returns it with the line of its access element.
func stated(t *testing.T, start, access string) (string, int) {
	t.Helper()
	text := wsus(t)
	location := "    " + start + "<system.webServer><security>\n" + access +
		"\n</security></system.webServer></location>\n\n</configuration>"
	text = strings.Replace(text, "\n</configuration>", location, 1)
	return text, strings.Count(text[:strings.Index(text, access+"\n</security>")], "\n") + 1
}

// Locks bind deeper files, and no location of the file that states them: reader and editor agree that the server goes on, and that a
// web.config which states the same takes its application down.
func TestLocksBindDeeperFilesOnly(t *testing.T) {
	const client = "WSUS Administration/ClientWebService"
	for _, c := range []struct{ start, access, lock string }{
		{`<location path="wsus ADMINISTRATION" overrideMode="Deny">`, `<access sslFlags="None" />`, `overrideMode="Deny"`},
		{`<location path="WSUS Administration" allowOverride="false">`, `<access />`, `overrideMode="Deny"`},
		{`<location path="WSUS Administration">`, `<access lockAttributes="sslFlags" />`, `lockAttributes="sslFlags"`},
		{`<location path="WSUS Administration">`, `<access lockAttributes="*" />`, `lockAttributes="*"`},
		{`<location path="WSUS Administration">`, `<access lockAllAttributesExcept="other" />`, `lockAllAttributesExcept="other"`},
		{`<location path="WSUS Administration">`, `<access lockItem="true" />`, `lockItem="true"`},
	} {
		text, _ := stated(t, c.start, c.access)
		text = strings.Replace(text, `<section name="access" overrideModeDefault="Deny" />`, `<section name="access" overrideModeDefault="Allow" />`, 1)
		next, change := applied(t, []byte(text), set(client, iis.Ssl))
		require.Len(t, change.Splices, 1, c.lock)
		access, err := next.Access(client)
		require.NoError(t, err, c.lock)
		require.Equal(t, iis.Ssl, access.Flags)
		require.True(t, access.Locked)
		require.Equal(t, c.lock, access.Lock)

		_, err = next.AccessWith(client, func(folder string) ([]byte, error) {
			if !strings.HasSuffix(folder, `\ClientWebService\`) {
				return nil, fs.ErrNotExist
			}
			return []byte("<configuration>" + accessSsl + "</configuration>"), nil
		})
		var broken *iis.OverrideError
		require.ErrorAs(t, err, &broken, c.lock)
		require.Equal(t, c.lock, broken.Lock)
		require.Contains(t, broken.Stated.File, "web.config")
	}
	whole := strings.Replace(wsus(t), `<access sslFlags="None" />`, `<access sslFlags="None" lockAttributes="sslFlags" />`, 1)
	applied(t, []byte(whole), set(client, iis.Ssl))
}

const accessSsl = `<system.webServer><security><access sslFlags="Ssl" /></security></system.webServer>`

// A section that is registered as none for locations is stated for the whole server, and read and edited nowhere else.
func TestSectionThatLocationsMustNotHold(t *testing.T) {
	registered := func(text string) []byte {
		return []byte(strings.Replace(text, `<section name="access" overrideModeDefault="Deny" />`,
			`<section name="access" overrideModeDefault="Deny" allowLocation="false" />`, 1))
	}
	unstated := regexp.MustCompile(`(?s)    <location path="WSUS Administration/SimpleAuthWebService">.*?</location>\n`).ReplaceAllString(wsus(t), "")
	none, change, err := parsed(t, registered(unstated)).Apply(set("", iis.Ssl), set("WSUS Administration/Content", 0))
	var locked *iis.LockedError
	require.ErrorAs(t, err, &locked)
	require.Nil(t, none, "all or none")
	require.Zero(t, change)
	require.Equal(t, iis.LockedError{Path: "WSUS Administration/Content", By: iis.Source{Line: 20}, Lock: `allowLocation="false"`}, *locked)
	require.ErrorContains(t, err, `WSUS Administration/Content is locked by allowLocation="false" at line 20, where the section is registered`)

	got, _ := applied(t, registered(unstated), set("WSUS Administration/Content", 0), set("", iis.Ssl), set("WSUS Administration/Content", iis.Ssl))
	require.Equal(t, strings.Replace(string(registered(unstated)), `sslFlags="None"`, `sslFlags="Ssl"`, 1), string(got.Bytes()))

	// Where nothing states it yet, it does not go into the location for the whole server either.
	empty := strings.Replace(unstated, `            <access sslFlags="None" />`+"\n", "", 1)
	empty = strings.Replace(empty, `<location path="" overrideMode="Allow">`, `<location path=""><system.webServer><security /></system.webServer></location>
    <location path="" overrideMode="Allow">`, 1)
	got, _ = applied(t, registered(empty), set("", iis.Ssl))
	require.Contains(t, string(got.Bytes()), "</authentication>\n            <access sslFlags=\"Ssl\" />\n        </security>\n    </system.webServer>\n")

	var conflict *iis.ConflictError
	_, err = parsed(t, registered(wsus(t))).Access(simpleAuth)
	require.ErrorAs(t, err, &conflict)
	require.ErrorContains(t, err, `a location, which allowLocation="false" at line 20 of applicationHost.config forbids`)
	_, _, err = parsed(t, registered(wsus(t))).Apply(set(simpleAuth, iis.Ssl))
	require.ErrorAs(t, err, &conflict)
	section, _ := parsed(t, registered(wsus(t))).Section("system.webServer/security/access")
	require.False(t, section.AllowLocation)
	section, _ = parsed(t, []byte(wsus(t))).Section("system.webServer/security/access")
	require.True(t, section.AllowLocation)
}

func TestContradictionsAreRefused(t *testing.T) {
	twice, line := stated(t, `<location path="wsus administration/simpleauthwebservice/">`, `<access sslFlags="Ssl"/>`)
	both, _ := stated(t, `<location path="WSUS Administration" overrideMode="Allow" allowOverride="true">`, `<access/>`)
	elsewhere, _ := stated(t, `<location path="WSUS Administration/Content">`, `<access configSource="access.config"/>`)
	flags, _ := stated(t, `<location path="WSUS Administration/Content">`, `<access sslFlags="Tls"/>`)
	global := strings.Replace(wsus(t), `<location path="" overrideMode="Allow">
        <system.webServer>`, `<location path="." overrideMode="Allow">
        <system.webServer><security><access/></security>`, 1)
	bindings := strings.Replace(wsus(t), `                <bindings />
            </site>`, `                <bindings /><bindings />
            </site>`, 1)
	pool := strings.Replace(wsus(t), `                <processModel identityType="NetworkService" />`, `<cpu/><cpu/>`, 1)
	bind := iis.AddBinding{Site: `Sales & "Co"`, Binding: iis.Binding{Protocol: "http", Port: 80}}
	for _, c := range []struct {
		name, text, want string
		edit             iis.Edit
	}{
		{"a section twice for a place", twice, "a second time", set(simpleAuth, iis.Ssl)},
		{"a section twice on the way", twice, "a second time", set(simpleAuth+"/below", 0)},
		{"a section twice for the server", global, "a second time", set("", iis.Ssl)},
		{"both spellings of a lock", both, "allowOverride", set("WSUS Administration/Content", iis.Ssl)},
		{"a section in another file", elsewhere, "access.config", set("WSUS Administration/Content", iis.Ssl)},
		{"flags that IIS does not know", flags, `"Tls"`, set("WSUS Administration/Content", iis.Ssl)},
		{"two bindings elements", bindings, "second bindings", bind},
		{"two elements of a pool", pool, "second cpu", iis.SetPool{Pool: "WsusPool", Attribute: "cpu/limit", Value: "1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			// Parse refuses some of them already.
			doc, err := iis.Parse([]byte(c.text))
			if err == nil {
				_, _, err = doc.Apply(c.edit)
			}
			var conflict *iis.ConflictError
			require.ErrorAs(t, err, &conflict)
			require.ErrorContains(t, err, c.want)
			require.Positive(t, conflict.Line)
			if c.name == "a section twice for a place" {
				require.Equal(t, line, conflict.Line)
			}
		})
	}
}

func TestWishesThatCannotBe(t *testing.T) {
	bind := func(protocol, information string) iis.Edit {
		return iis.AddBinding{Site: "Default Web Site", Binding: iis.Binding{Protocol: protocol, Information: information}}
	}
	pool := func(attribute, value string) iis.Edit {
		return iis.SetPool{Pool: "WsusPool", Attribute: attribute, Value: value}
	}
	for _, c := range []struct {
		edit iis.Edit
		want string
	}{
		{nil, "nil"},
		{set("WSUS", iis.Ssl), `which has "Default Web Site", "WSUS Administration"`},
		{iis.AddBinding{Site: "x", Binding: iis.Binding{Protocol: "http", Port: 80}}, "not in this configuration"},
		{iis.RemoveBinding{Site: "x"}, "not in this configuration"},
		{iis.SetPool{Pool: "x", Attribute: "queueLength", Value: "10"}, `"DefaultAppPool", "WsusPool"`},
		{set("WSUS Administration//x", iis.Ssl), "single slashes"},
		{set(`WSUS Administration\x`, iis.Ssl), "single slashes"},
		{set("WSUS Administration/../Content", iis.Ssl), ".."},
		{set("WSUS Administration/\x00", iis.Ssl), "control character"},
		{set("WSUS Administration/\xFF", iis.Ssl), "UTF-8"},
		{set("WSUS Administration/"+strings.Repeat("a/", 600), iis.Ssl), "at most 1024"},
		{set("WSUS Administration", 1), "no sum of SSL flags"},
		{bind("", "*:80:"), "needs a protocol"},
		{bind("ht tp", "*:80:"), "needs a protocol"},
		{bind("http", "80"), "address:port:host"},
		{bind("http", "*:0:"), "from 1 to 65535"},
		{bind("http", "*:65536:"), "from 1 to 65535"},
		{bind("https", "::1:443:"), "brackets"},
		{bind("https", "[10.0.0.1]:443:"), "brackets"},
		{bind("https", "host:443:"), "brackets"},
		{bind("net.tcp", "808:\n*"), "control character"},
		{pool("privateMemory", "0"), "spelled as in IIS_schema.xml"},
		{pool("processModel/password", "x"), "spelled as in IIS_schema.xml"},
		{pool("queueLength", "9"), "from 10 to 65535"},
		{pool("recycling/periodicRestart/privateMemory", "4 GB"), "from 0 to 4294967295"},
		{pool("recycling/periodicRestart/time", "00:00:30"), "steps of 60"},
		{pool("recycling/periodicRestart/time", "0"), "time span"},
		{pool("recycling/periodicRestart/time", "1.24:00:00"), "time span"},
		{pool("processModel/pingingEnabled", "no"), "true or false"},
		{pool("processModel/identityType", "Admin"), "NetworkService"},
		{pool("recycling/logEventOnRecycle", "Time, Never"), `"Never"`},
		{pool("managedRuntimeVersion", "v\x01"), "control character"},
	} {
		same, _, err := parsed(t, []byte(wsus(t))).Apply(c.edit)
		require.ErrorContains(t, err, c.want)
		require.Nil(t, same)
	}
	inherited := strings.Replace(wsus(t), "<siteDefaults>\n                <bindings />", "<siteDefaults>\n                <bindings>"+
		`<binding protocol="http" bindingInformation="*:81:" /></bindings>`, 1)
	_, _, err := parsed(t, []byte(inherited)).Apply(iis.RemoveBinding{Site: "Default Web Site", Protocol: "http", Information: "*:81:"})
	require.ErrorContains(t, err, "siteDefaults")
	both := strings.Replace(inherited, `bindingInformation="*:80:"`, `bindingInformation=":81:*"`, 1)
	_, _, err = parsed(t, []byte(both)).Apply(iis.RemoveBinding{Site: "Default Web Site", Protocol: "http", Information: "*:81:"})
	require.ErrorContains(t, err, "nothing was changed")
	_, change := applied(t, []byte(inherited), bind("http", "*:81:"))
	require.True(t, change.Empty(), "IIS refuses a binding that is inherited a second time")
}

// The table of the attributes of pools is that of the schema: each is there with its default, its range and its names.
func TestPoolAttributesAreThoseOfTheSchema(t *testing.T) {
	want := statedPoolAttributes(t)
	require.Equal(t, want, iis.PoolAttributes())

	schema, ok := realFile(t, "c1982-IIS_schema.xml")
	if !ok {
		return
	}
	require.Equal(t, schemaPoolAttributes(t, schema, want), want, "the table of the test is that of a real schema file")
}

// statedPoolAttributes reads the facts that testdata states of the schema.
func statedPoolAttributes(t *testing.T) []iis.PoolAttribute {
	data, err := os.ReadFile(filepath.Join("testdata", "pool-attributes.txt"))
	require.NoError(t, err)
	var out []iis.PoolAttribute
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "|")
		require.Len(t, fields, 5, line)
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		row := iis.PoolAttribute{Path: fields[0], Type: fields[1], Default: fields[2], Bounds: fields[3]}
		if fields[4] != "" {
			row.Names = strings.Fields(fields[4])
		}
		out = append(out, row)
	}
	require.Len(t, out, 32)
	return out
}

// schemaPoolAttributes looks the attributes up in a schema file. Where it states no bounds, those of the type count.
func schemaPoolAttributes(t *testing.T, schema []byte, attributes []iis.PoolAttribute) []iis.PoolAttribute {
	var pool *node
	for _, s := range tree(t, schema).find("configSchema", "sectionSchema") {
		if s.attr("name") == "system.applicationHost/applicationPools" {
			pool = s.find("collection")[0]
		}
	}
	var out []iis.PoolAttribute
	for _, a := range attributes {
		at := pool
		way := strings.Split(a.Path, "/")
		for _, step := range way[:len(way)-1] {
			at = named(t, at, "element", step)
		}
		at = named(t, at, "attribute", way[len(way)-1])
		row := iis.PoolAttribute{Path: a.Path, Default: at.attr("defaultValue"), Type: at.attr("type"), Bounds: at.attr("validationParameter")}
		if row.Bounds == "" && row.Type == "uint" {
			row.Bounds = a.Bounds
		}
		for _, n := range at.children {
			row.Names = append(row.Names, n.attr("name")+"="+n.attr("value"))
		}
		out = append(out, row)
	}
	return out
}

func named(t *testing.T, in *node, kind, name string) *node {
	for _, n := range in.find(kind) {
		if n.attr("name") == name {
			return n
		}
	}
	require.Fail(t, "the schema has no "+name)
	return nil
}
