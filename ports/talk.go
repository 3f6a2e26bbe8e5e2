package ports

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// speech is what a port was found to speak. The order is that of how much it tells.
type speech int

const (
	refused    speech = iota // nobody listens
	unresolved               // there is no such name
	dropped                  // no connection came about in time, or at all
	silent                   // nothing was said in time
	cutOff                   // the connection was ended without a word
	foreign                  // neither HTTP nor TLS was spoken
	speaksHTTP
	speaksTLS
)

// talk is one conversation with a port: one connection, one question.
type talk struct {
	speaks speech
	answer answer
	// answered says that answer holds one.
	answered bool
	// wantsCertificate says that a client certificate was asked for.
	wantsCertificate bool
	// banner is how something foreign began.
	banner string
	err    error
}

// question is a request: GET, or POST when it has a body.
type question struct{ path, body string }

// prober asks a host. Every conversation has the same bound of time, and only so many are under way at once.
type prober struct {
	host    string
	dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	timeout time.Duration
	free    chan struct{}
}

// say asks a port one question in one of the two protocols.
func (p *prober) say(ctx context.Context, port int, https bool, q question) talk {
	p.free <- struct{}{}
	defer func() { <-p.free }()
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	conn, err := p.dial(ctx, "tcp", net.JoinHostPort(p.host, strconv.Itoa(port)))
	if err != nil {
		return talk{speaks: whyNotOpen(err), err: err}
	}
	heard := &hearing{Conn: conn}
	stop := context.AfterFunc(ctx, func() { conn.Close() }) // ends reads and writes, also those of a Dial's own kind of connection
	t := p.converse(ctx, heard, port, https, q)
	if stop() {
		conn.Close()
	}
	if t.answered {
		return t
	}
	if ctx.Err() != nil {
		t.err = ctx.Err() // rather than that the connection was closed, which is our own doing
	}
	t.speaks, t.banner = heard.judge(t.err), excerpt(string(heard.first))
	return t
}

func (p *prober) converse(ctx context.Context, conn net.Conn, port int, https bool, q question) (t talk) {
	var stream net.Conn = conn
	if https {
		secured := tls.Client(conn, p.tlsConfig(&t))
		if t.err = secured.HandshakeContext(ctx); t.err != nil {
			return t
		}
		t.speaks, stream = speaksTLS, secured
	}
	request, err := p.request(port, https, q)
	if err != nil {
		t.err = err
		return t
	}
	_ = request.Write(stream) // whoever refuses may hang up before he has read all; what he said counts
	if t.answer, t.err = readAnswer(stream); t.err != nil {
		return t
	}
	t.answered = true
	if !https {
		t.speaks = speaksHTTP
	}
	return t
}

// tlsConfig takes any certificate and any version: here it only counts that TLS is spoken. Nothing secret is sent and nothing that
// is heard is trusted; package ssl judges certificates and versions.
func (p *prober) tlsConfig(t *talk) *tls.Config {
	return &tls.Config{
		InsecureSkipVerify: true,
		MinVersion:         tls.VersionTLS10,
		ServerName:         strings.TrimSuffix(p.host, "."), // of an address crypto/tls sends none
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			t.wantsCertificate = true
			return new(tls.Certificate), nil
		},
	}
}

func (p *prober) request(port int, https bool, q question) (*http.Request, error) {
	address := Pair{HTTP: port, HTTPS: port}.MetadataURL(p.host, https) + q.path
	method := http.MethodGet
	if q.body != "" {
		method = http.MethodPost
	}
	request, err := http.NewRequest(method, address, strings.NewReader(q.body))
	if err != nil {
		return nil, fmt.Errorf("question: %w", err)
	}
	request.Close = true
	if q.body != "" {
		request.Header.Set("Content-Type", "text/xml; charset=utf-8")
		request.Header.Set("SOAPAction", getConfigAction)
	}
	return request, nil
}
