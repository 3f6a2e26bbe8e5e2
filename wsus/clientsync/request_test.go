package clientsync_test

import (
	"context"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// notWritten is what agents tell Microsoft's own service, which a server passes over and our client leaves out.
var notWritten = regexp.MustCompile(`<ProductsParameters>.*</ProductsParameters>|<(device|caller)Attributes>[^<]*</(device|caller)Attributes>`)

// Requests of real agents are read field by field, and what was read is written again byte for byte: nothing is lost, and our
// client asks as an agent asks.
func TestRequestsAreReadAndWrittenWhole(t *testing.T) {
	ctx := context.Background()
	sampleDirs(t, func(t *testing.T, read func(string) string) {
		client, sent := connect(t, answering(404, "text/plain", "nobody"))
		same := func(name string) {
			require.Equal(t, notWritten.ReplaceAllString(read(name), ""), string(sent.request), name)
		}

		_, err := client.GetConfig(ctx, textOf(t, read("GetConfig.request"), "protocolVersion"))
		require.Error(t, err)
		same("GetConfig.request")

		authorization := read("GetAuthorizationCookie.request")
		_, err = client.GetAuthorizationCookie(ctx, "", textOf(t, authorization, "clientId"), "", textOf(t, authorization, "dnsName"))
		require.Error(t, err)
		same("GetAuthorizationCookie.request")

		_, cookieParameters, err := clientsync.ReadRequest([]byte(read("GetCookie.request")), clientsync.ReadGetCookie)
		require.NoError(t, err)
		_, err = client.GetCookie(ctx, cookieParameters)
		require.Error(t, err)
		same("GetCookie.request")

		cookie, info, err := clientsync.ReadRequest([]byte(read("RegisterComputer.request")), clientsync.ReadRegistration)
		require.NoError(t, err)
		require.Error(t, client.RegisterComputer(ctx, cookie, info))
		same("RegisterComputer.request")

		cookie, params, err := clientsync.ReadRequest([]byte(read("SyncUpdates.request")), clientsync.ReadSyncUpdates)
		require.NoError(t, err)
		_, err = client.SyncUpdates(ctx, cookie, params)
		require.Error(t, err)
		same("SyncUpdates.request")

		cookie, query, err := clientsync.ReadRequest([]byte(read("GetExtendedUpdateInfo.request")), clientsync.ReadExtendedQuery)
		require.NoError(t, err)
		_, err = client.GetExtendedUpdateInfo(ctx, cookie, query)
		require.Error(t, err)
		same("GetExtendedUpdateInfo.request")

		report := read("ReportEventBatch.request")
		cookie, events, err := clientsync.ReadRequest([]byte(report), clientsync.ReadEventBatch)
		require.NoError(t, err)
		at, err := time.Parse(time.RFC3339Nano, textOf(t, report, "clientTime"))
		require.NoError(t, err)
		_, err = client.ReportEventBatch(ctx, cookie, at, events)
		require.Error(t, err)
		same("ReportEventBatch.request")
	})
}

// textOf finds an element's text the plain way.
func textOf(t *testing.T, message, name string) string {
	t.Helper()
	found := regexp.MustCompile(`<` + name + `>([^<]*)</` + name + `>`).FindStringSubmatch(message)
	require.NotNil(t, found, name)
	return found[1]
}

func TestRequestFields(t *testing.T) {
	cookie, p, err := clientsync.ReadRequest(sample(t, "SyncUpdates.request"), clientsync.ReadSyncUpdates)
	require.NoError(t, err)
	require.Equal(t, clientsync.Cookie{Expiration: time.Date(2026, 3, 2, 9, 0, 0, 123456700, time.UTC),
		EncryptedData: []byte("composed service cookie, opaque to all")}, cookie)
	require.Equal(t, clientsync.SyncParameters{
		InstalledNonLeafUpdateIDs: []int32{101, 104}, OtherCachedUpdateIDs: []int32{90, 2147483647}, CachedDriverIDs: []int32{300},
		FilterCategoryIDs:             []uuid.UUID{uuid.MustParse("11111111-2222-4333-8444-555555555555")},
		NeedTwoGroupOutOfScopeUpdates: true,
	}, p)

	_, info, err := clientsync.ReadRequest(sample(t, "RegisterComputer.request"), clientsync.ReadRegistration)
	require.NoError(t, err)
	require.Equal(t, computer(), info)

	_, q, err := clientsync.ReadRequest(sample(t, "GetExtendedUpdateInfo.request"), clientsync.ReadExtendedQuery)
	require.NoError(t, err)
	require.Equal(t, clientsync.ExtendedQuery{RevisionIDs: []int32{102, 201}, Locales: []string{"en-GB", "en"}, GeoID: "GBR",
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment, clientsync.LocalizedPropertiesFragment}}, q)

	_, g, err := clientsync.ReadRequest(sample(t, "GetCookie.request"), clientsync.ReadGetCookie)
	require.NoError(t, err)
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	require.Equal(t, clientsync.GetCookieParameters{
		AuthCookies: []clientsync.AuthorizationCookie{{PlugInID: "SimpleTargeting", CookieData: []byte("composed authorization cookie")}},
		OldCookie:   clientsync.Cookie{Expiration: at}, LastChange: start, CurrentTime: at, ProtocolVersion: "2.50",
	}, g)

	_, events, err := clientsync.ReadRequest(sample(t, "ReportEventBatch.request"), clientsync.ReadEventBatch)
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.Equal(t, clientsync.ReportingEvent{
		TargetID: clientID, TimeAtTarget: time.Date(2026, 3, 2, 8, 1, 30, 5e8, time.UTC),
		EventInstanceID: uuid.MustParse("5f3e0c0a-9f0e-4e0c-8f39-6f0c2b1d7e56"), NamespaceID: 1, EventID: 148, SourceID: 101,
		Win32HResult: -2145123272, ReplacementStrings: []string{"0x80240438"},
		MiscData:      []string{"G=1407.2503.28012.0", "Q=1", "AppName=<<PROCESS>>: sample.exe"},
		ComputerBrand: "Example & Sons", ComputerModel: "Desk <1>", BiosRevision: "1.4", Architecture: "Amd64Compatible",
		OSVersion: clientsync.OSVersion{Major: 10, Build: 22631, Revision: 65792}, OSLocaleID: 2057,
	}, events[1])
}

