package wsus_test

import (
	"bytes"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// cookieHeader is what stands in clear before a sealed state: a version and the server's identity.
const cookieHeader = 17

func cookieAttacks() []attack {
	const replay, forgery = "replayed state", "cookies whose key everybody has, or that are not sealed at all"
	return []attack{
		{name: "cut at every length", weakness: forgery, sent: "the first n bytes of a good cookie, for every n",
			answer: "one fault, InvalidCookie, to the byte",
			memory: 96 << 20, run: func(t *testing.T, v *victim) {
				good := v.attacker.cookie.EncryptedData
				requireOneFault(t, v, clientsync.InvalidCookie, func(yield func([]byte) bool) {
					for n := range good {
						if !yield(good[:n]) {
							return
						}
					}
				})
			}},
		{name: "changed in every byte", weakness: forgery,
			sent:   "a good cookie with one bit of each byte inverted; noise; zeros; one byte more",
			answer: "the same fault; ServerChanged where the clear identity of the server differs", memory: 96 << 20,
			run: func(t *testing.T, v *victim) {
				good := v.attacker.cookie.EncryptedData
				flip := func(from, to int) func(yield func([]byte) bool) {
					return func(yield func([]byte) bool) {
						for i := from; i < to; i++ {
							forged := bytes.Clone(good)
							forged[i] ^= 1 << (i % 8)
							if !yield(forged) {
								return
							}
						}
					}
				}
				requireOneFault(t, v, clientsync.InvalidCookie, flip(0, 1))
				requireOneFault(t, v, clientsync.ServerChanged, flip(1, cookieHeader))
				requireOneFault(t, v, clientsync.InvalidCookie, flip(cookieHeader, len(good)))
				requireOneFault(t, v, clientsync.InvalidCookie, func(yield func([]byte) bool) {
					_ = yield(make([]byte, 496)) && yield(bytes.Repeat([]byte{0xff}, 496)) && yield(append(bytes.Clone(good),
						0)) &&
						yield(append(bytes.Clone(good[:cookieHeader]), make([]byte, 400)...))
				})
			}},
		{name: "authorization cookie as service cookie", weakness: replay,
			sent:   "what GetAuthorizationCookie gave, in SyncUpdates and ReportEventBatch",
			answer: "InvalidCookie", run: func(t *testing.T, v *victim) {
				auth, err := v.attacker.GetAuthorizationCookie(t.Context(), "", attackerID, "", attackerID+".test")
				require.NoError(t, err)
				requireFault(t, clientsync.InvalidCookie, v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates",
					cookieXML(auth.CookieData)+"<parameters/>"))
				requireFault(t, clientsync.InvalidCookie, v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch",
					cookieXML(auth.CookieData)+batchXML(eventXML(attackerID))))
			}},
		{name: "service cookie as authorization cookie", weakness: replay,
			sent:   "a good service cookie in GetCookie, which would make it last for ever",
			answer: "InvalidAuthorizationCookie", run: func(t *testing.T, v *victim) {
				requireFault(t, clientsync.InvalidAuthorizationCookie,
					v.call(t, overTLS, clientsync.ClientPath, "GetCookie", authCookieXML(v.attacker.cookie.EncryptedData)))
			}},
		{name: "cookie of another installation", weakness: forgery,
			sent:   "a good cookie of another server, as it is and with this server's identity in it",
			answer: "ServerChanged; InvalidCookie", run: func(t *testing.T, v *victim) {
				foreign := newWUA(t, newServer(t), attackerID, "").cookie.EncryptedData
				r := v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates", cookieXML(foreign)+"<parameters/>")
				requireFault(t, clientsync.ServerChanged, r)
				copy(foreign, v.attacker.cookie.EncryptedData[:cookieHeader])
				r = v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates", cookieXML(foreign)+"<parameters/>")
				requireFault(t, clientsync.InvalidCookie, r)
			}},
		{name: "expired cookie", weakness: replay, sent: "a cookie of an hour ago whose clear Expiration says 2099",
			answer: "CookieExpired: the sealed time counts", run: func(t *testing.T, v *victim) {
				v.ahead.Store(int64(time.Hour))
				defer v.ahead.Store(0)
				cookie := cookieXML(v.attacker.cookie.EncryptedData)
				requireFault(t, clientsync.CookieExpired, v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates",
					cookie+"<parameters/>"))
				requireFault(t, clientsync.CookieExpired, v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch",
					cookie+batchXML(eventXML(attackerID))))
			}},
		{name: "event of another computer", weakness: "reports that name their sender themselves",
			sent:   "a good cookie, events for another computer, alone and among own ones",
			answer: "InvalidParameters that names TargetID; nothing of the batch is kept", run: func(t *testing.T, v *victim) {
				for _, events := range []string{eventXML(healthyID), eventXML(attackerID) + eventXML(healthyID), eventXML(""),
					eventXML("S-1-5-18")} {
					r := v.call(t, overHTTP, clientsync.ReportingPath, "ReportEventBatch",
						cookieXML(v.attacker.cookie.EncryptedData)+batchXML(events))
					requireFault(t, clientsync.InvalidParameters, r)
					require.Contains(t, r.body, "eventBatch.ReportingEvent.BasicData.TargetID")
				}
			}},
		{name: "another computer's old cookie", weakness: replay,
			sent:   "GetCookie with the attacker's authorization and another computer's old cookie",
			answer: "a cookie for the attacker that has seen nothing", run: func(t *testing.T, v *victim) {
				info, err := v.healthy.SyncUpdates(t.Context(), v.healthy.cookie, clientsync.SyncParameters{})
				require.NoError(t, err)
				mixed := v.renewed(t, info.NewCookie)
				got, err := v.attacker.SyncUpdates(t.Context(), mixed, clientsync.SyncParameters{})
				require.NoError(t, err)
				want, err := v.attacker.SyncUpdates(t.Context(), v.attacker.cookie, clientsync.SyncParameters{})
				require.NoError(t, err)
				require.Equal(t, want.NewUpdates, got.NewUpdates)
			}},
		{name: "two cookies", weakness: "checks that look at another copy than what follows uses",
			sent:   "a bad cookie before a good one, several authorization cookies",
			answer: "InvalidCookie, InvalidAuthorizationCookie", run: func(t *testing.T, v *victim) {
				two := cookieXML([]byte("bad")) + cookieXML(v.attacker.cookie.EncryptedData)
				requireFault(t, clientsync.InvalidCookie, v.call(t, overTLS, clientsync.ClientPath, "SyncUpdates",
					two+"<parameters/>"))
				auth, err := v.attacker.GetAuthorizationCookie(t.Context(), "", attackerID, "", attackerID+".test")
				require.NoError(t, err)
				one := `<AuthorizationCookie><CookieData>` + base64.StdEncoding.EncodeToString(auth.CookieData) +
					`</CookieData></AuthorizationCookie>`
				requireFault(t, clientsync.InvalidAuthorizationCookie,
					v.call(t, overTLS, clientsync.ClientPath, "GetCookie", "<authCookies>"+one+one+"</authCookies>"))
			}},
	}
}
