package iis_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// After any edits of any file, real or composed: each edit changes what it asks for and no other byte, all at once are the same as
// one by one, twice is once, and undoing gives the bytes back.
func TestAnyEdits(t *testing.T) {
	files := composed(t)
	small := slices.Sorted(maps.Keys(files))
	for name, data := range real(t) {
		if len(tree(t, data).find("configuration", "system.applicationHost", "sites", "site")) > 0 {
			files[name] = data
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		t.Run(name, func(t *testing.T) {
			for seed := range 2 {
				checkEdits(t, files[name], rapid.SliceOfN(anyEdit(tree(t, files[name])), 3, 3).Example(seed))
			}
		})
	}
	t.Run("drawn", rapid.MakeCheck(func(t *rapid.T) {
		data := files[rapid.SampledFrom(small).Draw(t, "file")]
		checkEdits(t, data, rapid.SliceOfN(anyEdit(tree(t, data)), 1, 2).Draw(t, "edits"))
	}))
}

func checkEdits(t require.TestingT, data []byte, edits []iis.Edit) {
	now, doc := parsed0(t, data), tree(t, data)
	for _, e := range edits {
		next, change, err := now.Apply(e)
		require.NoError(t, err, e)
		nextDoc := tree(t, next.Bytes())
		checkEdit(t, e, now.Bytes(), next.Bytes(), doc, nextDoc)
		_, none, err := next.Apply(e)
		require.NoError(t, err)
		require.True(t, none.Empty(), "%s: twice is once", e)
		checkDiff(t, change, utf8Text(now.Bytes()), utf8Text(next.Bytes()))
		now, doc = next, nextDoc
	}
	together, change, err := parsed0(t, data).Apply(edits...)
	require.NoError(t, err)
	require.Equal(t, string(now.Bytes()), string(together.Bytes()))
	checkDiff(t, change, utf8Text(data), utf8Text(together.Bytes()))
	back, err := change.Undo(together)
	require.NoError(t, err)
	require.Equal(t, string(data), string(back.Bytes()))
}

func parsed0(t require.TestingT, data []byte) *iis.Config {
	c, err := iis.Parse(data)
	require.NoError(t, err)
	return c
}

// anyEdit draws an edit of what a file has.
func anyEdit(doc *node) *rapid.Generator[iis.Edit] {
	var sites, paths, pools []string
	stated := []string{""} // paths where access stands already, so that its value is changed
	var bindings []iis.RemoveBinding
	for _, s := range doc.find("configuration", "system.applicationHost", "sites", "site") {
		name := s.attr("name")
		sites, paths = append(sites, name), append(paths, name)
		for _, app := range s.find("application") {
			for _, dir := range app.find("virtualDirectory") {
				paths = append(paths, strings.TrimRight(name+strings.TrimRight(app.attr("path"), "/")+dir.attr("path"), "/"))
			}
		}
		for _, b := range s.find("bindings", "binding") {
			bindings = append(bindings, iis.RemoveBinding{Site: name, Protocol: b.attr("protocol"), Information: b.attr("bindingInformation")})
		}
	}
	for _, l := range doc.find("configuration", "location") {
		if path := strings.Trim(l.attr("path"), "/."); containsFold(sites, strings.SplitN(path, "/", 2)[0]) {
			paths = append(paths, path)
			if len(l.find("system.webServer", "security", "access")) > 0 {
				stated = append(stated, path)
			}
		}
	}
	for _, p := range doc.find("configuration", "system.applicationHost", "applicationPools", "add") {
		pools = append(pools, p.attr("name"))
	}
	return rapid.Custom(func(t *rapid.T) iis.Edit {
		letterCase := rapid.SampledFrom([]func(string) string{
			func(s string) string { return s }, strings.ToLower, strings.ToUpper}).Draw(t, "case")
		site := letterCase(rapid.SampledFrom(sites).Draw(t, "site"))
		information := rapid.SampledFrom([]string{"*:8530:", ":8531:*", "*:8531:", "10.0.0.1:80:a.example", "[::1]:443:", "*:80:*.b.example",
			"*:1:<&>\"'"}).Draw(t, "information")
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			path := letterCase(rapid.SampledFrom([][]string{stated, paths}[rapid.IntRange(0, 1).Draw(t, "of")]).Draw(t, "path"))
			if path != "" && rapid.Bool().Draw(t, "deeper") {
				path += rapid.SampledFrom([]string{"/", "/ClientWebService", "/a b/c.asmx", "/<&'\">/é"}).Draw(t, "below")
			}
			flags := rapid.SampledFrom([]iis.SSLFlags{0, iis.Ssl, iis.Ssl | iis.Ssl128, iis.Ssl | iis.SslNegotiateCert | iis.SslRequireCert})
			return iis.SetSSLFlags{Path: path, Flags: flags.Draw(t, "flags")}
		case 1:
			protocol := rapid.SampledFrom([]string{"http", "https", "HTTPS", "net.tcp"}).Draw(t, "protocol")
			return iis.AddBinding{Site: site, Binding: iis.Binding{Protocol: protocol, Information: information,
				SSLFlags: rapid.Uint32Range(0, 3).Draw(t, "sslFlags")}}
		case 2:
			if len(bindings) > 0 && rapid.Bool().Draw(t, "of the file") {
				b := rapid.SampledFrom(bindings).Draw(t, "binding")
				b.Site = letterCase(b.Site)
				return b
			}
			return iis.RemoveBinding{Site: site, Protocol: "http", Information: information}
		}
		set := rapid.SampledFrom([]iis.SetPool{{Attribute: "queueLength", Value: "25000"}, {Attribute: "queueLength", Value: "2000"},
			{Attribute: "processModel/idleTimeout", Value: "00:00:00"}, {Attribute: "processModel/pingingEnabled", Value: "false"},
			{Attribute: "recycling/periodicRestart/privateMemory", Value: "0"}, {Attribute: "recycling/periodicRestart/time", Value: "00:00:00"},
			{Attribute: "recycling/periodicRestart/privateMemory", Value: "4194304"}, {Attribute: "cpu/resetInterval", Value: "00:15:00"},
			{Attribute: "failure/loadBalancerCapabilities", Value: "TcpLevel"},
			{Attribute: "recycling/logEventOnRecycle", Value: "Time, OnDemand"}}).Draw(t, "set")
		set.Pool = letterCase(rapid.SampledFrom(pools).Draw(t, "pool"))
		return set
	})
}

func containsFold(all []string, one string) bool {
	for _, s := range all {
		if strings.EqualFold(s, one) {
			return true
		}
	}
	return false
}
