package wsus_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// slowAttacks run against a server of their own in a bubble, where an hour takes no time. Its connections hold nothing on the way: what
// is not read is not sent.
func slowAttacks() []attack {
	const holding = "clients that hold what others need (slow headers, slow bodies, slow readers)"
	row := func(name, sent, answer string, run func(t *testing.T, b *bubble)) attack {
		return attack{name: name, weakness: holding, sent: sent, answer: answer, memory: 256 << 20,
			run: func(t *testing.T, _ *victim) {
				synctest.Test(t, func(t *testing.T) {
					b := newBubble(t)
					run(t, b)
					b.requireWorks(t)
				})
			}}
	}
	return []attack{
		row("slow header", "a header, one byte a second", "ended after 10 s", func(t *testing.T, b *bubble) {
			for _, l := range []*pipes{b.plain, b.secure} { // to the secured port it is no handshake, which has its time too
				_, after := drip(t, l.dial(t), "POST / HTTP/1.1\r\nX: "+strings.Repeat("x", 100_000), time.Second)
				require.LessOrEqual(t, after, wsus.ReadHeaderTimeout+time.Second)
			}
		}),
		row("no handshake", "nothing, on the secured port", "ended after 10 s", func(t *testing.T, b *bubble) {
			_, after := drip(t, b.secure.dial(t), "", time.Second)
			require.LessOrEqual(t, after, wsus.ReadHeaderTimeout+time.Second)
		}),
		row("slow body", "a SOAP body, one byte in 5 s", "a fault after a minute, and the end", func(t *testing.T, b *bubble) {
			answer, after := drip(t, b.plain.dial(t), slowPost(clientsync.ReportingPath, 200_000)+strings.Repeat("<", 100_000),
				5*time.Second)
			require.Contains(t, answer, "the request did not arrive whole")
			require.LessOrEqual(t, after, clientsync.DefaultBodyTime+10*time.Second)
		}),
		row("slow body that nobody reads", "the same to roots that refuse it, to content and to no root", "ended after a minute",
			func(t *testing.T, b *bubble) {
				for _, path := range []string{clientsync.ClientPath, "/ServerSyncWebService/x.asmx", "/Inventory/x",
					"/Content/anonymousCheckFile.txt", "/elsewhere", "/a//b"} {
					_, after := drip(t, b.plain.dial(t), slowPost(path, 200_000)+strings.Repeat("<", 100_000), 5*time.Second)
					require.LessOrEqual(t, after, wsus.BodyTimeout+10*time.Second, path)
				}
			}),
		row("silence after a request", "a good request, then nothing", "ended after two minutes", func(t *testing.T, b *bubble) {
			answer, after := drip(t, b.plain.dial(t), "GET /Content/anonymousCheckFile.txt HTTP/1.1\r\nHost: x\r\n\r\n", 0)
			require.True(t, strings.HasPrefix(answer, "HTTP/1.1 200 OK"))
			require.Equal(t, wsus.IdleTimeout, after.Truncate(time.Second))
		}),
		row("answer that is not read", "a request for a large file, no byte of which is read", "ended after two minutes",
			func(t *testing.T, b *bubble) {
				conn := b.plain.dial(t)
				_, err := io.WriteString(conn, "GET "+b.file+" HTTP/1.1\r\nHost: x\r\n\r\n")
				require.NoError(t, err)
				start := time.Now()
				time.Sleep(wsus.StallTimeout + time.Second)
				_, err = io.ReadAll(conn)
				require.NoError(t, err)
				require.LessOrEqual(t, time.Since(start), wsus.StallTimeout+2*time.Second)
				b.requireNoConnection(t)
			}),
		row("answer that is hardly read", "the same, a byte a second", "ended after two minutes", func(t *testing.T, b *bubble) {
			conn := b.plain.dial(t)
			_, err := io.WriteString(conn, "GET "+b.file+" HTTP/1.1\r\nHost: x\r\n\r\n")
			require.NoError(t, err)
			start, one := time.Now(), make([]byte, 1)
			for err == nil {
				time.Sleep(time.Second)
				_, err = conn.Read(one)
			}
			require.LessOrEqual(t, time.Since(start), 2*wsus.StallTimeout+time.Second,
				"the header of the answer is a piece of its own")
		}),
		row("a thin line is no attack", "a large file over 1 KB a second", "the whole file", func(t *testing.T, b *bubble) {
			conn := b.plain.dial(t)
			_, err := io.WriteString(conn, "GET "+b.file+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
			require.NoError(t, err)
			got, piece := 0, make([]byte, 1<<10)
			for err == nil {
				time.Sleep(time.Second)
				var n int
				n, err = conn.Read(piece)
				got += n
			}
			require.ErrorIs(t, err, io.EOF)
			require.Greater(t, got, bubbleFile)
		}),
		row("many connections", "500 that send nothing, 500 in the middle of a body",
			"others are served meanwhile; all ended after a minute", func(t *testing.T, b *bubble) {
				var conns []net.Conn
				for range 500 {
					idle, half := b.plain.dial(t), b.plain.dial(t)
					_, err := io.WriteString(half, slowPost(clientsync.ReportingPath, 200_000)+"<")
					require.NoError(t, err)
					conns = append(conns, idle, half)
				}
				b.requireWorks(t)
				start := time.Now()
				for _, conn := range conns {
					_, _ = io.Copy(io.Discard, conn)
				}
				require.LessOrEqual(t, time.Since(start), wsus.BodyTimeout+time.Second)
			}),
		row("many large bodies", "30 bodies of 16 MB side by side, each stopped after 2 MB",
			"ServerBusy beyond 16 of them; small requests are served; all ended after a minute",
			manyLargeBodies),
	}
}
