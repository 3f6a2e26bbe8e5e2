package clientsync_test

import (
	"crypto/sha256"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func bearer() clientsync.Bearer {
	return clientsync.Bearer{ID: clientID, DNSName: "pc1.example.test", Anchor: 1 << 40, Protocol: clientsync.Version{Major: 2, Minor: 90},
		Groups: []uuid.UUID{uuid.MustParse("a0a08746-4dbe-4a37-9adf-9e7652c0b421"), uuid.MustParse("b73ca6ed-5727-47f3-84de-015e03f6a88a")}}
}

func sealService(t testing.TB, m *memory) []byte {
	t.Helper()
	cookie, err := clientsync.SealService(m.config, bearer(), m.now.Add(time.Hour), m.config.LastChange)
	require.NoError(t, err)
	return cookie
}

func requireFault(t testing.TB, err error, code clientsync.FaultCode) {
	t.Helper()
	var fault *clientsync.Fault
	require.ErrorAs(t, err, &fault)
	require.Equal(t, code, fault.Code)
}

func TestCookieCarriesItsBearer(t *testing.T) {
	m := newMemory()
	got, err := clientsync.CheckService(m.config, sealService(t, m), m.now)
	require.NoError(t, err)
	require.Equal(t, bearer(), got)
}

func TestCookieRoundTrip(t *testing.T) {
	m := newMemory()
	rapid.Check(t, func(t *rapid.T) {
		want := clientsync.Bearer{
			ID: rapid.StringN(0, -1, 255).Draw(t, "id"), DNSName: rapid.StringN(0, -1, 255).Draw(t, "name"),
			Anchor:       rapid.Int64().Draw(t, "anchor"),
			DriverAnchor: rapid.Int64Range(-1, 1).Draw(t, "driver anchor"), PrinterAnchor: rapid.Int64Range(-1, 1).Draw(t, "printer anchor"),
			Protocol: clientsync.Version{Major: rapid.IntRange(0, 65535).Draw(t, "major"), Minor: rapid.IntRange(0, 65535).Draw(t, "minor")},
		}
		for range rapid.IntRange(0, 5).Draw(t, "groups") {
			want.Groups = append(want.Groups, uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "group")))
		}
		cookie, err := clientsync.SealService(m.config, want, m.now.Add(1), m.config.LastChange)
		if err != nil {
			t.Fatal(err)
		}
		got, err := clientsync.CheckService(m.config, cookie, m.now)
		if err != nil {
			t.Fatal(err)
		}
		require.Equal(t, want, got)
	})
}

// The order of the checks is that of MS-WUSP §3.1.5: readable, of this server, in time, of this configuration.
func TestCookieChecks(t *testing.T) {
	m := newMemory()
	cookie := sealService(t, m)
	otherKey, otherServer, otherConfig := m.config, m.config, m.config
	key := sha256.Sum256([]byte("another key"))
	otherKey.CookieKey = key[:]
	otherServer.ServerID = uuid.New()
	otherConfig.LastChange = start.Add(time.Microsecond)
	authorization, err := clientsync.SealAuthorization(m.config, bearer(), m.now.Add(time.Hour))
	require.NoError(t, err)

	for name, test := range map[string]struct {
		config clientsync.Config
		cookie []byte
		after  time.Duration
		want   clientsync.FaultCode
	}{
		"none":                               {m.config, nil, 0, clientsync.InvalidCookie},
		"one byte":                           {m.config, []byte{1}, 0, clientsync.InvalidCookie},
		"noise":                              {m.config, make([]byte, 496), 0, clientsync.InvalidCookie},
		"another version":                    {m.config, append([]byte{2}, cookie[1:]...), 0, clientsync.InvalidCookie},
		"too long":                           {m.config, append(append([]byte{}, cookie...), make([]byte, 1<<20)...), 0, clientsync.InvalidCookie},
		"another key":                        {otherKey, cookie, 0, clientsync.InvalidCookie},
		"another use":                        {m.config, authorization, 0, clientsync.InvalidCookie},
		"another server":                     {otherServer, cookie, 0, clientsync.ServerChanged},
		"another server, expired":            {otherServer, cookie, 2 * time.Hour, clientsync.ServerChanged},
		"expired":                            {m.config, cookie, time.Hour, clientsync.CookieExpired},
		"expired and another configuration":  {otherConfig, cookie, time.Hour, clientsync.CookieExpired},
		"another configuration":              {otherConfig, cookie, time.Hour - 1, clientsync.ConfigChanged},
		"another key and another everything": {otherKey, cookie, 2 * time.Hour, clientsync.InvalidCookie},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := clientsync.CheckService(test.config, test.cookie, m.now.Add(test.after))
			require.Equal(t, &clientsync.Fault{Code: test.want}, err, "the fault tells nothing but the code")
		})
	}
}

