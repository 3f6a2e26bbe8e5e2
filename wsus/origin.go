package wsus

import (
	"context"
	"net"
	"net/http"
	"strings"
)

// origin is the address that a request came by. The scheme is that of the listener that accepted it, never that of a header.
type origin struct{ scheme, host string }

type originKey struct{}

func withOrigin(r *http.Request) *http.Request {
	o := origin{scheme: "http", host: r.Host}
	if r.TLS != nil {
		o.scheme = "https"
	}
	return r.WithContext(context.WithValue(r.Context(), originKey{}, o))
}

func originOf(ctx context.Context) origin {
	o, _ := ctx.Value(originKey{}).(origin)
	return o
}

func (o origin) hostname() string {
	if host, _, err := net.SplitHostPort(o.host); err == nil {
		return host
	}
	return strings.Trim(o.host, "[]")
}
