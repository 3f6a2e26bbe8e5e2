package iis_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

func TestParseSSLFlags(t *testing.T) {
	for value, want := range map[string]struct {
		flags   iis.SSLFlags
		written string
	}{
		"":                      {0, "None"},
		"None":                  {0, "None"},
		"0":                     {0, "None"},
		"ssl":                   {8, "Ssl"},
		"8":                     {8, "Ssl"},
		"Ssl128,SSL":            {264, "Ssl, Ssl128"},
		" Ssl ,  Ssl128 ":       {264, "Ssl, Ssl128"},
		"None, Ssl":             {8, "Ssl"},
		"360":                   {360, "Ssl, SslNegotiateCert, SslRequireCert, Ssl128"},
		"SslRequireCert, 32":    {96, "SslNegotiateCert, SslRequireCert"},
		"Ssl, SslNegotiateCert": {40, "Ssl, SslNegotiateCert"},
	} {
		flags, err := iis.ParseSSLFlags(value)
		require.NoError(t, err, value)
		require.Equal(t, want.flags, flags, value)
		require.Equal(t, want.written, flags.String(), value)
	}
	for value, named := range map[string]string{
		"SslMapCert": `"SslMapCert"`, "Ssl Ssl128": `"Ssl Ssl128"`, "1": `"1"`, "-8": `"-8"`, "0x8": `"0x8"`, "4294967304": `"4294967304"`,
		"Ssl, x, Ssl128, y": `"x", "y"`,
	} {
		_, err := iis.ParseSSLFlags(value)
		require.ErrorContains(t, err, "IIS knows no SSL flag "+named+":", value)
	}
	require.Equal(t, "Ssl, 3", (iis.Ssl | 3).String())
}

// Edits are kept as JSON, which people read too.
func TestSSLFlagsInJSON(t *testing.T) {
	edit := iis.SetSSLFlags{Path: "WSUS Administration/Content", Flags: iis.Ssl128 | iis.Ssl}
	data, err := json.Marshal(edit)
	require.NoError(t, err)
	require.JSONEq(t, `{"path":"WSUS Administration/Content","sslFlags":"Ssl, Ssl128"}`, string(data))
	var back iis.SetSSLFlags
	require.NoError(t, json.Unmarshal(data, &back))
	require.Equal(t, edit, back)
	require.NoError(t, json.Unmarshal([]byte(`{"sslFlags":"none"}`), &back))
	require.Zero(t, back.Flags)

	back.Flags = iis.Ssl
	require.ErrorContains(t, json.Unmarshal([]byte(`{"sslFlags":"SslMapCert"}`), &back), `IIS knows no SSL flag "SslMapCert"`)
	require.Equal(t, iis.Ssl, back.Flags, "nothing is changed by what cannot be read")
}
