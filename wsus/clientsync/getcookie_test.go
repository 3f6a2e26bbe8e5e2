package clientsync_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func TestGetCookie(t *testing.T) {
	m := newMemory()
	m.anchor = 77
	client, _ := connect(t, serve(m))
	ctx := t.Context()
	authorization, err := client.GetAuthorizationCookie(ctx, "", strings.ToUpper(clientID), "", "pc1.example.test")
	require.NoError(t, err)
	p := clientsync.GetCookieParameters{AuthCookies: []clientsync.AuthorizationCookie{authorization}, LastChange: start, CurrentTime: start, ProtocolVersion: "2.90"}

	first, err := client.GetCookie(ctx, p)
	require.NoError(t, err)
	require.Equal(t, start.Add(clientsync.DefaultCookieLifetime), first.Expiration)
	require.NoError(t, client.RegisterComputer(ctx, first, computer()))
	info, err := client.SyncUpdates(ctx, first, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.Equal(t, first.Expiration, info.NewCookie.Expiration, "the expiry does not slide")
	require.Equal(t, clientsync.Bearer{ID: clientID, DNSName: "pc1.example.test", Groups: m.groups,
		Protocol: clientsync.Version{Major: 2, Minor: 90}, Host: "wsus.example.test:8530", RemoteAddr: "192.0.2.1:1234"}, m.bearers[0])

	// The anchor comes over from an old cookie, expired or not, of the same client.
	m.now = start.Add(2 * clientsync.DefaultCookieLifetime)
	_, err = client.SyncUpdates(ctx, info.NewCookie, clientsync.SyncParameters{})
	requireFault(t, err, clientsync.CookieExpired)
	_, err = client.GetCookie(ctx, p)
	requireFault(t, err, clientsync.InvalidAuthorizationCookie)
	p.AuthCookies[0], err = client.GetAuthorizationCookie(ctx, "", clientID, "", "pc1.example.test")
	require.NoError(t, err)
	p.OldCookie = info.NewCookie
	second, err := client.GetCookie(ctx, p)
	require.NoError(t, err)
	_, err = client.SyncUpdates(ctx, second, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.Equal(t, int64(77), m.bearers[1].Anchor)

	other := p
	other.AuthCookies = make([]clientsync.AuthorizationCookie, 1)
	other.AuthCookies[0], err = client.GetAuthorizationCookie(ctx, "", "another-client", "", "pc2")
	require.NoError(t, err)
	third, err := client.GetCookie(ctx, other)
	require.NoError(t, err)
	require.NoError(t, client.RegisterComputer(ctx, third, computer()))
	_, err = client.SyncUpdates(ctx, third, clientsync.SyncParameters{})
	require.NoError(t, err)
	require.Zero(t, m.bearers[2].Anchor, "what another client has seen")

	for name, test := range map[string]struct {
		change func(*clientsync.GetCookieParameters)
		want   clientsync.FaultCode
	}{
		"no authorization": {func(p *clientsync.GetCookieParameters) { p.AuthCookies = nil }, clientsync.InvalidAuthorizationCookie},
		"two":              {func(p *clientsync.GetCookieParameters) { p.AuthCookies = append(p.AuthCookies, authorization) }, clientsync.InvalidAuthorizationCookie},
		"a service cookie": {func(p *clientsync.GetCookieParameters) {
			p.AuthCookies = []clientsync.AuthorizationCookie{{CookieData: second.EncryptedData}}
		}, clientsync.InvalidAuthorizationCookie},
		"an authorization as old": {func(p *clientsync.GetCookieParameters) { p.OldCookie.EncryptedData = p.AuthCookies[0].CookieData }, clientsync.InvalidCookie},
		"another configuration":   {func(p *clientsync.GetCookieParameters) { p.LastChange = start.Add(1000) }, clientsync.ConfigChanged},
		"a version that is none":  {func(p *clientsync.GetCookieParameters) { p.ProtocolVersion = "two" }, clientsync.InvalidParameters},
		"an old cookie of a server": {func(p *clientsync.GetCookieParameters) {
			p.OldCookie.EncryptedData = append([]byte{1}, make([]byte, 99)...)
		}, clientsync.ServerChanged},
	} {
		t.Run(name, func(t *testing.T) {
			changed := p
			test.change(&changed)
			_, err := client.GetCookie(ctx, changed)
			requireFault(t, err, test.want)
		})
	}
}
