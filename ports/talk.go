package ports

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
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
	heard := &listener{Conn: conn}
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

func (p *prober) converse(ctx context.Context, conn *listener, port int, https bool, q question) (t talk) {
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
	if t.err = request.Write(stream); t.err != nil && !https {
		return t
	}
	var answered answer
	if answered, t.err = readAnswer(stream); t.err != nil {
		return t
	}
	t.answered, t.answer = true, answered
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

// listener keeps the first bytes that come over a connection: they tell the protocol, whatever the one who reads them makes of it.
type listener struct {
	net.Conn
	first []byte
}

func (l *listener) Read(b []byte) (int, error) {
	n, err := l.Conn.Read(b)
	if room := firstBytes - len(l.first); room > 0 && n > 0 {
		l.first = append(l.first, b[:min(n, room)]...)
	}
	return n, err
}

// firstBytes is how many are kept: enough to show a banner.
const firstBytes = 64

// judge names the protocol of a conversation that came to no answer.
func (l *listener) judge(err error) speech {
	switch {
	case len(l.first) > 0:
		return protocolOf(l.first)
	case isTimeout(err):
		return silent
	}
	return cutOff
}

// protocolOf names a protocol by how its server begins.
func protocolOf(first []byte) speech {
	const (
		alert     = 0x15
		handshake = 0x16
	)
	switch {
	case bytes.HasPrefix(first, []byte("HTTP/")):
		return speaksHTTP
	case len(first) >= 2 && (first[0] == alert || first[0] == handshake) && first[1] == 3:
		return speaksTLS
	}
	return foreign
}

func whyNotOpen(err error) speech {
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && !name.IsTimeout:
		return unresolved
	case isTimeout(err), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return dropped
	case errors.Is(err, syscall.ECONNRESET):
		return cutOff // it was open for a moment
	}
	return refused
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// isAddress says that a host is an IP address, not a name.
func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}
