package ports_test

import (
	"net"
	"net/url"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/ports"
)

func TestURLs(t *testing.T) {
	for _, c := range []struct {
		pair                   ports.Pair
		host                   string
		plain, secure, content string
	}{
		{ports.Custom, "wsus01.lab.example",
			"http://wsus01.lab.example:8530", "https://wsus01.lab.example:8531", "http://wsus01.lab.example:8530"},
		{ports.Default, "wsus01", "http://wsus01", "https://wsus01", "http://wsus01"},
		{ports.Custom, "10.0.0.7", "http://10.0.0.7:8530", "https://10.0.0.7:8531", "http://10.0.0.7:8530"},
		{ports.Default, "::1", "http://[::1]", "https://[::1]", "http://[::1]"},
		{ports.Custom, "[2001:db8::7]", "http://[2001:db8::7]:8530", "https://[2001:db8::7]:8531", "http://[2001:db8::7]:8530"},
		{ports.Custom, "fe80::1%eth0",
			"http://[fe80::1%25eth0]:8530", "https://[fe80::1%25eth0]:8531", "http://[fe80::1%25eth0]:8530"},
	} {
		require.Equal(t, c.plain, c.pair.MetadataURL(c.host, false))
		require.Equal(t, c.secure, c.pair.MetadataURL(c.host, true))
		require.Equal(t, c.content, c.pair.ContentURL(c.host))
	}
}

// An authority is taken as it is: that of a Host header has its port and brackets already.
func TestAddressURL(t *testing.T) {
	require.Equal(t, "http://wsus01:8530", ports.AddressURL("wsus01:8530", false))
	require.Equal(t, "https://[::1]:8531", ports.AddressURL("[::1]:8531", true))
	require.Equal(t, "https://wsus01.lab.example", ports.AddressURL("wsus01.lab.example", true))
}

// Whatever is derived leads a standard client to the port and host that were given.
func TestURLsLeadToTheirPort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pair, err := ports.ForHTTP(rapid.IntRange(1, 440).Draw(t, "http"))
		require.NoError(t, err)
		host := rapid.OneOf(
			rapid.StringMatching(`[a-z][a-z0-9]{0,10}(\.[a-z]{2,5}){0,2}`),
			rapid.Custom(func(t *rapid.T) string {
				return net.IP(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "address")).String()
			}),
		).Draw(t, "host")
		for _, c := range []struct {
			url, scheme, standard string
			port                  int
		}{
			{pair.MetadataURL(host, true), "https", "443", pair.HTTPS},
			{pair.MetadataURL(host, false), "http", "80", pair.HTTP},
			{pair.ContentURL(host), "http", "80", pair.HTTP},
		} {
			u, err := url.Parse(c.url)
			require.NoError(t, err)
			port := u.Port()
			if port == "" {
				port = c.standard
			} else {
				require.NotEqual(t, c.standard, port, "the scheme's own port is left out")
			}
			require.Equal(t, c.scheme, u.Scheme)
			require.Equal(t, host, u.Hostname())
			require.Equal(t, strconv.Itoa(c.port), port)
		}
	})
}
