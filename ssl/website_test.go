package ssl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/iis"
)

func TestFindWebSite(t *testing.T) {
	second := strings.NewReplacer("WSUS Administration", "Old WSUS", "1290455101", "4711")
	from, to := strings.Index(healthyConfig, `<site name="WSUS`), strings.Index(healthyConfig, "<siteDefaults>")
	two := strings.Replace(healthyConfig, "<siteDefaults>", second.Replace(healthyConfig[from:to])+"<siteDefaults>", 1)
	none := healthyConfig[:from] + healthyConfig[to:]
	left := healthyConfig
	for _, root := range []string{"ApiRemoting30", "ClientWebService", "DssAuthWebService", "ReportingWebService", "ServerSyncWebService"} {
		left = strings.Replace(left, `path="/`+root+`"`, `path="/Other`+root+`"`, 1)
	}
	for name, c := range map[string]struct {
		text, site string
		want       string
		err        error
		refs       []ssl.SiteRef
	}{
		"by its roots":          {healthyConfig, "", "WSUS Administration", nil, nil},
		"by one service":        {left, "", "WSUS Administration", nil, nil},
		"by name, without case": {two, "old wsus", "Old WSUS", nil, nil},
		"two": {two, "", "", ssl.ErrSeveralSites,
			[]ssl.SiteRef{{Name: "WSUS Administration", ID: 1290455101}, {Name: "Old WSUS", ID: 4711}}},
		"none; Selfupdate on the default site does not count": {none, "", "", ssl.ErrNoSite, []ssl.SiteRef{{Name: "Default Web Site", ID: 1}}},
		"another name": {healthyConfig, "WSUS", "", ssl.ErrNoSite,
			[]ssl.SiteRef{{Name: "Default Web Site", ID: 1}, {Name: "WSUS Administration", ID: 1290455101}}},
		"a site without WSUS": {healthyConfig, "Default Web Site", "", ssl.ErrNoSite,
			[]ssl.SiteRef{{Name: "Default Web Site", ID: 1}, {Name: "WSUS Administration", ID: 1290455101}}},
		"no sites": {"<configuration/>", "", "", ssl.ErrNoSite, []ssl.SiteRef{}},
	} {
		t.Run(name, func(t *testing.T) {
			config, err := iis.Parse([]byte(c.text))
			require.NoError(t, err)
			site, err := ssl.FindWebSite(config, c.site)
			require.Equal(t, c.want, site.Name)
			if c.err == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.err)
			var siteError *ssl.SiteError
			require.ErrorAs(t, err, &siteError)
			require.Equal(t, c.refs, siteError.Sites)
			for _, ref := range c.refs {
				require.ErrorContains(t, err, ref.Name)
			}
			require.NotContains(t, err.Error(), "\n")
		})
	}
}

func TestAuditDisputedSite(t *testing.T) {
	for index, other := range map[uint32]string{1: "Default Web Site", 99: ""} {
		s := newAudited()
		s.audit.Setup.IISTargetWebSiteIndex = index
		_, err := ssl.Audit(s.config(t))
		require.ErrorIs(t, err, ssl.ErrSiteDisputed)
		var disputed *ssl.SiteError
		require.ErrorAs(t, err, &disputed)
		require.Equal(t, []ssl.SiteRef{{Name: "WSUS Administration", ID: 1290455101}, {Name: other, ID: index}}, disputed.Sites)
	}
}

// No public configuration has a web site of WSUS: each real one is told so, with its sites.
func TestFindWebSiteInRealConfigurations(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "shared", "testdata", "iis", "*.config"))
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("shared/testdata is not here")
	}
	read := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		config, err := iis.Parse(data)
		if err != nil {
			continue // fragments and other files: package iis names them
		}
		read++
		_, err = ssl.FindWebSite(config, "")
		var siteError *ssl.SiteError
		require.ErrorAs(t, err, &siteError, name)
		require.ErrorIs(t, err, ssl.ErrNoSite, name)
		require.Len(t, siteError.Sites, len(config.Sites()))
	}
	require.GreaterOrEqual(t, read, 6)
}
