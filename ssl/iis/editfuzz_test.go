package iis_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// FuzzEdit makes edits of whatever parses. What succeeds holds, is the same twice, can be undone to the bytes, and can be shown.
func FuzzEdit(f *testing.F) {
	for name, data := range composed(f) {
		f.Add(data, name, uint32(8), "http", "*:8530:", "queueLength", "2000")
		f.Add(data, "ClientWebService", uint32(0), "https", "[::1]:443:a", "recycling/periodicRestart/privateMemory", "0")
	}
	f.Add([]byte("<configuration><system.applicationHost><sites><site name='a&#47;b' id='1'><bindings/></site></sites>"+
		"</system.applicationHost></configuration>"), "&<>'\"", uint32(8), "net.tcp", "808:*", "cpu/limit", "1")
	f.Fuzz(func(t *testing.T, data []byte, below string, flags uint32, protocol, information, attribute, value string) {
		c, err := iis.Parse(data)
		if err != nil || len(data) > 1<<16 {
			return
		}
		site, pool := "none", "none"
		for _, s := range c.Sites() {
			site = s.Name
		}
		for _, p := range c.AppPools() {
			pool = p.Name
		}
		edits := []iis.Edit{
			iis.SetSSLFlags{Path: site + "/" + below, Flags: iis.SSLFlags(flags)},
			iis.AddBinding{Site: site, Binding: iis.Binding{Protocol: protocol, Information: information, SSLFlags: flags}},
			iis.SetPool{Pool: pool, Attribute: attribute, Value: value},
			iis.SetSSLFlags{Path: strings.ToUpper(site), Flags: iis.Ssl},
			iis.RemoveBinding{Site: site, Protocol: protocol, Information: information},
			iis.SetSSLFlags{},
		}
		now := c
		for _, e := range edits {
			next, change, err := now.Apply(e)
			if err != nil {
				require.Nil(t, next)
				continue
			}
			change.Diff()
			_, again, err := next.Apply(e)
			require.NoError(t, err)
			require.True(t, again.Empty(), "%s: twice is once", e)
			back, err := change.Undo(next)
			require.NoError(t, err)
			require.Equal(t, now.Bytes(), back.Bytes())
			now = next
		}
	})
}
