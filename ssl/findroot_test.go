package ssl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// The nine roots and which of them require SSL, written from the product's documentation.
func TestRoots(t *testing.T) {
	want := map[string]bool{
		"ApiRemoting30": true, "ClientWebService": true, "DssAuthWebService": true, "ServerSyncWebService": true,
		"SimpleAuthWebService": true, "Content": false, "Inventory": false, "ReportingWebService": false, "SelfUpdate": false,
	}
	roots := ssl.Roots()
	require.Len(t, roots, len(want))
	for _, root := range roots {
		require.Equal(t, want[root.Name], root.RequireSSL, root.Name)
		found, _, ok, err := ssl.FindRoot(&url.URL{Path: root.Service})
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, root, found)
	}
	roots[0].RequireSSL = false
	require.True(t, ssl.Roots()[0].RequireSSL, "the list belongs to the caller")
}

func TestFindRoot(t *testing.T) {
	for _, root := range ssl.Roots() {
		for _, name := range []string{root.Name, strings.ToLower(root.Name), strings.ToUpper(root.Name),
			"%43ontent"} {
			want := root.Name
			if name[0] == '%' {
				want = "Content"
			}
			for path, rest := range map[string]string{
				"/" + name:                       "",
				"/" + name + "/":                 "/",
				"/" + name + "/x.asmx":           "/x.asmx",
				"/" + name + "/a%20b/c":          "/a b/c",
				"/" + name + "/x.asmx?a=../b%2f": "/x.asmx",
			} {
				found, gotRest, ok, err := ssl.FindRoot(parse(t, path))
				require.NoError(t, err, path)
				require.True(t, ok, path)
				require.Equal(t, want, found.Name, path)
				require.Equal(t, rest, gotRest, path)
			}
		}
	}
	for _, path := range []string{"/", "/Contents", "/Content.", "/Content%20", "/x/Content", "/%C5%BFelfUpdate", "/favicon.ico"} {
		_, _, ok, err := ssl.FindRoot(parse(t, path))
		require.NoError(t, err, path)
		require.False(t, ok, path)
	}
}

func TestFindRootRefusesWhatCanBeReadInTwoWays(t *testing.T) {
	for _, path := range []string{
		"//ClientWebService", "/./ClientWebService", "/ClientWebService%2Fx", "/ClientWebService%2fx", "/ClientWebService/../Content",
		"/Content/../ClientWebService", "/Content/%2e%2e/ClientWebService", "/Content/..", "/Content/.", "/Content//x",
		`/Content\..\ClientWebService`, "/Content%5c..%5cClientWebService", "/Content/%252e%252e/x", "/%2543lientWebService",
		"/Content/%00", "/Content/a%0d%0ab", "/Content/%7f", "/Content/%ff", "/Content/%c0%ae%c0%ae/x", "/%2e/Content",
	} {
		_, _, ok, err := ssl.FindRoot(parse(t, path))
		require.ErrorIs(t, err, ssl.ErrPath, path)
		require.False(t, ok, path)
	}
	_, _, _, err := ssl.FindRoot(&url.URL{Opaque: "*"})
	require.ErrorIs(t, err, ssl.ErrPath)
}

// Whatever is found has the root's name as its first segment and no segment that leads elsewhere.
func FuzzFindRoot(f *testing.F) {
	for _, seed := range []string{"/Content/aa", "/%43lientWebService", "/Content/../x", "//", "/content%2f..", "/Content/%252e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		root, rest, ok, err := ssl.FindRoot(u)
		if err != nil {
			require.ErrorIs(t, err, ssl.ErrPath)
			require.False(t, ok)
			return
		}
		if !ok {
			return
		}
		require.True(t, rest == "" || rest[0] == '/')
		require.Equal(t, u.Path, "/"+u.Path[1:len(root.Name)+1]+rest)
		require.True(t, strings.EqualFold(root.Name, u.Path[1:len(root.Name)+1]))
		for segment := range strings.SplitSeq(rest, "/") {
			require.NotContains(t, []string{".", ".."}, segment)
		}
		require.NotContains(t, rest, `\`)
		require.NotContains(t, rest, "//")
		require.NotContains(t, rest, "%")
	})
}

func parse(t *testing.T, path string) *url.URL {
	t.Helper()
	u, err := url.ParseRequestURI(path)
	require.NoError(t, err)
	return u
}
