package ports

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strings"
)

// The bounds of what is read of an answer, and of the interim answers (status 1xx) before it.
const (
	maxAnswer   = 128 << 10
	maxInterims = 5
)

// answer is what an HTTP server said. Of a long body only the beginning is kept.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// readAnswer reads one answer to a GET or POST from a connection that may belong to anybody. A body that breaks off is kept as far as
// it came: the status line and the header already tell who answers.
func readAnswer(r io.Reader) (answer, error) {
	bounded := bufio.NewReader(io.LimitReader(r, maxAnswer))
	for range maxInterims + 1 {
		response, err := http.ReadResponse(bounded, nil)
		if err != nil {
			return answer{}, err
		}
		if response.StatusCode/100 == 1 && response.StatusCode != http.StatusSwitchingProtocols {
			continue // an interim answer has no body
		}
		body, _ := io.ReadAll(response.Body) // as far as it came
		response.Body.Close()
		return answer{status: response.StatusCode, header: response.Header, body: body}, nil
	}
	return answer{}, errors.New("too many interim answers")
}

// isVersionFile recognizes /ClientWebService/wusserverversion.xml, whose contents no document tells: XML whose first element has a
// version in its name. Whoever answers with something else is asked for more.
func (a answer) isVersionFile() bool {
	return a.status == http.StatusOK && strings.Contains(strings.ToLower(a.firstElement()), "version")
}

// softwareDistribution is what the namespaces of all web services of WSUS begin with (MS-WUSP §2.2.1).
const softwareDistribution = "http://www.microsoft.com/SoftwareDistribution"

// isClientService recognizes what the client web service says to GetConfig: a SOAP envelope with its answer, or with a fault that
// names one of the service's own error codes (MS-WUSP §2.2.2.4).
func (a answer) isClientService() bool {
	if a.status != http.StatusOK && a.status != http.StatusInternalServerError || a.firstElement() != "Envelope" {
		return false
	}
	return bytes.Contains(a.body, []byte(softwareDistribution)) || bytes.Contains(a.body, []byte("<ErrorCode>"))
}

// firstElement is the local name of the first element of a body of XML, or "".
func (a answer) firstElement() string {
	decoder := xml.NewDecoder(bytes.NewReader(a.body))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil } // names of elements are ASCII here
	for {
		token, err := decoder.Token()
		if err != nil {
			return ""
		}
		if element, ok := token.(xml.StartElement); ok {
			return element.Name.Local
		}
	}
}

// proxySign returns the header by which an answer tells that a proxy had a hand in it, or "".
func (a answer) proxySign() string {
	for _, name := range []string{"Proxy-Authenticate", "Proxy-Connection", "Proxy-Status", "X-Squid-Error", "Via"} {
		if value := a.header.Get(name); value != "" {
			return name + ": " + excerpt(value)
		}
	}
	server := a.header.Get("Server")
	for _, name := range []string{"proxy", "squid", "zscaler"} {
		if strings.Contains(strings.ToLower(server), name) {
			return "Server: " + excerpt(server)
		}
	}
	return ""
}

// fromProxy says that no server of ours gave the answer, but something before it.
func (a answer) fromProxy() bool {
	switch a.status {
	case http.StatusProxyAuthRequired, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return a.proxySign() != ""
}

// redirect returns where an answer leads, or "" when it leads nowhere.
func (a answer) redirect() string {
	if a.status/100 != 3 {
		return ""
	}
	return excerpt(a.header.Get("Location"))
}

// excerpt makes foreign bytes fit to be shown: their beginning, without control characters.
func excerpt(text string) string {
	const most = 120
	text = strings.ToValidUTF8(text[:min(len(text), most)], "")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F || r >= 0x80 && r < 0xA0 {
			return ' '
		}
		return r
	}, text))
}
