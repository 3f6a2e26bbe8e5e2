package ssl

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/seed599db172/softwareupdates/ports"
)

// speech is what a port was found to speak.
type speech int

const (
	closed     speech = iota // the connection was refused, or led nowhere
	unresolved               // there is no such name
	silent                   // no answer in time, to the connection or to what was said over it
	cutOff                   // connections are taken and ended, whatever is said
	foreign                  // neither HTTP nor TLS
	speaksHTTP               // HTTP without TLS
	speaksTLS                // TLS; the handshake may still fail
)

// portLook is what a port answered. For TLS, shake is the handshake.
type portLook struct {
	port   int
	speaks speech
	shake  handshake
	err    error
}

// lookAt says one thing or two to a port: first what it should understand, then, if it did not, the other.
func (x *examination) lookAt(ctx context.Context, port int, expectTLS bool) portLook {
	conn, err := x.dial(ctx, port)
	if err != nil {
		return portLook{port: port, speaks: whyNotOpen(err), err: err}
	}
	conn.Close()
	first, second := x.sayHTTP, x.sayTLS
	if expectTLS {
		first, second = second, first
	}
	look := first(ctx, port)
	if look.speaks == speaksHTTP && !expectTLS && look.err == nil || look.speaks == speaksTLS {
		return look
	}
	if other := second(ctx, port); other.speaks == speaksTLS || other.speaks == speaksHTTP {
		return other
	} else if other.speaks > look.speaks {
		return other // what a stranger said tells more than silence
	}
	return look
}

// errNotUnderstood: HTTP servers answer 400 to what is not HTTP, and some TLS ports answer 400 in plain HTTP.
var errNotUnderstood = errors.New("answered 400")

func (x *examination) sayHTTP(ctx context.Context, port int) portLook {
	client, closeIdle := x.client(0)
	defer closeIdle()
	a := ask(ctx, client, ports.Pair{HTTP: port}.MetadataURL(x.name, false)+"/")
	look := portLook{port: port, speaks: speaksHTTP, err: a.err}
	switch {
	case a.err == nil && a.status == http.StatusBadRequest:
		look.err = errNotUnderstood
	case a.err != nil && strings.Contains(a.err.Error(), "malformed HTTP"):
		look.speaks = foreign
	case a.err != nil:
		look.speaks = whyNoAnswer(a.err)
	}
	return look
}

func (x *examination) sayTLS(ctx context.Context, port int) portLook {
	look := portLook{port: port, speaks: speaksTLS, shake: x.shake(ctx, port, x.name, tls.VersionTLS10, tls.VersionTLS13)}
	var record tls.RecordHeaderError
	switch err := look.shake.err; {
	case err == nil || look.shake.answered():
	case errors.As(err, &record):
		look.speaks, look.err = foreign, err
		if bytes.HasPrefix(record.RecordHeader[:], []byte("HTTP/")) {
			look.speaks = speaksHTTP
		}
	default:
		look.speaks, look.err = whyNoAnswer(err), err
	}
	return look
}

func whyNotOpen(err error) speech {
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return unresolved
	case isTimeout(err):
		return silent
	case errors.Is(err, syscall.ECONNRESET):
		return cutOff // it was open for a moment
	}
	return closed
}

func whyNoAnswer(err error) speech {
	if isTimeout(err) {
		return silent
	}
	return cutOff
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, syscall.ETIMEDOUT) || errors.As(err, &timeout) && timeout.Timeout()
}