// Windows XP writes prefixes, SOAP-encoded arrays, nil and wrapped base64 (MS-WUSP §4); a driver pass has devices.
func TestRequestsOfOtherShapes(t *testing.T) {
	cookie, p, err := clientsync.ReadRequest(sample(t, "other/SyncUpdates-windows-xp.request"), clientsync.ReadSyncUpdates)
	require.NoError(t, err)
	require.Equal(t, clientsync.Cookie{Expiration: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), EncryptedData: []byte("composed cookie")}, cookie)
	require.Equal(t, clientsync.SyncParameters{InstalledNonLeafUpdateIDs: []int32{5, 6}}, p)

	_, p, err = clientsync.ReadRequest(sample(t, "other/SyncUpdates-driver-pass.request"), clientsync.ReadSyncUpdates)
	require.NoError(t, err)
	require.Equal(t, clientsync.SyncParameters{CachedDriverIDs: []int32{300}, SkipSoftwareSync: true,
		NeedTwoGroupOutOfScopeUpdates: true, FeatureScoreMatchingKey: "AMD64.10.0",
		ComputerHardwareIDs: []uuid.UUID{uuid.MustParse("11111111-2222-4333-8444-555555555555")},
		SystemSpec: []clientsync.Device{{HardwareIDs: []string{`PCI\VEN_1234&DEV_5678`}, CompatibleIDs: []string{`PCI\CC_0200`},
			Installed: clientsync.InstalledDriver{DriverVerDate: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Rank: clientsync.NoRank}}},
	}, p)
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".xml")
	require.NoError(t, err)
	return text
}
