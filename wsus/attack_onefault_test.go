package wsus_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// renewed is GetCookie with the attacker's authorization and a foreign old cookie.
func (v *victim) renewed(t *testing.T, old clientsync.Cookie) clientsync.Cookie {
	t.Helper()
	ctx := context.Background()
	config, err := v.attacker.GetConfig(ctx, "2.90")
	require.NoError(t, err)
	auth, err := v.attacker.GetAuthorizationCookie(ctx, config.ServiceURL, attackerID, "", attackerID+".test")
	require.NoError(t, err)
	cookie, err := v.attacker.GetCookie(ctx, clientsync.GetCookieParameters{
		AuthCookies: []clientsync.AuthorizationCookie{auth}, OldCookie: old, LastChange: config.LastChange, CurrentTime: time.Now(), ProtocolVersion: "2.90"})
	require.NoError(t, err)
	return cookie
}

var occurrence = regexp.MustCompile(`<ID>[0-9a-f-]{36}</ID>`)

// requireOneFault wants the same answer to every cookie, but for the id of the occurrence.
func requireOneFault(t *testing.T, v *victim, code clientsync.FaultCode, cookies func(yield func([]byte) bool)) {
	t.Helper()
	var first string
	for cookie := range cookies {
		r := v.postKept(t, clientsync.ClientPath, envelope(clientsync.ClientPath, "SyncUpdates",
			cookieXML(cookie)+"<parameters/>"))
		requireFault(t, code, r)
		answer := occurrence.ReplaceAllString(r.body, "<ID/>")
		require.Equal(t, 1, strings.Count(answer, "<ID/>"))
		if first == "" {
			first = answer
		}
		require.Equal(t, first, answer)
	}
	require.NotEmpty(t, first)
}
