package wsus_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// door is one of the two listeners.
type door bool

const (
	overHTTP door = false
	overTLS  door = true
)

// reply is one answer of the server.
type reply struct {
	status int
	header http.Header
	body   string
	last   bool // the server says that it ends the connection
}

// dial connects to a listener; nothing on the connection takes longer than the deadline, so that no row can hang.
func (v *victim) dial(t testing.TB, d door) net.Conn {
	t.Helper()
	address := v.plain
	if d == overTLS {
		address = v.secure
	}
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	if d == overTLS {
		secured := tls.Client(conn, v.clientTLS())
		require.NoError(t, secured.Handshake())
		return secured
	}
	return conn
}

// converse sends what send writes, as it is, and returns every answer that came until the server ended the connection. It ends its own
// side after the first answer only: net/http takes an end before it for a client that has gone.
func (v *victim) converse(t testing.TB, d door, send func(w io.Writer) error) []reply {
	t.Helper()
	conn := v.dial(t, d)
	defer conn.Close()
	sent := make(chan error, 1)
	go func() { sent <- send(conn) }()
	r := bufio.NewReader(conn)
	first, ok := readReply(t, r)
	if !ok {
		conn.Close()
		<-sent
		return nil
	}
	if err := <-sent; err == nil { // otherwise the server has had enough
		_ = conn.(interface{ CloseWrite() error }).CloseWrite()
	}
	replies := []reply{first}
	for {
		next, ok := readReply(t, r)
		if !ok {
			return replies
		}
		replies = append(replies, next)
	}
}

// readReply reads the next answer; ok is false at the end of the connection.
func readReply(t testing.TB, r *bufio.Reader) (_ reply, ok bool) {
	t.Helper()
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		var timeout net.Error
		require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "the server neither answers nor ends the connection")
		return reply{}, false
	}
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return reply{response.StatusCode, response.Header, string(body), response.Close}, true
}

// raw sends a text and wants exactly one answer.
func (v *victim) raw(t testing.TB, d door, text string) reply {
	t.Helper()
	replies := v.converseText(t, d, text)
	require.Len(t, replies, 1, "%.200q", text)
	return replies[0]
}

func (v *victim) converseText(t testing.TB, d door, text string) []reply {
	t.Helper()
	return v.converse(t, d, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
}

// get asks for a target as it is written, with header lines that end in \r\n.
func (v *victim) get(t testing.TB, d door, target, header string) reply {
	t.Helper()
	return v.raw(t, d, "GET "+target+" HTTP/1.1\r\nHost: "+victimName+"\r\nConnection: close\r\n"+header+"\r\n")
}

// post sends a SOAP body with extra header lines.
func (v *victim) post(t testing.TB, d door, path, header, body string) reply {
	t.Helper()
	return v.raw(t, d, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: text/xml; charset=utf-8\r\n"+
		"Content-Length: %d\r\n%s\r\n%s", path, victimName, len(body), header, body))
}

// postKept posts a SOAP body on a connection that is kept, for rows that send many.
func (v *victim) postKept(t testing.TB, path, body string) reply {
	t.Helper()
	response, err := v.client.Post("https://"+victimName+path, "text/xml; charset=utf-8", strings.NewReader(body))
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return reply{response.StatusCode, response.Header, string(text), response.Close}
}

// call posts an operation of the service that has the path.
func (v *victim) call(t testing.TB, d door, path, operation, content string) reply {
	t.Helper()
	return v.post(t, d, path, "", envelope(path, operation, content))
}
