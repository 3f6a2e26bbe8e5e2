package ports_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/ports"
)

// The table is made by hand from the product's rules about bindings: what is told, what is bound, and what is wrong with it.
func TestCompare(t *testing.T) {
	plain := func(port int) ports.Bound { return ports.Bound{Scheme: "http", Address: "*", Port: port} }
	secure := func(port int) ports.Bound { return ports.Bound{Scheme: "https", Address: "*", Port: port} }
	named := func(b ports.Bound, host string) ports.Bound { b.Host = host; return b }
	at := func(b ports.Bound, address string) ports.Bound { b.Address = address; return b }
	const name = "wsus01.lab.example"

	for _, c := range []struct {
		name  string
		told  ports.Pair
		open  bool // SSL is not required
		bound []ports.Bound
		kinds []ports.Kind
		says  []string
	}{
		{name: "own site", told: ports.Custom, bound: []ports.Bound{plain(8530), secure(8531)}},
		{name: "default site", told: ports.Default, bound: []ports.Bound{plain(80), secure(443)}},
		{name: "other protocols and case", told: ports.Default, bound: []ports.Bound{{Scheme: "net.tcp", Port: 808}, {Scheme: "ftp", Address: "*", Port: 443},
			{Scheme: "HTTP", Port: 80}, {Scheme: "Https", Address: "0.0.0.0", Port: 443}, {Scheme: "net.pipe"}}},
		{name: "IPv6 for all", told: ports.Custom, bound: []ports.Bound{at(plain(8530), "[::]"), at(secure(8531), "[::]")}},
		{name: "no SSL, no https", told: ports.Custom, open: true, bound: []ports.Bound{plain(8530)}},
		{name: "a name beside any name", told: ports.Custom, bound: []ports.Bound{plain(8530), named(secure(8531), name), secure(8531)}},
		{name: "an address beside loopback", told: ports.Custom,
			bound: []ports.Bound{plain(8530), at(secure(8531), "10.0.0.7"), at(secure(8531), "127.0.0.1")}},
		{name: "the site is at both pairs of http", told: ports.Custom, bound: []ports.Bound{plain(80), plain(8530), secure(8531)}},

		{name: "not told", bound: []ports.Bound{plain(8530), secure(8531)}, kinds: []ports.Kind{ports.PortsNotGiven}, says: []string{"8530/8531"}},
		{name: "not told, and bound wrong", bound: []ports.Bound{plain(8530), secure(9000)}, kinds: []ports.Kind{ports.PortsNotGiven}},
		{name: "told and bound wrong", told: ports.Pair{HTTP: 8530, HTTPS: 9000}, bound: []ports.Bound{plain(8530), secure(9000)},
			kinds: []ports.Kind{ports.PortsNotPaired}, says: []string{"8530/8531 or 8999/9000"}},
		{name: "nothing bound", told: ports.Custom, bound: []ports.Bound{{Scheme: "net.tcp", Port: 808}},
			kinds: []ports.Kind{ports.NothingBound}, says: []string{"http on port 8530 and https on port 8531"}},
		{name: "other pair", told: ports.Custom, bound: []ports.Bound{plain(80), secure(443)}, kinds: []ports.Kind{ports.PortsDiffer},
			says: []string{"binds 80/443", "told 8530/8531"}},
		{name: "other pair that is none", told: ports.Custom, bound: []ports.Bound{plain(80), secure(81)}, kinds: []ports.Kind{ports.PortsDiffer},
			says: []string{"80/81", "breaks the rule"}},
		{name: "swapped", told: ports.Custom, bound: []ports.Bound{secure(8530), plain(8531)}, kinds: []ports.Kind{ports.SwappedBindings},
			says: []string{"https to port 8530 and http to port 8531"}},
		{name: "both https", told: ports.Custom, bound: []ports.Bound{secure(8530), secure(8531)},
			kinds: []ports.Kind{ports.BindingScheme, ports.SeveralPorts}, says: []string{"bind http to port 8530", "8530 and 8531"}},
		{name: "both http", told: ports.Custom, bound: []ports.Bound{plain(8530), plain(8531)}, kinds: []ports.Kind{ports.BindingScheme},
			says: []string{"binds http to port 8531", "bind https with a certificate to port 8531"}},
		{name: "derived port missing", told: ports.Default, bound: []ports.Bound{plain(8530), secure(443)}, kinds: []ports.Kind{ports.HTTPBindingMissing},
			says: []string{"http to port 80", "derives from the HTTPS port 443", "binds http to 8530"}},
		{name: "http missing", told: ports.Custom, bound: []ports.Bound{secure(8531)}, kinds: []ports.Kind{ports.HTTPBindingMissing}},
		{name: "no https", told: ports.Custom, bound: []ports.Bound{plain(8530)}, kinds: []ports.Kind{ports.HTTPSBindingMissing},
			says: []string{"port 8531", "configuressl"}},
		{name: "https elsewhere", told: ports.Custom, bound: []ports.Bound{plain(8530), secure(443)}, kinds: []ports.Kind{ports.HTTPSOtherPort},
			says: []string{"https to 443", "told 8531", "HTTP port 80, which is not bound"}},
		{name: "https elsewhere without SSL", told: ports.Custom, open: true, bound: []ports.Bound{plain(8530), secure(8532)},
			kinds: []ports.Kind{ports.HTTPSOtherPort}, says: []string{"HTTP port 8531"}},
		{name: "neither there, one of two", told: ports.Custom, bound: []ports.Bound{plain(80)},
			kinds: []ports.Kind{ports.HTTPBindingMissing, ports.HTTPSBindingMissing}},
		{name: "several https", told: ports.Custom, bound: []ports.Bound{plain(8530), secure(8531), secure(443)},
			kinds: []ports.Kind{ports.SeveralPorts}, says: []string{"8531 and 443", "do not have port 8531"}},
		{name: "80 with 81", told: ports.Pair{HTTP: 80, HTTPS: 81}, bound: []ports.Bound{plain(80), secure(81)},
			kinds: []ports.Kind{ports.PortsNotPaired}, says: []string{"HTTPS 81 would lead to HTTP 80, which belongs to 443", "80/443"}},
		{name: "442 with 443", told: ports.Pair{HTTP: 442, HTTPS: 443}, bound: []ports.Bound{plain(442), secure(443)},
			kinds: []ports.Kind{ports.PortsNotPaired}, says: []string{"HTTP 442 would lead to HTTPS 443, which belongs to 80", "80/443"}},
		{name: "https by name", told: ports.Custom, bound: []ports.Bound{plain(8530), named(secure(8531), name)},
			kinds: []ports.Kind{ports.BindingHostName}, says: []string{name + " only", "configuressl without arguments"}},
		{name: "both by wildcard", told: ports.Custom, bound: []ports.Bound{named(plain(8530), "*.lab.example"), named(secure(8531), "*.lab.example")},
			kinds: []ports.Kind{ports.BindingHostName, ports.BindingHostName}},
		{name: "by address", told: ports.Custom, bound: []ports.Bound{at(plain(8530), "10.0.0.7"), secure(8531)},
			kinds: []ports.Kind{ports.BindingAddress}, says: []string{"10.0.0.7 only", "health checks", "localhost"}},
		{name: "loopback only", told: ports.Custom, bound: []ports.Bound{plain(8530), at(secure(8531), "[::1]")},
			kinds: []ports.Kind{ports.BindingLoopback}, says: []string{"no client reaches it"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := ports.Compare(c.told, !c.open, c.bound)
			var kinds []ports.Kind
			text := ""
			for _, m := range found {
				kinds = append(kinds, m.Kind)
				text += m.Cause + "\n" + m.Remedy + "\n"
				require.NotEmpty(t, m.Cause)
				require.NotEmpty(t, m.Remedy)
			}
			require.Equal(t, c.kinds, kinds, text)
			for _, words := range c.says {
				require.Contains(t, text, words)
			}
		})
	}
}

