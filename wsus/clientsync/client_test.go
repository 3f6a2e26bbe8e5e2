package clientsync_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func TestClientErrors(t *testing.T) {
	ctx := context.Background()
	for _, url := range []string{"", "wsus.example", "ftp://wsus.example", "http://", "http://a:b@wsus.example", "http://wsus.example/?q", ":"} {
		_, err := clientsync.NewClient(url, nil)
		require.Error(t, err, url)
	}
	ask := func(h http.Handler) error {
		client, _ := connect(t, h)
		_, err := client.GetConfig(ctx, "1.8")
		return err
	}
	var status *clientsync.StatusError
	require.ErrorAs(t, ask(answering(403, "text/plain; charset=utf-8", "use https")), &status)
	require.Equal(t, 403, status.StatusCode)
	require.ErrorContains(t, status, "use https")
	require.ErrorAs(t, ask(answering(403, "text/plain", "403 Forbidden: clear\n\x1b[2J the screen\n")), &status)
	require.EqualError(t, status, "the server answered 403 Forbidden: clear \uFFFD[2J the screen")
	require.ErrorAs(t, ask(answering(500, "text/html", "<html>oops</html>")), &status)
	require.Empty(t, status.Text)
	require.ErrorAs(t, ask(answering(500, "text/xml", envelope(clientsync.ClientNamespace, "GetConfigResponse", ""))), &status)
	require.ErrorContains(t, ask(answering(200, "text/xml", "<html>oops</html>")), "not an envelope")
	require.ErrorContains(t, ask(answering(200, "text/xml", envelope(clientsync.ClientNamespace, "GetCookieResponse", ""))), "GetCookieResponse")
	require.ErrorContains(t, ask(answering(200, "text/xml", envelope("urn:x", "GetConfigResponse", ""))), "urn:x")

	client, _ := connect(t, answering(200, "text/xml", envelope(clientsync.ClientNamespace, "GetConfigResponse", fmt.Sprintf("%2000d", 1))))
	client.MaxAnswer = 1000
	_, err := client.GetConfig(ctx, "1.8")
	require.ErrorContains(t, err, "the answer has more than 1000 bytes")

	for _, url := range []string{"http://evil.example/SimpleAuth.asmx", "//evil.example/x", "../x", "a/%2e%2e/x", "x?y"} {
		_, err := client.GetAuthorizationCookie(ctx, url, clientID, "", "pc1")
		require.ErrorContains(t, err, "not a plain path", url)
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	_, err = client.GetConfig(canceled, "1.8")
	require.ErrorIs(t, err, context.Canceled)
}

// Faults of real servers are read, with their older spellings (MS-WUSP §2.2.2.4, §3.1.5.10).
func TestClientReadsFaults(t *testing.T) {
	fault := func(detail string) string {
		return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode>` +
			`<faultstring>Fault occurred</faultstring><faultactor>http://wsus.example/x.asmx</faultactor>` + detail + `</soap:Fault></soap:Body></soap:Envelope>`
	}
	id := uuid.New()
	for detail, want := range map[string]*clientsync.Fault{
		`<detail><ErrorCode>InvalidParameters</ErrorCode><Message>filter</Message><ID>` + id.String() + `</ID><Method>"urn:x/y"</Method></detail>`: {
			Code: clientsync.InvalidParameters, Message: "filter", ID: id, Method: `"urn:x/y"`},
		`<Detail><ErrorCode>FileLocationsChanged</ErrorCode></Detail>`: {Code: clientsync.FileLocationChanged},
		`<detail><ErrorCode>InvalidParameter</ErrorCode></detail>`:     {Code: clientsync.InvalidParameters},
		``: {Message: "Fault occurred"},
	} {
		client, _ := connect(t, answering(500, "text/xml", fault(detail)))
		_, err := client.GetConfig(context.Background(), "1.8")
		var got *clientsync.Fault
		require.ErrorAs(t, err, &got)
		require.Equal(t, want, got)
		require.True(t, clientsync.IsFault(err, want.Code))
	}
}
