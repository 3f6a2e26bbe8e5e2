package iis_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

func redirection(path string) string {
	return `<configuration><configurationRedirection enabled="true" path="` + path + `" userName="LAB\reader" password="secret" /></configuration>`
}

func TestRedirectionIsFollowedOrRefused(t *testing.T) {
	shared := onDisk(t, []byte(wsus(t)), "")
	path := onDisk(t, []byte("<configuration><!-- not this one --></configuration>"), redirection(filepath.Dir(shared)))

	_, err := iis.Open(path, iis.Options{})
	var refused *iis.RedirectedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, filepath.Dir(shared), refused.Path)
	require.Equal(t, filepath.Join(filepath.Dir(path), "redirection.config"), refused.File)
	require.NotContains(t, err.Error(), "secret")

	f := opened(t, path, iis.Options{FollowRedirection: true})
	require.Equal(t, shared, f.Path())
	require.True(t, f.Shared())
	_, err = f.Write(t.Context(), secured(t, f.Config()))
	require.ErrorIs(t, err, iis.ErrShared)
	require.Len(t, listed(t, shared), 1)

	f = opened(t, path, iis.Options{FollowRedirection: true, Shared: true})
	backup, err := f.Write(t.Context(), secured(t, f.Config()))
	require.NoError(t, err)
	require.Equal(t, filepath.Dir(shared), filepath.Dir(backup))
	require.NotEqual(t, wsus(t), content(t, shared))
	require.Contains(t, content(t, path), "not this one")
}

func TestRedirectionThatLeadsNowhere(t *testing.T) {
	for text, want := range map[string]string{
		redirection(`\\nlb\share\iis`):                  "mount it",
		redirection(`D:\iis`):                           "mount it",
		redirection(`shared/iis`):                       "full path",
		redirection(``):                                 "path",
		redirection(filepath.Join(t.TempDir(), "gone")): "is not there",
		"<configuration>":                               "redirection.config: read redirection",
		`<configuration><configurationRedirection enabled="perhaps"/></configuration>`: "neither true nor false",
	} {
		path := onDisk(t, []byte(wsus(t)), text)
		_, err := iis.Open(path, iis.Options{FollowRedirection: true})
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "secret")
	}
	path := onDisk(t, []byte(wsus(t)), `<configuration><configurationRedirection enabled="false" path="\\old" /></configuration>`)
	require.False(t, opened(t, path, iis.Options{}).Shared())
}

// The stock file of a real server does not redirect.
func TestRealRedirection(t *testing.T) {
	stock := stockRedirection
	if data := real(t)["c1982-redirection.config"]; data != nil {
		stock = string(data)
	}
	path := onDisk(t, []byte(wsus(t)), stock)
	require.Equal(t, path, opened(t, path, iis.Options{}).Path())
	require.NoError(t, os.Remove(filepath.Join(filepath.Dir(path), "redirection.config")))
	opened(t, path, iis.Options{})
}
