package wsus_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/xpress"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// maxBody is what the server takes of a request (clientsync.DefaultMaxBody); slack is what may be in buffers on the way.
const (
	maxBody = 16 << 20
	slack   = 8 << 20
)

func bodyAttacks() []attack {
	const size, packed = "bodies that are read to their end", "bodies that are unpacked before they are bounded"
	const head = "POST " + clientsync.ReportingPath + " HTTP/1.1\r\nHost: x\r\n"
	return []attack{
		{name: "claimed length", weakness: size, sent: "Content-Length of 8 TB, and none of it",
			answer: "InvalidParameters at once", run: func(t *testing.T, v *victim) {
				r := v.raw(t, overHTTP, head+"Content-Length: 8796093022208\r\n\r\n")
				requireFault(t, clientsync.InvalidParameters, r)
				require.Contains(t, r.body, "the request has more than 16777216 bytes")
			}},
		{name: "length that is no length", weakness: "integers that overflow",
			sent: "Content-Length -1, 2^64, 0x10, +5, two that differ", answer: "400", run: func(t *testing.T, v *victim) {
				for _, length := range []string{"-1", "18446744073709551616", "0x10", "+5", "5\r\nContent-Length: 6", "5, 6", ""} {
					require.Equal(t, http.StatusBadRequest, v.raw(t, overHTTP,
						head+"Content-Length: "+length+"\r\n\r\nabcde").status,
						length)
				}
			}},
		{name: "endless body", weakness: size, sent: "chunks without end",
			answer: "InvalidParameters after 16 MB, and the connection ends", memory: 160 << 20,
			run: func(t *testing.T, v *victim) {
				sent := 0
				chunk := []byte("10000\r\n" + strings.Repeat("x", 0x10000) + "\r\n")
				replies := v.converse(t, overHTTP, func(w io.Writer) error {
					if _, err := io.WriteString(w, head+"Transfer-Encoding: chunked\r\n\r\n"); err != nil {
						return err
					}
					for sent < 1<<30 {
						n, err := w.Write(chunk)
						if sent += n; err != nil {
							return err
						}
					}
					return io.EOF
				})
				require.Less(t, sent, maxBody+slack, "bytes that the server took")
				for _, r := range replies { // it may be lost with the connection
					requireFault(t, clientsync.InvalidParameters, r)
				}
			}},
		{name: "chunk extensions", weakness: size, sent: "a chunk whose extension is a megabyte",
			answer: "a fault or a closed connection", run: func(t *testing.T, v *victim) {
				for _, r := range v.converse(t, overHTTP, func(w io.Writer) error {
					_, err := io.WriteString(w, head+"Transfer-Encoding: chunked\r\n\r\n1;"+strings.Repeat("e",
						1<<20)+"\r\nx\r\n0\r\n\r\n")
					return err
				}) {
					require.GreaterOrEqual(t, r.status, 400)
				}
			}},
		{name: "packed bombs", weakness: packed, sent: "gzip of 64 MB of spaces, deflate, br, one in the other",
			answer: "InvalidParameters: not known", memory: 96 << 20,
			run: func(t *testing.T, v *victim) {
				for encoding, body := range bombs(t) {
					for _, d := range []door{overHTTP, overTLS} {
						r := v.post(t, d, clientsync.ReportingPath, "Content-Encoding: "+encoding+"\r\n", body)
						requireFault(t, clientsync.InvalidParameters, r)
						require.Regexp(t, "Content-Encoding .* is not known", r.body)
					}
				}
			}},
		{name: "Xpress bombs", weakness: packed,
			sent:   "512 MB of spaces in 160 KB; a block that claims 2 GB; matches that reach before the block; a body cut in the middle",
			answer: "InvalidParameters after 16 MB at most", memory: 160 << 20, run: xpressBombs},
		{name: "packed transfer", weakness: packed, sent: "Transfer-Encoding: gzip, chunked", answer: "501",
			run: func(t *testing.T, v *victim) {
				require.Equal(t, http.StatusNotImplemented, v.raw(t, overHTTP,
					head+"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n").status)
			}},
		{name: "body where none belongs", weakness: size, sent: "POST of 8 TB to the other roots and to no root",
			answer: "4xx or 5xx at once, and the connection ends",
			run: func(t *testing.T, v *victim) {
				for _, path := range []string{"/ClientWebService/client.asmx", "/Content/anonymousCheckFile.txt",
					"/SelfUpdate/wuident.cab", "/Inventory/x", "/elsewhere", "/a//b"} {
					r := v.raw(t, overHTTP, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Length: 8796093022208\r\n\r\n")
					require.GreaterOrEqual(t, r.status, 400)
				}
			}},
	}
}

// bombs by their Content-Encoding: gzip is 64 members of a megabyte each.
func bombs(t *testing.T) map[string]string {
	t.Helper()
	pack := func(w io.WriteCloser, packed *bytes.Buffer) string {
		_, err := w.Write(bytes.Repeat([]byte(" "), 1<<20))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		return packed.String()
	}
	var zipped, deflated bytes.Buffer
	gz := strings.Repeat(pack(gzip.NewWriter(&zipped), &zipped), 64)
	return map[string]string{
		"gzip": gz, "GZIP": gz, "gzip, gzip": gz, "x-gzip": gz, "identity, gzip": gz,
		"deflate": pack(zlib.NewWriter(&deflated), &deflated),
		"br":      "\x5b\xff\xff\xff",
	}
}

func xpressBombs(t *testing.T, v *victim) {
	block := xpress.Append(nil, bytes.Repeat([]byte(" "), xpress.BlockSize))
	good := xpress.Append(nil, []byte(envelope(clientsync.ReportingPath, "ReportEventBatch", strings.Repeat("<cookie/>", 1000))))
	for name, body := range map[string]string{
		"large":         strings.Repeat(string(block), 512<<20/xpress.BlockSize),
		"claims 2 GB":   "\xff\xff\xff\x7f\x0d\x00\x00\x00\xff\xff\xff\x7fa\x07\x00\x0f\xff\x15\x01",
		"negative size": "\xff\xff\xff\xff\xff\xff\xff\xffa",
		"before it":     "\x10\x00\x00\x00\x06\x00\x00\x00\xff\xff\xff\xff\xff\xff",
		"cut":           string(good[:len(good)-20]),
		"none":          envelope(clientsync.ReportingPath, "ReportEventBatch", ""),
	} {
		used := allocated(func() {
			requireFault(t, clientsync.InvalidParameters, v.post(t, overHTTP, clientsync.ReportingPath,
				"Content-Encoding: xpress\r\n", body))
		})
		require.LessOrEqual(t, used, uint64(8*maxBody), name)
	}
	r := v.post(t, overHTTP, clientsync.ReportingPath, "Content-Encoding: xpress\r\n", string(good))
	requireFault(t, clientsync.InvalidCookie, r) // what is packed well is read
}
