package wsus_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func contentAttacks() []attack {
	const traversal, listing = "path traversal below the content root", "listings of folders"
	return []attack{
		{name: "folders", weakness: listing, sent: "the root, a folder, the folder of downloads, with and without slash",
			answer: "404", run: func(t *testing.T, v *victim) {
				path, _ := v.contentFile(t)
				for _, target := range []string{"/Content", "/Content/", filepath.Dir(path), filepath.Dir(path) + "/",
					"/Content/partial/", "/content/PARTIAL"} {
					require.Equal(t, http.StatusNotFound, v.get(t, overHTTP, target, "").status, target)
				}
			}},
		{name: "names that are no digests", weakness: traversal,
			sent: "files beside the content, a digest with stream, dots, blank, other folder, half of it", answer: "404 or 400",
			run: func(t *testing.T, v *victim) {
				path, size := v.contentFile(t)
				require.Len(t, v.get(t, overHTTP, path, "").body, int(size), "the file itself is there")
				digest := filepath.Base(path)
				folder := filepath.Dir(path)
				other := "/Content/00/"
				if folder+"/" == other {
					other = "/Content/01/"
				}
				for _, target := range []string{"/Content/web.config", "/Content/softwareupdates.db", "/Content/lock",
					"/Content//etc/passwd", path + "::$DATA", path + ".", path + "%20", path + "/",
					path + "/x", path + "%00.txt", path + ".exe.exe", "/Content/" + digest, folder + "/" +
						digest[2:], other + digest, folder + "//" + digest,
					folder + "/../" + filepath.Base(folder) + "/" + digest, folder + "/C:" + digest, folder +
						"/%5c%5c192.0.2.1%5cx"} {
					require.Contains(t, []int{http.StatusNotFound, http.StatusBadRequest}, v.get(t, overHTTP, target, "").status,
						target)
				}
			}},
		{name: "links in the folder", weakness: traversal,
			sent:   "a symbolic link to a file outside, to a folder outside and to itself, in a digest's place",
			answer: "an error without the text of the file or its path",
			run: func(t *testing.T, v *victim) {
				secret := filepath.Join(t.TempDir(), "secret")
				require.NoError(t, os.WriteFile(secret, []byte("top secret"), 0o600))
				digest := strings.Repeat("0", 38) + freeFolder(t, v.folder)
				folder := filepath.Join(v.folder, digest[38:])
				require.NoError(t, os.Mkdir(folder, 0o750))
				defer os.Remove(folder)
				for _, target := range []string{secret, filepath.Dir(secret), digest} {
					place := filepath.Join(folder, digest)
					require.NoError(t, os.Symlink(target, place))
					r := v.get(t, overHTTP, "/Content/"+digest[38:]+"/"+digest, "")
					require.NoError(t, os.Remove(place))
					require.GreaterOrEqual(t, r.status, 400)
					require.NotContains(t, r.body, "secret")
					require.NotContains(t, r.body, v.folder)
				}
			}},
		{name: "methods that write", weakness: "content that clients can put there",
			sent: "PUT, POST, DELETE, PROPFIND, MOVE, PATCH on a file", answer: "405", run: func(t *testing.T, v *victim) {
				path, _ := v.contentFile(t)
				for _, method := range []string{"PUT", "POST", "DELETE", "PROPFIND", "MOVE", "PATCH", "MKCOL", "get"} {
					require.Equal(t, http.StatusMethodNotAllowed,
						v.raw(t, overHTTP, method+" "+path+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx").status, method)
				}
			}},
		{name: "range bombs", weakness: "CVE-2015-1635 and the overlapping ranges of 2011",
			sent: "5,000 overlapping ranges, ranges at 2^63-1 and beyond", answer: "the file once, or 416",
			run: func(t *testing.T, v *victim) {
				path, size := v.contentFile(t)
				r := v.get(t, overHTTP, path, "Range: bytes="+strings.Repeat("0-,", 5000)+"0-\r\n")
				require.LessOrEqual(t, len(r.body), int(size))
				for _, ranges := range []string{"bytes=0-18446744073709551615", "bytes=9223372036854775807-",
					"bytes=-9223372036854775808", "bytes=5-2", "bytes=x-y", "bytes=18446744073709551615-0"} {
					r := v.get(t, overHTTP, path, "Range: "+ranges+"\r\n")
					require.Contains(t, []int{http.StatusOK, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable},
						r.status, ranges)
					require.LessOrEqual(t, len(r.body), int(size))
				}
			}},
	}
}

// freeFolder is the name of a folder that no file of the store needs.
func freeFolder(t *testing.T, store string) string {
	t.Helper()
	for n := range 256 {
		name := fmt.Sprintf("%02X", n)
		if _, err := os.Stat(filepath.Join(store, name)); os.IsNotExist(err) {
			return name
		}
	}
	t.Fatal("every folder is there")
	return ""
}
