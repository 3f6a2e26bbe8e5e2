package updatepoint

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Monitored is a Host with a health monitoring component. Run keeps that running while it serves the host, and the status of the role
// shows what it finds. Local makes one.
type Monitored interface {
	Host
	// MonitorHealth looks again and again until ctx ends, with a client that reaches the open ports.
	MonitorHealth(ctx context.Context, client *http.Client)
	// Health is what the last look found; nothing before the first.
	Health() []wsus.HealthEvent
}

// monitor runs the health monitoring component of a host until ctx ends.
func (p *Point) monitor(ctx context.Context, set Settings, host Host, open map[int]net.Addr) {
	monitored, ok := host.(Monitored)
	if !ok {
		return
	}
	transport := &http.Transport{DialContext: dialOpen(open), DialTLSContext: dialTrusting(set, open), DisableKeepAlives: true}
	monitored.MonitorHealth(ctx, &http.Client{Transport: transport})
}

// dialTrusting checks the certificate as verify does, with the issuer of the moment: a certificate may be renewed by another one.
func dialTrusting(set Settings, open map[int]net.Addr) func(context.Context, string, string) (net.Conn, error) {
	dial := dialOpen(open)
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: set.Server, RootCAs: set.Roots}
		if set.Roots == nil {
			issuers, err := ownIssuers(set)
			if err != nil {
				return nil, err
			}
			config.RootCAs = issuers
		}
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		secured := tls.Client(conn, config)
		if err := secured.HandshakeContext(ctx); err != nil {
			_ = conn.Close() // the handshake says why
			return nil, err
		}
		return secured, nil
	}
}

// ailments says what the health monitoring component of a WSUS last found that somebody could mend; empty when nothing.
func ailments(server WSUS) string {
	monitored, ok := server.(Monitored)
	if !ok {
		return ""
	}
	var all []string
	for _, e := range monitored.Health() {
		if !e.Healthy && !e.NotBuilt {
			all = append(all, fmt.Sprintf("event %d: %s", e.ID, e.Message))
		}
	}
	return strings.Join(all, "\n")
}
