package wsus_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func manyLargeBodies(t *testing.T, b *bubble) {
	busy, half := 0, slowPost(clientsync.ReportingPath, 16<<20)+strings.Repeat("<", 2<<20)
	var held []net.Conn
	for range 30 {
		conn := b.plain.dial(t)
		sent := make(chan error, 1)
		go func() {
			_, err := io.WriteString(conn, half)
			sent <- err
		}()
		synctest.Wait()
		select {
		case <-sent:
			held = append(held, conn)
		default: // the server no longer reads
			answer, err := bufio.NewReader(conn).ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "HTTP/1.1 500 Internal Server Error\r\n", answer)
			conn.Close()
			<-sent
			busy++
		}
	}
	require.Len(t, held, clientsync.DefaultMaxLargeBodies)
	require.Equal(t, 30-clientsync.DefaultMaxLargeBodies, busy)
	b.requireWorks(t)
	for _, conn := range held {
		answer, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Contains(t, string(answer), "did not arrive whole")
	}
}

func slowPost(path string, length int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", path, length)
}

// drip sends a header at once when the text has a whole one, the rest byte by byte, and returns what came back and how long the
// connection lasted.
func drip(t *testing.T, conn net.Conn, text string, pause time.Duration) (answer string, lasted time.Duration) {
	t.Helper()
	start := time.Now()
	go func() {
		head, rest, whole := strings.Cut(text, "\r\n\r\n")
		if whole {
			_, _ = io.WriteString(conn, head+"\r\n\r\n")
		} else {
			rest = text
		}
		for i := range len(rest) {
			if _, err := io.WriteString(conn, rest[i:i+1]); err != nil {
				return
			}
			time.Sleep(pause)
		}
	}()
	read, err := io.ReadAll(conn)
	require.NoError(t, err)
	conn.Close()
	return string(read), time.Since(start)
}