// What Compare advises is enough: with the one binding of each scheme that the pair asks for, nothing is left to say.
func TestCompareIsContentWithWhatItAsksFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bound := rapid.Custom(func(t *rapid.T) ports.Bound {
			return ports.Bound{Scheme: rapid.SampledFrom([]string{"http", "https", "HTTPS", "net.tcp"}).Draw(t, "scheme"),
				Address: rapid.SampledFrom([]string{"", "*", "10.0.0.7", "[::1]", "nonsense"}).Draw(t, "address"),
				Port:    rapid.SampledFrom([]int{0, 80, 81, 442, 443, 8530, 8531, 8532}).Draw(t, "port"),
				Host:    rapid.SampledFrom([]string{"", "*", "wsus01", "*.lab.example"}).Draw(t, "host")}
		})
		told := rapid.SampledFrom([]ports.Pair{ports.Custom, ports.Default, {HTTP: 8529, HTTPS: 8530}}).Draw(t, "told")
		sites := rapid.SliceOfN(bound, 0, 5).Draw(t, "bound")
		for _, m := range ports.Compare(told, rapid.Bool().Draw(t, "https"), sites) { // nothing may panic, all must be said
			require.NotEmpty(t, m.Kind)
			require.NotEmpty(t, m.Remedy)
		}
		require.Empty(t, ports.Compare(told, true, []ports.Bound{{Scheme: "https", Port: told.HTTPS}, {Scheme: "http", Port: told.HTTP}}))
	})
}

func TestBoundText(t *testing.T) {
	for text, b := range map[string]ports.Bound{
		"http *:8530:":                    {Scheme: "HTTP", Port: 8530},
		"https *:8531:wsus01.lab.example": {Scheme: "https", Address: "*", Port: 8531, Host: "wsus01.lab.example"},
		"https [2001:db8::7]:443:":        {Scheme: "https", Address: "2001:db8::7", Port: 443},
		"https [fe80::1]:443:":            {Scheme: "https", Address: "[fe80::1]", Port: 443},
		"http 10.0.0.7:80:*":              {Scheme: "http", Address: "10.0.0.7", Port: 80, Host: "*"},
	} {
		require.Equal(t, text, b.String())
	}
}
