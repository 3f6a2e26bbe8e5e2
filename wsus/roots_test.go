package wsus_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus"
)

// The nine virtual roots with what they must do, from the product's table (configuration manager facts §2.1), and what an
// address below each answers to GET today: 200, or not built yet (501).
var nineRoots = []struct {
	name     string
	secured  bool
	document string
	status   int
}{
	{"ApiRemoting30", true, "WebService.asmx", 501},
	{"ClientWebService", true, "client.asmx", 200},
	{"Content", false, "anonymousCheckFile.txt", 200},
	{"DssAuthWebService", true, "DssAuthWebService.asmx", 501},
	{"Inventory", false, "", 501},
	{"ReportingWebService", false, "ReportingWebService.asmx", 200},
	{"SelfUpdate", false, "wuident.cab", 501},
	{"ServerSyncWebService", true, "ServerSyncWebService.asmx", 501},
	{"SimpleAuthWebService", true, "SimpleAuth.asmx", 200},
}

func TestNineRoots(t *testing.T) {
	for _, native := range []bool{true, false} {
		server := newServer(t)
		settings := ssl.Settings{Required: native, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, nil }}
		require.NoError(t, server.SetChannel(context.Background(), wsus.Channel{Name: "wsus01.lab.example", Ports: ports.Custom, SSL: settings}))
		plain := httptest.NewServer(server)
		defer plain.Close()
		secured := httptest.NewTLSServer(server)
		defer secured.Close()
		for _, root := range nineRoots {
			for _, spelling := range []string{root.name, strings.ToLower(root.name), strings.ToUpper(root.name)} {
				path := "/" + spelling + "/" + root.document
				t.Run(fmt.Sprintf("native=%t%s", native, path), func(t *testing.T) {
					status, _ := get(t, secured.Client(), secured.URL+path)
					require.Equal(t, root.status, status, "over TLS")
					status, body := get(t, plain.Client(), plain.URL+path)
					if native && root.secured {
						require.Equal(t, http.StatusForbidden, status)
						require.Contains(t, body, root.name)
						require.Contains(t, body, "https://wsus01.lab.example:8531/")
					} else {
						require.Equal(t, root.status, status, "over plain HTTP")
					}
				})
			}
		}
	}
}

// TestRootTricks asks for a secured root over plain HTTP in every way that might get past the check: no answer may be good.
func TestRootTricks(t *testing.T) {
	server := newServer(t)
	require.NoError(t, server.SetChannel(context.Background(), wsus.Channel{
		Name: "wsus01.lab.example", Ports: ports.Custom, SSL: ssl.Settings{Required: true}}))
	for _, target := range []string{
		"/ClientWebService", "/ClientWebService/", "/ClientWebService/client.asmx", "//ClientWebService/client.asmx",
		"/./ClientWebService/client.asmx", "/ClientWebService%2Fclient.asmx", "/%43lientWebService/client.asmx",
		"/Content/../ClientWebService/client.asmx", "/ClientWebService/../Content/x", `/Content\..\ClientWebService/client.asmx`,
		"/Content/%2e%2e/ClientWebService/client.asmx", "/content/..%2fclientwebservice/client.asmx",
		"/%2543lientWebService/client.asmx", "/ClientWebService;x/client.asmx", "/ClientWebService /client.asmx",
	} {
		for _, header := range []string{"", "X-Forwarded-Proto", "X-Original-URL", "X-Rewrite-URL"} {
			r := httptest.NewRequest(http.MethodPost, "http://wsus01.lab.example:8530/", strings.NewReader("<x/>"))
			r.URL.Path, r.URL.RawPath = rawPath(target)
			r.RequestURI = target
			if header != "" {
				r.Header.Set(header, "https")
			}
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r)
			require.GreaterOrEqual(t, w.Code, 400, "%s with %q", target, header)
			require.Less(t, w.Code, 500, "%s with %q", target, header)
			require.Empty(t, w.Header().Get("Location"), "never a redirect")
		}
	}
}

// rawPath splits a target as net/http's server does.
func rawPath(target string) (path, raw string) {
	r, err := http.NewRequest(http.MethodPost, "http://wsus", nil)
	if err != nil {
		return target, ""
	}
	parsed, err := r.URL.Parse("http://wsus" + strings.ReplaceAll(strings.ReplaceAll(target, " ", "%20"), `\`, "%5C"))
	if err != nil {
		return target, target
	}
	return parsed.Path, parsed.RawPath
}

func TestServicesNotBuiltAnswerAFault(t *testing.T) {
	server := newServer(t)
	for _, path := range []string{"/ApiRemoting30/WebService.asmx", "/DssAuthWebService/DssAuthWebService.asmx", "/serversyncwebservice/x.asmx"} {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader("<x/>")))
		require.Equal(t, http.StatusInternalServerError, w.Code)
		require.Contains(t, w.Body.String(), "<ErrorCode>InternalServerError</ErrorCode>")
		require.Contains(t, w.Body.String(), "is not built yet in this server")
	}
}

func TestUnknownPathIs404(t *testing.T) {
	server := httptest.NewServer(newServer(t))
	defer server.Close()
	status, _ := get(t, server.Client(), server.URL+"/elsewhere")
	require.Equal(t, http.StatusNotFound, status)
}

func get(t testing.TB, client *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := client.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}
