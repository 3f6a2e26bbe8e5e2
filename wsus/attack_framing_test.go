package wsus_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// framingAttacks are requests whose end two readers could see in different places (request smuggling, RFC 9112 §11.2). None may be
// good for anything that the same request alone would not get: over HTTP, a secured root answers 403 or the connection has ended.
func framingAttacks() []attack {
	const smuggling = "request smuggling"
	inner := "GET " + clientsync.ClientPath + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	post := "POST " + clientsync.ReportingPath + " HTTP/1.1\r\nHost: x\r\n"
	row := func(name, sent, answer, text string, first int) attack {
		return attack{name: name, weakness: smuggling, sent: sent, answer: answer, run: func(t *testing.T, v *victim) {
			replies := v.converseText(t, overHTTP, text)
			require.NotEmpty(t, replies)
			require.LessOrEqual(t, len(replies), 2)
			require.Equal(t, first, replies[0].status, replies[0].body)
			for _, r := range replies[1:] {
				require.Equal(t, http.StatusForbidden, r.status, "the second is judged as any other")
			}
		}}
	}
	const fault = http.StatusInternalServerError
	return []attack{
		row("length and chunks", "Content-Length 4 and chunked, another request behind the last chunk",
			"a fault for the body, 403 for what follows",
			post+"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+inner, fault),
		row("chunks, then length", "the same with the lengths the other way round", "a fault for the body, 403 for what follows",
			post+"Transfer-Encoding: chunked\r\nContent-Length: 100\r\n\r\n3\r\nabc\r\n0\r\n\r\n"+inner, fault),
		row("two transfer codings", "chunked, identity", "501 or 400",
			post+"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"+inner, http.StatusNotImplemented),
		row("coding with a blank", "Transfer-Encoding: ' chunked' with a vertical tab", "400 or 501",
			post+"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n"+inner, http.StatusBadRequest),
		row("name with a blank", "'Transfer-Encoding : chunked'", "400",
			post+"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"+inner, http.StatusBadRequest),
		row("two lengths", "Content-Length 5 and 50", "400", post+"Content-Length: 5\r\nContent-Length: 50\r\n\r\nabcde"+inner,
			http.StatusBadRequest),
		row("folded header", "a header that goes on in the next line and hides a length",
			"the length does not count; 403 for what follows",
			"GET /Content/anonymousCheckFile.txt HTTP/1.1\r\nHost: x\r\nX: y\r\n Content-Length: 200\r\n\r\n"+inner, http.StatusOK),
		row("bad chunk size", "sizes 0x1, -1, 1 2, 2^64", "a fault, and the end",
			post+"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n"+inner, fault),
		row("chunk size that overflows", "ffffffffffffffff1", "a fault, and the end",
			post+"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\na\r\n0\r\n\r\n"+inner, fault),
		row("bare line feeds in chunks", "chunks that end in \\n only", "a fault; nothing behind them counts as good",
			post+"Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n"+inner, fault),
		row("body of GET", "a request in the body of a GET", "one answer, 403 for what is behind it",
			"GET /Content/anonymousCheckFile.txt HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"+inner, http.StatusOK),
		row("request in a request", "a request in the body of another to a secured root", "403, and the connection ends",
			"POST "+clientsync.ClientPath+" HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\nignored"+inner, http.StatusForbidden),
		row("trailers", "trailers that are called Host and X-Forwarded-Proto", "a fault for the body, 403 for what follows",
			post+"Transfer-Encoding: chunked\r\nTrailer: X-Forwarded-Proto\r\n\r\n1\r\na\r\n0\r\nX-Forwarded-Proto: https\r\n\r\n"+inner, fault),
		{name: "pipelining", weakness: smuggling, sent: "200 requests at once, secured and open in turns",
			answer: "200 and 403 in their order, until the first 403 ends the connection",
			run: func(t *testing.T, v *victim) {
				open := "GET /Content/anonymousCheckFile.txt HTTP/1.1\r\nHost: x\r\n\r\n"
				replies := v.converseText(t, overHTTP, strings.Repeat(open+inner, 100))
				require.Len(t, replies, 2)
				require.Equal(t, http.StatusOK, replies[0].status)
				require.Equal(t, http.StatusForbidden, replies[1].status)
			}},
	}
}
