package iis_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

func TestParseBinding(t *testing.T) {
	for _, c := range []struct {
		protocol, information string
		address               string
		port                  int
		host                  string
	}{
		{"http", "*:80:", "*", 80, ""},
		{"HTTP", ":8080:localhost", "", 8080, "localhost"},
		{"https", ":44300:*", "", 44300, "*"},
		{"https", "*:443:*.lab.example", "*", 443, "*.lab.example"},
		{"https", "10.0.0.7:8531:wsus01", "10.0.0.7", 8531, "wsus01"},
		{"https", "[2001:db8::7]:8531:", "2001:db8::7", 8531, ""},
		{"https", "[::]:8531:wsus01", "::", 8531, "wsus01"},
		{"https", "::1:8531:", "::1", 8531, ""},
		{"ftp", "*:21:", "*", 21, ""},
		{"net.tcp", "808:*", "", 0, ""},
		{"net.pipe", "*", "", 0, ""},
		{"msmq.formatname", "localhost", "", 0, ""},
	} {
		b, err := iis.ParseBinding(c.protocol, c.information)
		require.NoError(t, err, c.information)
		require.Equal(t, iis.Binding{Protocol: c.protocol, Information: c.information, Address: c.address, Port: c.port, Host: c.host}, b)
	}
	for _, information := range []string{"", "8531", "*:8531", "*:x:", "*:0:", "*:65536:", "*:-1:", "* :80:", "host:80:", "[10.0.0.7]:80:", "[::1:80:",
		"::1]:80:", "[]:80:"} {
		b, err := iis.ParseBinding("https", information)
		require.ErrorContains(t, err, "bindingInformation", information)
		require.Equal(t, iis.Binding{Protocol: "https", Information: information}, b)
	}
}

func TestSitePorts(t *testing.T) {
	site := func(bindings ...string) iis.Site {
		s := iis.Site{Name: "WSUS"}
		for i := 0; i < len(bindings); i += 2 {
			b, _ := iis.ParseBinding(bindings[i], bindings[i+1])
			s.Bindings = append(s.Bindings, b)
		}
		return s
	}
	for _, s := range []iis.Site{
		site("http", "*:8530:", "https", "*:8531:"),
		site("https", "*:8531:", "HTTP", ":8530:*", "net.tcp", "808:*", "ftp", "*:21:"),
		site("http", "10.0.0.7:8530:", "http", "[::1]:8530:", "https", "*:8531:a", "https", "*:8531:b"),
	} {
		pair, err := s.Ports()
		require.NoError(t, err)
		require.Equal(t, ports.Custom, pair)
	}
	for _, c := range []struct {
		site iis.Site
		pair ports.Pair
		want []error
	}{
		{site(), ports.Pair{}, []error{iis.ErrNoBinding}},
		{site("http", "*:80:"), ports.Pair{HTTP: 80}, []error{iis.ErrNoBinding}},
		{site("https", "*:443:", "net.tcp", "808:*"), ports.Pair{HTTPS: 443}, []error{iis.ErrNoBinding}},
		{site("http", "*:80:", "http", "*:8530:", "https", "*:443:"), ports.Pair{HTTPS: 443}, []error{iis.ErrSeveralPorts}},
		{site("http", "*:80:", "http", "*:8530:"), ports.Pair{}, []error{iis.ErrSeveralPorts, iis.ErrNoBinding}},
		{site("http", "*:80:", "https", "*:x:"), ports.Pair{HTTP: 80}, []error{iis.ErrMalformedBinding}},
		{site("http", "*:8530:", "https", "*:443:"), ports.Pair{HTTP: 8530, HTTPS: 443}, []error{ports.ErrPairing}},
		{site("http", "*:8530:", "https", "*:8530:"), ports.Pair{HTTP: 8530, HTTPS: 8530}, []error{ports.ErrEqual, ports.ErrPairing}},
	} {
		pair, err := c.site.Ports()
		for _, want := range c.want {
			require.ErrorIs(t, err, want)
		}
		require.Equal(t, c.pair, pair)
	}
}