func TestCookieCutAnywhereIsRefused(t *testing.T) {
	m := newMemory()
	cookie := sealService(t, m)
	for n := range cookie {
		_, err := clientsync.CheckService(m.config, cookie[:n], m.now)
		requireFault(t, err, clientsync.InvalidCookie)
	}
}

// No bit of a cookie can be changed. The identity of the server stands in clear; changed, it is that of another server, which
// leads to the same handshake.
func TestCookieBitFlips(t *testing.T) {
	m := newMemory()
	cookie := sealService(t, m)
	rapid.Check(t, func(t *rapid.T) {
		bit := rapid.IntRange(0, len(cookie)*8-1).Draw(t, "bit")
		forged := append([]byte{}, cookie...)
		forged[bit/8] ^= 1 << (bit % 8)
		want := clientsync.InvalidCookie
		if i := bit / 8; i >= 1 && i <= 16 {
			want = clientsync.ServerChanged
		}
		_, err := clientsync.CheckService(m.config, forged, m.now)
		if !clientsync.IsFault(err, want) {
			t.Fatalf("bit %d: %v, want %s", bit, err, want)
		}
	})
}

// A restart is the same configuration read from its store: cookies from before are good.
func TestCookieSurvivesRestart(t *testing.T) {
	m := newMemory()
	m.config.LastChange = time.Date(2026, 3, 1, 9, 30, 0, 123_456_789, time.FixedZone("", 3600)) // finer than the wire
	client, _ := connect(t, serve(m))
	cookie := shakeHands(t, client, m, "2.90")

	kept, err := json.Marshal(m.config)
	require.NoError(t, err)
	again := newMemory()
	again.config = clientsync.Config{}
	require.NoError(t, json.Unmarshal(kept, &again.config))
	again.registered[clientID] = computer()
	restarted, _ := connect(t, serve(again))
	_, err = restarted.SyncUpdates(t.Context(), cookie, clientsync.SyncParameters{})
	require.NoError(t, err)
}

func TestCookieNeedsAKey(t *testing.T) {
	m := newMemory()
	m.config.CookieKey = []byte("short")
	client, _ := connect(t, serve(m))
	_, err := client.GetAuthorizationCookie(t.Context(), "", clientID, "", "pc1")
	requireFault(t, err, clientsync.InternalServerError)
}

// FuzzOpenCookie: whatever a client sends for a cookie, it is a fault or the cookie that was sealed.
func FuzzOpenCookie(f *testing.F) {
	m := newMemory()
	cookie := sealService(f, m)
	f.Add(cookie)
	f.Add(cookie[:20])
	f.Add([]byte{1})
	f.Add(make([]byte, 100))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := clientsync.CheckService(m.config, data, m.now)
		if err == nil {
			require.Equal(t, bearer(), got)
			return
		}
		var fault *clientsync.Fault
		require.ErrorAs(t, err, &fault)
		require.Contains(t, []clientsync.FaultCode{clientsync.InvalidCookie, clientsync.ServerChanged}, fault.Code)
	})
}
