package clientsync

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// DefaultMaxAnswer bounds answers. A page with the manifests of cumulative updates has been seen to take 51 MB.
const DefaultMaxAnswer = 256 << 20

// maxAnswerElements bounds the elements of an answer; a page of 200 updates has some 2,500.
const maxAnswerElements = 16 << 20

// Client asks the three services of a server, ours or any other. Each method is one call; Session keeps the handshake. Errors
// are a *Fault when the server answered one and a *StatusError when it answered something else than SOAP. It is safe for
// concurrent use.
type Client struct {
	base string // without slash at the end
	http *http.Client
	// MaxAnswer in bytes; 0 means DefaultMaxAnswer. It must not be changed after the first call.
	MaxAnswer int64
}

// NewClient makes a client of the server whose services are below baseURL, "http://wsus.example:8530". Timeouts, TLS and proxies
// are those of hc; nil means http.DefaultClient.
func NewClient(baseURL string, hc *http.Client) (*Client, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("new client: %w; want the base URL of a server, like http://wsus.example:8530", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("new client: %q is not the base URL of a server, like http://wsus.example:8530", u.Redacted())
	}
	return &Client{base: strings.TrimRight(u.String(), "/"), http: cmp.Or(hc, http.DefaultClient)}, nil
}

// BaseURL is the server's, without slash at the end.
func (c *Client) BaseURL() string { return c.base }

// StatusError is an answer that is no SOAP message, or one with a status that no service gives.
type StatusError struct {
	StatusCode int
	Status     string
	// Text is the beginning of the body on one line, when it is text.
	Text string
}

func (e *StatusError) Error() string {
	if e.Text == "" {
		return "the server answered " + e.Status
	}
	return fmt.Sprintf("the server answered %s: %s", e.Status, e.Text)
}

// call posts a request and reads the answer. read sees the response element and closes it.
func (c *Client) call(ctx context.Context, path string, op soap.Operation,
	write func(*soap.Writer), read func(*soap.Scanner)) error {
	w := soap.NewWriter(nil)
	w.Envelope(soap.Request, op, func() { write(w) })
	body, response, err := c.post(ctx, path, op, w.Bytes())
	if err != nil {
		return fmt.Errorf("%s: %w", op.Name, err)
	}
	if err := readAnswer(body, response, op, read); err != nil {
		return fmt.Errorf("%s: %w", op.Name, err)
	}
	return nil
}

func (c *Client) post(ctx context.Context, path string, op soap.Operation, request []byte) ([]byte, *http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(request))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", action(op))
	r.Header.Set("Accept-Encoding", xpressEncoding)
	response, err := c.http.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	limit := cmp.Or(c.MaxAnswer, DefaultMaxAnswer)
	var body bytes.Buffer
	if n := response.ContentLength; n > 0 && n <= limit {
		body.Grow(int(min(n, maxFirstBuffer)) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(io.LimitReader(response.Body, limit+1)); err != nil {
		return nil, nil, err
	}
	if int64(body.Len()) > limit {
		return nil, nil, fmt.Errorf("the answer has more than %d bytes", limit)
	}
	encoding := encodingOf(response.Header)
	if encoding == "" {
		return body.Bytes(), response, nil
	}
	message, err := expand(nil, body.Bytes(), encoding, limit)
	if err != nil {
		return nil, nil, fmt.Errorf("answer: %w", err)
	}
	return message, response, nil
}

// readAnswer tells an answer from a fault and both from what is not SOAP.
func readAnswer(body []byte, response *http.Response, op soap.Operation, read func(*soap.Scanner)) error {
	status := response.StatusCode
	if status != http.StatusOK && status != http.StatusInternalServerError {
		return statusError(response, body)
	}
	s, got, err := soap.Open(body, soap.Limits{Elements: maxAnswerElements})
	switch {
	case err != nil && status != http.StatusOK:
		return statusError(response, body)
	case err != nil:
		return err
	case got.IsFault():
		wire, err := soap.ReadFault(s)
		if err != nil {
			return err
		}
		return faultFrom(wire)
	case status != http.StatusOK:
		return statusError(response, body)
	case got != soap.Operation{Space: op.Space, Name: op.Name + "Response"}:
		return fmt.Errorf("the server answered %.100q in %.100q", got.Name, got.Space)
	}
	read(s)
	return s.Close()
}

// maxErrorText is how much of a body goes into an error.
const maxErrorText = 200

// statusError tells what the body says. It is a stranger's text on its way to logs and terminals, and must not move their cursor.
func statusError(response *http.Response, body []byte) *StatusError {
	e := &StatusError{StatusCode: response.StatusCode, Status: response.Status}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/plain") {
		text := strings.ToValidUTF8(string(body[:min(len(body), maxErrorText)]), "")
		text = strings.TrimPrefix(strings.TrimSpace(text), response.Status+": ")
		e.Text = strings.Map(func(r rune) rune {
			if unicode.IsPrint(r) {
				return r
			}
			return unicode.ReplacementChar
		}, strings.Join(strings.Fields(text), " "))
	}
	return e
}
