package iis_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// byHand is one edit with the text that it must make of another, worked out by hand.
type byHand struct {
	name     string
	edits    []iis.Edit
	old, new string
}

func set(path string, flags iis.SSLFlags) iis.Edit { return iis.SetSSLFlags{Path: path, Flags: flags} }

func TestEditsByHand(t *testing.T) {
	const site = "WSUS Administration"
	http8080 := iis.Binding{Protocol: "http", Information: "*:8080:"}
	for _, c := range []byHand{
		{"a value that is there", []iis.Edit{set("WSUS Administration/SimpleAuthWebService", iis.Ssl)},
			`"Ssl, SslNegotiateCert"`, `"Ssl"`},
		{"none is stated, not left out", []iis.Edit{set("wsus administration/simpleauthwebservice/", 0)},
			`"Ssl, SslNegotiateCert"`, `"None"`},
		{"beside another section of the place, whose spelling differs", []iis.Edit{set("WSUS Administration/ApiRemoting30", iis.Ssl|iis.Ssl128)}, `
                    <anonymousAuthentication enabled="false" />
                </authentication>
`, `
                    <anonymousAuthentication enabled="false" />
                </authentication>
                <access sslFlags="Ssl, Ssl128" />
`},
		{"not into a location that unlocks", []iis.Edit{set("WSUS Administration/DssAuthWebService", iis.Ssl)}, `
    </location>

</configuration>`, `
    </location>

    <location path="WSUS Administration/DssAuthWebService">
        <system.webServer>
            <security>
                <access sslFlags="Ssl" />
            </security>
        </system.webServer>
    </location>
</configuration>`},
		{"not into a location that child applications do not inherit", []iis.Edit{set("WSUS Administration/Inventory", iis.Ssl)},
			"</location>\n\n</configuration>", `</location>

    <location path="WSUS Administration/Inventory">
        <system.webServer>
            <security>
                <access sslFlags="Ssl" />
            </security>
        </system.webServer>
    </location>
</configuration>`},
		{"a new place, in the site's own spelling and escaped", []iis.Edit{set(`sales & "co"/a<b`, iis.Ssl)}, `

</configuration>`, `

    <location path="Sales &amp; &quot;Co&quot;/a&lt;b">
        <system.webServer>
            <security>
                <access sslFlags="Ssl" />
            </security>
        </system.webServer>
    </location>
</configuration>`},
		{"the whole server", []iis.Edit{set("", iis.Ssl)}, `<access sslFlags="None" />`, `<access sslFlags="Ssl" />`},
		{"a binding after the last", []iis.Edit{iis.AddBinding{Site: "default web site", Binding: iis.Binding{
			Protocol: "https", Address: "2001:db8::1", Port: 8531, Host: "wsus.example", SSLFlags: 1}}}, `
                    <binding protocol="net.tcp" bindingInformation="808:*" />
`, `
                    <binding protocol="net.tcp" bindingInformation="808:*" />
                    <binding protocol="https" bindingInformation="[2001:db8::1]:8531:wsus.example" sslFlags="1" />
`},
		{"a binding into nothing", []iis.Edit{iis.AddBinding{Site: `Sales & "Co"`, Binding: http8080}}, `
                <application path="/" />
                <bindings />
`, `
                <application path="/" />
                <bindings>
                    <binding protocol="http" bindingInformation="*:8080:" />
                </bindings>
`},
		{"the flags of a binding that is there", []iis.Edit{iis.AddBinding{Site: site, Binding: iis.Binding{
			Protocol: "HTTPS", Information: ":8531:*", SSLFlags: 1}}}, `"*:8531:" sslFlags="0"`, `"*:8531:" sslFlags="1"`},
		{"a binding and its line", []iis.Edit{iis.RemoveBinding{Site: site, Protocol: "https", Information: ":8531:"}},
			`                    <binding protocol="https" bindingInformation="*:8531:" sslFlags="0" />` + "\n", ""},
		{"a binding, but not the comment beside it", []iis.Edit{iis.RemoveBinding{Site: site, Protocol: "http", Information: "*:8530:"}},
			`<binding protocol="http" bindingInformation="*:8530:" /> <!--`, ` <!--`},
		{"a value of a pool", []iis.Edit{iis.SetPool{Pool: "wsuspool", Attribute: "recycling/periodicRestart/privateMemory", Value: "0"}},
			`privateMemory="1843200"`, `privateMemory="0"`},
		{"a value that needs escapes", []iis.Edit{
			iis.SetPool{Pool: "WsusPool", Attribute: "managedRuntimeVersion", Value: "v2.0"},
			iis.SetPool{Pool: "WsusPool", Attribute: "managedRuntimeVersion", Value: `v"4<&`}}, `queueLength="1000">
                <processModel`, `queueLength="1000" managedRuntimeVersion="v&quot;4&lt;&amp;">
                <processModel`},
		{"a value beside another", []iis.Edit{iis.SetPool{Pool: "WsusPool", Attribute: "recycling/periodicRestart/time", Value: "00:00:00"}},
			`privateMemory="1843200" />`, `privateMemory="1843200" time="00:00:00" />`},
		{"an element of a pool that is there", []iis.Edit{iis.SetPool{Pool: "WsusPool", Attribute: "failure/loadBalancerCapabilities",
			Value: "tcplevel"}}, `
                </recycling>
`, `
                </recycling>
                <failure loadBalancerCapabilities="TcpLevel" />
`},
		{"two elements of an empty pool", []iis.Edit{iis.SetPool{Pool: "DefaultAppPool", Attribute: "recycling/periodicRestart/privateMemory",
			Value: "4194304"}}, `
            <add name="DefaultAppPool" />
`, `
            <add name="DefaultAppPool">
                <recycling>
                    <periodicRestart privateMemory="4194304" />
                </recycling>
            </add>
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := wsus(t)
			require.Equal(t, 1, strings.Count(text, c.old), "the text to be changed is there once")
			want := strings.Replace(text, c.old, c.new, 1)
			for style, data := range rewritings(text) {
				got, change := applied(t, data, c.edits...)
				require.Equal(t, string(rewritings(want)[style]), string(got.Bytes()), style)
				require.Len(t, change.Splices, 1)
			}
		})
	}
}

// Wishes that hold, stated at the place or inherited, change nothing.
func TestWhatHoldsChangesNothing(t *testing.T) {
	data := []byte(strings.Replace(wsus(t), `sslFlags="None"`, `sslFlags="ssl128,Ssl"`, 1))
	got, change := applied(t, data,
		set("WSUS Administration/SimpleAuthWebService", iis.Ssl|iis.SslNegotiateCert),
		set("WSUS Administration/ClientWebService", iis.Ssl|iis.Ssl128),
		set("", iis.Ssl|iis.Ssl128),
		iis.AddBinding{Site: "WSUS Administration", Binding: iis.Binding{Protocol: "http", Port: 8530}},
		iis.AddBinding{Site: "Default Web Site", Binding: iis.Binding{Protocol: "net.tcp", Information: "808:*"}},
		iis.RemoveBinding{Site: "Default Web Site", Protocol: "https", Information: "*:443:"},
		iis.SetPool{Pool: "WsusPool", Attribute: "processModel/identityType", Value: "NetworkService"},
		iis.SetPool{Pool: "WsusPool", Attribute: "processModel/loadUserProfile", Value: "True"},           // by the defaults of the pools
		iis.SetPool{Pool: "WsusPool", Attribute: "managedRuntimeVersion", Value: "v4.0"},                  // likewise
		iis.SetPool{Pool: "WsusPool", Attribute: "recycling/periodicRestart/time", Value: "1.05:00:00"},   // by the schema
		iis.SetPool{Pool: "WsusPool", Attribute: "recycling/logEventOnRecycle", Value: "Memory,Time,128"}, // likewise
	)
	require.Equal(t, string(data), string(got.Bytes()))
	require.True(t, change.Empty())
	require.Empty(t, change.Diff())
	back, err := change.Undo(got)
	require.NoError(t, err)
	require.Equal(t, data, back.Bytes())
}

// A requirement that a place inherits from its site ends there, though the place says nothing.
func TestAnInheritedRequirementEnds(t *testing.T) {
	required, _ := applied(t, []byte(wsus(t)), set("WSUS Administration", iis.Ssl))
	access, err := required.Access("WSUS Administration/Content")
	require.NoError(t, err)
	require.Equal(t, iis.Ssl, access.Flags)
	got, _ := applied(t, required.Bytes(), set("WSUS Administration/Content", 0))
	require.Contains(t, string(got.Bytes()), `    <location path="WSUS Administration/Content">
        <system.webServer>
            <security>
                <access sslFlags="None" />`)
}

func TestEditsOfFilesWithoutLines(t *testing.T) {
	for _, c := range []struct {
		file, old, new string
		edit           iis.Edit
	}{
		{"oneline", `<bindings></bindings>`, `<bindings><binding protocol="http" bindingInformation="*:8530:"/></bindings>`,
			iis.AddBinding{Site: "WSUS Administration", Binding: iis.Binding{Protocol: "http", Port: 8530}}},
		{"oneline", `<add name="WsusPool"/>`, `<add name="WsusPool"><recycling><periodicRestart privateMemory="1"/></recycling></add>`,
			iis.SetPool{Pool: "WsusPool", Attribute: "recycling/periodicRestart/privateMemory", Value: "1"}},
		{"oneline", `</configuration>`, `<location path="WSUS Administration/x"><system.webServer><security><access sslFlags="Ssl"/>` +
			`</security></system.webServer></location></configuration>`, set("WSUS Administration/x", iis.Ssl)},
		{"bare", `<location path='WSUS Administration'/>`, `<location path='WSUS Administration'>
    <system.webServer>
      <security>
        <access sslFlags='Ssl'/>
      </security>
    </system.webServer>
  </location>`, set("WSUS Administration", iis.Ssl)},
		{"bare", `<system.webServer/>`, `<system.webServer><security><access sslFlags="Ssl"/></security></system.webServer>`,
			set("WSUS Administration/Content", iis.Ssl)},
		{"bare", `'*:8530:'/></bindings>`, `'*:8530:'/><binding protocol='http' bindingInformation='*:80:'/></bindings>`,
			iis.AddBinding{Site: "Two", Binding: iis.Binding{Protocol: "http", Port: 80}}},
		{"bare", `<application path='/'/></site>
`, `<application path='/'/><bindings><binding protocol='http' bindingInformation='*:8530:'/></bindings></site>
`, iis.AddBinding{Site: "WSUS Administration", Binding: iis.Binding{Protocol: "http", Port: 8530}}},
		{"bare", `<recycling/>`, `<recycling disallowOverlappingRotation='true'/>`,
			iis.SetPool{Pool: "other", Attribute: "recycling/disallowOverlappingRotation", Value: "true"}},
	} {
		t.Run(c.edit.String(), func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "edit", c.file+".config"))
			require.NoError(t, err)
			require.Equal(t, 1, strings.Count(string(data), c.old))
			got, _ := applied(t, data, c.edit)
			require.Equal(t, strings.Replace(string(data), c.old, c.new, 1), string(got.Bytes()))
		})
	}
}

// The two files of one real server, which differ in the line of one binding, become each other; so does a composed pair.
func TestGoldenPair(t *testing.T) {
	plain := iis.RemoveBinding{Site: "Supernova", Protocol: "http", Information: "*:80:"}
	secure := iis.AddBinding{Site: "Supernova", Binding: iis.Binding{Protocol: "https", Information: "*:443:*.cosoluce.fr"}}
	backPlain := iis.RemoveBinding{Site: "supernova", Protocol: "https", Information: "*:443:*.cosoluce.fr"}
	backSecure := iis.AddBinding{Site: "supernova", Binding: iis.Binding{Protocol: "http", Port: 80}}

	check := func(http, https []byte) {
		got, change := applied(t, http, plain, secure)
		require.Equal(t, string(https), string(got.Bytes()))
		require.Equal(t, 1, strings.Count(change.Diff(), "\n-"+strings.Repeat(" ", 20)))
		require.Equal(t, 1, strings.Count(change.Diff(), "\n+"+strings.Repeat(" ", 20)))
		got, _ = applied(t, got.Bytes(), backPlain, backSecure)
		require.Equal(t, string(http), string(got.Bytes()))
	}
	files := real(t)
	if http, https := files["coso-applicationHost.config"], files["coso-applicationHost_SSL.config"]; http != nil {
		check(http, https)
	}
	http := composedPair(t, `<binding protocol="http" bindingInformation="*:80:" />`)
	https := composedPair(t, `<binding protocol="https" bindingInformation="*:443:*.cosoluce.fr" />`)
	check(http, https)
}

// composedPair is the composed configuration with a site that has one binding.
func composedPair(t *testing.T, binding string) []byte {
	text := strings.Replace(wsus(t), "                <bindings />\n            </site>\n", "                <bindings>\n                    "+binding+
		"\n                </bindings>\n            </site>\n", 1)
	text = strings.Replace(text, "Sales &amp; &quot;Co&quot;", "Supernova", 1)
	require.Contains(t, text, binding)
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}

// A clear makes IIS forget the bindings before it: one of those is no reason not to add it.
func TestBindingsBehindAClear(t *testing.T) {
	text := strings.Replace(wsus(t), `<binding protocol="net.tcp" bindingInformation="808:*" />`, `<clear />`, 1)
	got, _ := applied(t, []byte(text), iis.AddBinding{Site: "Default Web Site", Binding: iis.Binding{Protocol: "http", Port: 80}})
	const line = `                    <binding protocol="http" bindingInformation="*:80:" />` + "\n"
	require.Equal(t, strings.Replace(text, "<clear />\n", "<clear />\n"+line, 1), string(got.Bytes()))
	got, _ = applied(t, got.Bytes(), iis.AddBinding{Site: "Default Web Site", Binding: iis.Binding{Protocol: "http", Port: 80, SSLFlags: 4}})
	require.Contains(t, string(got.Bytes()), "<clear />\n"+strings.Replace(line, " />", ` sslFlags="4" />`, 1))
}

// What one character becomes another by is no half of one: a change must survive JSON.
func TestChangeOfHalfACharacter(t *testing.T) {
	text := strings.Replace(wsus(t), `bindingInformation="*:80:"`, `bindingInformation="*:80:café.example"`, 1)
	text = strings.Replace(text, "                    <binding protocol=\"net.tcp\" bindingInformation=\"808:*\" />\n", "", 1)
	got, change := applied(t, []byte(text),
		iis.RemoveBinding{Site: "Default Web Site", Protocol: "http", Information: "*:80:CAFÉ.example"},
		iis.AddBinding{Site: "Default Web Site", Binding: iis.Binding{Protocol: "http", Information: "*:80:cafè.example"}})
	require.Len(t, change.Splices, 1)
	require.Equal(t, "é", change.Splices[0].Removed)
	kept, err := json.Marshal(change)
	require.NoError(t, err)
	var read iis.Change
	require.NoError(t, json.Unmarshal(kept, &read))
	back, err := read.Undo(got)
	require.NoError(t, err)
	require.Equal(t, text, string(back.Bytes()))
}

// Edits and changes are data: what is kept as JSON undoes the change later.
func TestChangeIsData(t *testing.T) {
	data := []byte(wsus(t))
	got, change := applied(t, data, set("WSUS Administration/ClientWebService", iis.Ssl),
		iis.RemoveBinding{Site: "WSUS Administration", Protocol: "https", Information: "*:8531:"},
		set("WSUS Administration/ApiRemoting30", iis.Ssl))
	require.Len(t, change.Splices, 3)
	kept, err := json.Marshal(change)
	require.NoError(t, err)
	var read iis.Change
	require.NoError(t, json.Unmarshal(kept, &read))
	back, err := read.Undo(got)
	require.NoError(t, err)
	require.Equal(t, data, back.Bytes())

	_, err = read.Undo(back)
	require.ErrorIs(t, err, iis.ErrOtherConfig)
	other, _ := applied(t, got.Bytes(), set("Default Web Site", iis.Ssl))
	_, err = change.Undo(other)
	require.ErrorIs(t, err, iis.ErrOtherConfig)
	for _, damage := range []func(*iis.Change){
		func(ch *iis.Change) { ch.Splices[1].Offset++ },
		func(ch *iis.Change) { ch.Splices[2].Removed = "x" },
		func(ch *iis.Change) { ch.Splices[2].Offset = -100 },
		func(ch *iis.Change) { ch.Splices = ch.Splices[:2] },
		func(ch *iis.Change) { ch.Before = ch.After },
	} {
		var read iis.Change
		require.NoError(t, json.Unmarshal(kept, &read))
		damage(&read)
		_, err = read.Undo(got)
		require.ErrorContains(t, err, "damaged")
	}

	edit, err := json.Marshal([]iis.Edit{iis.AddBinding{Site: "s", Binding: iis.Binding{Protocol: "http", Port: 1}}, iis.SetPool{Pool: "p"}})
	require.NoError(t, err)
	require.Equal(t, `[{"site":"s","binding":{"protocol":"http","port":1}},{"pool":"p","attribute":"","value":""}]`, string(edit))
}
