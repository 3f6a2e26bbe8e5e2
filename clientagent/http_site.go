package clientagent

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Paths of the management point, below its base URL. HTTPSite posts a Registration as JSON and gets {"token": …}; gets the Policy as
// JSON with its ETag; posts a compliance.Report as XML and gets a compliance.Receipt as JSON. The token goes as a bearer token. A
// refusal is {"error": …}: status 401 for a token that is not accepted, 409 while the site has no software update point.
const (
	RegisterPath = "/SMS_MP/register"
	PolicyPath   = "/SMS_MP/policy"
	ReportPath   = "/SMS_MP/report"
)

const (
	// MaxPolicyBytes is the largest policy that HTTPSite reads: 400 deployments of 1,000 updates.
	MaxPolicyBytes = 16 << 20
	// siteAnswerBytes bounds the other answers.
	siteAnswerBytes = 64 << 10
	// reasonRunes is how much of the reason for a refusal is told.
	reasonRunes = 300
	maxToken    = 4096
	// siteTimeout bounds one request to the site, body included.
	siteTimeout = 2 * time.Minute
)

// HTTPSite is a Site over HTTP. It is safe for concurrent use.
type HTTPSite struct {
	base   string
	client *http.Client
}

// HTTP reaches the site whose management point is at baseURL, such as https://wsus01.lab.example:8531. roots are the certificate
// authorities to trust; nil means the system's.
func HTTP(baseURL string, roots *x509.CertPool) *HTTPSite {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	return HTTPWith(baseURL, &http.Client{Transport: transport, Timeout: siteTimeout})
}

// HTTPWith is HTTP with a client of the caller: for proxies, and for many agents on one connection pool.
func HTTPWith(baseURL string, client *http.Client) *HTTPSite {
	return &HTTPSite{base: strings.TrimRight(baseURL, "/"), client: client}
}

// Close closes idle connections.
func (h *HTTPSite) Close() { h.client.CloseIdleConnections() }

// Register implements Site.
func (h *HTTPSite) Register(ctx context.Context, r Registration) (string, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return "", err
	}
	var answer struct {
		Token string `json:"token"`
	}
	if err := h.do(ctx, http.MethodPost, RegisterPath, "", "", bytes.NewReader(body), siteAnswerBytes, &answer); err != nil {
		return "", err
	}
	if answer.Token == "" {
		return "", errors.New("site answered the registration without a token")
	}
	if err := checkToken(answer.Token); err != nil {
		return "", err
	}
	return answer.Token, nil
}

// checkToken accepts what can be sent back in a header. A site would never hear of any other, and never ask for a new registration.
func checkToken(token string) error {
	if len(token) > maxToken {
		return fmt.Errorf("site answered the registration with a token of %d bytes, more than %d", len(token), maxToken)
	}
	for i := range len(token) {
		if c := token[i]; c < ' ' || c > '~' {
			return errors.New("site answered the registration with a token that no header can carry")
		}
	}
	return nil
}

// Policy implements Site.
func (h *HTTPSite) Policy(ctx context.Context, token, etag string) (Policy, error) {
	var policy Policy
	err := h.do(ctx, http.MethodGet, PolicyPath, token, etag, nil, MaxPolicyBytes, &policy)
	return policy, err
}

// Report implements Site.
func (h *HTTPSite) Report(ctx context.Context, token string, r compliance.Report) (compliance.Receipt, error) {
	var body bytes.Buffer
	if err := compliance.EncodeReport(&body, r); err != nil {
		return compliance.Receipt{}, err
	}
	var receipt compliance.Receipt
	err := h.do(ctx, http.MethodPost, ReportPath, token, "", &body, siteAnswerBytes, &receipt)
	return receipt, err
}

func (h *HTTPSite) do(ctx context.Context, method, path, token, etag string, body io.Reader, limit int64, into any) error {
	ctx, cancel := context.WithTimeout(ctx, siteTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, h.base+path, body)
	if err != nil {
		return err
	}
	switch path {
	case RegisterPath:
		request.Header.Set("Content-Type", "application/json")
	case ReportPath:
		request.Header.Set("Content-Type", "text/xml")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if etag != "" {
		request.Header.Set("If-None-Match", quoteETag(etag))
	}
	response, err := h.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return statusError(response)
	}
	return decodeLimited(response.Body, limit, into)
}

// quoteETag makes the ETag of a policy the header's.
func quoteETag(etag string) string { return `"` + etag + `"` }

// statusError puts an answer other than 200 in the terms of Site.
func statusError(response *http.Response) error {
	switch response.StatusCode {
	case http.StatusNotModified:
		return ErrNotModified
	case http.StatusUnauthorized:
		return ErrNotAuthorized
	case http.StatusConflict:
		return ErrNotReady
	}
	if reason := refusalReason(response); reason != "" {
		return fmt.Errorf("site answered %s: %s", response.Status, reason)
	}
	return fmt.Errorf("site answered %s", response.Status)
}

// refusalReason is what the body says: the error of a management point, or plain text of whatever stands before it, such as the address
// that a site in native mode is at. It is a stranger's text on its way to logs and terminals: one line, cut, of printable characters.
func refusalReason(response *http.Response) string {
	text, err := io.ReadAll(io.LimitReader(response.Body, siteAnswerBytes))
	if err != nil {
		return ""
	}
	var answer struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(text, &answer) != nil && strings.HasPrefix(response.Header.Get("Content-Type"), "text/plain") {
		answer.Error = strings.TrimPrefix(string(text), response.Status+": ")
	}
	line := []rune(strings.Join(strings.Fields(answer.Error), " "))
	printable := func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}
	return strings.Map(printable, string(line[:min(len(line), reasonRunes)]))
}

func decodeLimited(r io.Reader, limit int64, into any) error {
	text, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return fmt.Errorf("read answer of the site: %w", err)
	}
	if int64(len(text)) > limit {
		return fmt.Errorf("answer of the site is larger than %d bytes", limit)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("read answer of the site: %w", err)
	}
	return nil
}
