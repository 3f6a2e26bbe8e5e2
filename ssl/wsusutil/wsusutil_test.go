package wsusutil_test

import (
	"context"
	"errors"
	"testing"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/wsusutil"
)

const name = "wsus01.lab.example"

func recorded(out ssl.Output, args ...string) *ssl.Recorded {
	return &ssl.Recorded{Transcript: []ssl.Exchange{{
		Command: ssl.Command{Name: wsusutil.DefaultToolPath, Args: args}, Output: out}}}
}

// The outputs are composed from the forms that the product's documentation shows.
func TestConfigureSSL(t *testing.T) {
	for _, c := range []struct {
		title, stdout string
		ports         ports.Pair
		url           string
		err           error
	}{
		{"as documented", "https://wsus01.lab.example:8531", ports.Custom, "https://wsus01.lab.example:8531", nil},
		{"with a label", "URL: https://WSUS01.lab.example:8531\r\n", ports.Custom, "https://WSUS01.lab.example:8531", nil},
		{"port 443 written", "https://wsus01.lab.example:443\r\n", ports.Default, "https://wsus01.lab.example:443", nil},
		{"port 443 left out", "https://wsus01.lab.example\r\n", ports.Default, "https://wsus01.lab.example", nil},
		{"first of two", "https://wsus01.lab.example:8531/x http://other:1", ports.Pair{}, "https://wsus01.lab.example:8531", nil},
		{"not secured", "URL: http://wsus01.lab.example:8530", ports.Custom, "http://wsus01.lab.example:8530", wsusutil.ErrNotSecure},
		{"other name", "https://wsus02.lab.example:8531", ports.Custom, "https://wsus02.lab.example:8531", wsusutil.ErrOtherAddress},
		{"other port", "https://wsus01.lab.example:443", ports.Custom, "https://wsus01.lab.example:443", wsusutil.ErrOtherAddress},
		{"no address", "The command completed.", ports.Custom, "", wsusutil.ErrNoURL},
		{"nothing", "", ports.Custom, "", wsusutil.ErrNoURL},
	} {
		t.Run(c.title, func(t *testing.T) {
			runner := recorded(ssl.Output{Stdout: []byte(c.stdout)}, "configuressl", name)
			result, err := wsusutil.ConfigureSSL(t.Context(), runner, wsusutil.Config{
				ToolPath: wsusutil.DefaultToolPath, Name: name, Ports: c.ports})
			require.ErrorIs(t, err, c.err)
			require.Equal(t, c.url, result.URL)
			require.Empty(t, runner.Left())
		})
	}
}

func TestToolFails(t *testing.T) {
	refused := ssl.Output{Stdout: []byte("Fatal Error: Access is denied.\r\n"), ExitCode: 1}
	_, err := wsusutil.ConfigureSSL(t.Context(), recorded(refused, "configuressl", name),
		wsusutil.Config{ToolPath: wsusutil.DefaultToolPath, Name: name})
	var tool *wsusutil.ToolError
	require.ErrorAs(t, err, &tool)
	require.ErrorContains(t, err, "exit code 1: Fatal Error: Access is denied.")

	err = wsusutil.CheckHealth(t.Context(), recorded(refused, "checkhealth"), wsusutil.Config{ToolPath: wsusutil.DefaultToolPath})
	require.ErrorAs(t, err, &tool)

	absent := errors.New("no such file")
	runner := &ssl.Recorded{Transcript: []ssl.Exchange{{Command: ssl.Command{Name: "tool", Args: []string{"checkhealth"}}, Err: absent}}}
	require.ErrorIs(t, wsusutil.CheckHealth(t.Context(), runner, wsusutil.Config{ToolPath: "tool"}), absent)
}

func TestCheckHealth(t *testing.T) {
	runner := recorded(ssl.Output{}, "checkhealth")
	require.NoError(t, wsusutil.CheckHealth(t.Context(), runner, wsusutil.Config{ToolPath: wsusutil.DefaultToolPath}))
	require.Empty(t, runner.Left())
	require.Error(t, wsusutil.CheckHealth(context.Background(), runner, wsusutil.Config{}))
}

func TestConfigIsCheckedBeforeAnythingRuns(t *testing.T) {
	runner := &ssl.Recorded{}
	_, err := wsusutil.ConfigureSSL(t.Context(), runner, wsusutil.Config{Ports: ports.Pair{HTTP: 1, HTTPS: 9}})
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	require.Len(t, all.Errors, 3)
	for _, bad := range []string{"-enable", "a b", `a"b`, "http://a", "a&b"} {
		_, err := wsusutil.ConfigureSSL(t.Context(), runner, wsusutil.Config{ToolPath: "tool", Name: bad})
		require.ErrorContains(t, err, "not a DNS name", bad)
	}
}
