package clientsync_test

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// A client that sends its header and then nothing must not hold a connection for long.
func TestSlowBodyIsCutOff(t *testing.T) {
	handler := clientsync.NewHandler(nil, clientsync.WithLimits(clientsync.Limits{BodyTime: 20 * time.Millisecond}))
	server := httptest.NewServer(handler)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = fmt.Fprintf(conn, "POST /ReportingWebService/ReportingWebService.asmx HTTP/1.1\r\nHost: wsus\r\nContent-Length: 100000\r\n\r\n<")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err, "the server ends the connection")
	require.Contains(t, string(answer), "did not arrive whole")
}
