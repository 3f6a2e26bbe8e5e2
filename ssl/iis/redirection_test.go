package iis_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

func TestParseRedirection(t *testing.T) {
	for text, want := range map[string]iis.Redirection{
		`<configuration/>`: {},
		`<configuration><configurationRedirection /></configuration>`:                                     {},
		`<configuration><!-- <configurationRedirection enabled="true" path="C:\x" /> --></configuration>`: {},
		`<configuration><configurationRedirection enabled="true" path="\\files\iis" userName="LAB\iis" password="[enc:IISRsaProvider:c2VjcmV0:enc]" />
		</configuration>`: {Enabled: true, Path: `\\files\iis`, UserName: `LAB\iis`},
		`<configuration><configurationRedirection enabled="False" path="C:\old" /></configuration>`: {Path: `C:\old`},
		`<configuration><configurationRedirection enabled="true" /></configuration>`:                {Enabled: true},
	} {
		got, err := iis.ParseRedirection([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
		require.NotContains(t, fmt.Sprintf("%+v", got), "c2VjcmV0")
	}
	for text, problem := range map[string]string{
		`<configuration><configurationRedirection enabled="yes" /></configuration>`:                 `line 1 has enabled="yes", which is neither true nor false`,
		`<configurationRedirection enabled="true" />`:                                               "the root element is <configurationRedirection>",
		"<configuration><configurationRedirection />\n<configurationRedirection /></configuration>": "line 2 states configurationRedirection a second time, after line 1",
		"": "the file has no element",
	} {
		_, err := iis.ParseRedirection([]byte(text))
		require.ErrorContains(t, err, "read redirection: ", text)
		require.ErrorContains(t, err, problem, text)
	}
	if data, ok := realFile(t, "c1982-redirection.config"); ok {
		got, err := iis.ParseRedirection(data)
		require.NoError(t, err)
		require.Equal(t, iis.Redirection{}, got)
	}
}
