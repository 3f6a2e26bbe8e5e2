package clientsync_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

var rulesID = uuid.MustParse("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")

// speakRarely adds to a conversation what agents seldom or never ask of a WSUS server.
func speakRarely(t *testing.T, m *memory, client *clientsync.Client, cookie clientsync.Cookie, keep func(string, error)) {
	t.Helper()
	ctx := context.Background()
	_, err := client.GetConfig2(ctx, clientsync.ClientConfiguration{ProcessorArchitecture: "Amd64Compatible",
		ClientVersion: clientsync.ClientVersion{Major: 1507, Minor: 2601, Build: 30012},
		OSVersion:     clientsync.ClientVersion{Major: 10, Build: 26200}, ProtocolVersion: "2.90"})
	keep("GetConfig2", err)

	m.extended2 = extendedInfo2(t)
	query := clientsync.ExtendedQuery2{UpdateIDs: []clientsync.UpdateIdentity{refreshedRevision().GlobalID},
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment, clientsync.FileDecryptionInformation}, Locales: []string{"en"}}
	extended, err := client.GetExtendedUpdateInfo2(ctx, cookie, query)
	keep("GetExtendedUpdateInfo2", err)
	require.Equal(t, m.extended2, extended)
	require.Equal(t, []clientsync.ExtendedQuery2{query}, m.queries2)

	printers := clientsync.PrinterParameters{InstalledNonLeafUpdateIDs: []int32{101, 102}, CachedUpdateIDs: []int32{300}}
	info, err := client.SyncPrinterCatalog(ctx, cookie, printers)
	keep("SyncPrinterCatalog", err)
	require.Equal(t, m.info.NewUpdates, info.NewUpdates)
	require.NotEmpty(t, info.NewCookie.EncryptedData)
	require.Equal(t, []clientsync.PrinterParameters{printers}, m.printers)

	pass := driverPass()
	_, err = client.SyncUpdates(ctx, cookie, pass)
	keep("SyncUpdates-driver-pass", err)
	require.Equal(t, pass, m.params[len(m.params)-1])

	received, err := client.ReportEventBatch2(ctx, clientID, m.now, []clientsync.ReportingEvent{event()})
	keep("ReportEventBatch2", err)
	require.True(t, received)
	require.Equal(t, event(), m.events[len(m.events)-1])
	require.True(t, m.bearers[len(m.bearers)-1].Unsealed)

	kind, err := client.GetRequiredInventoryType(ctx, cookie, rulesID, "1.0")
	keep("GetRequiredInventoryType", err)
	require.Zero(t, kind)
	received, err = client.ReportInventory(ctx, cookie, m.now, `<Inventory a="&lt;"/>`)
	keep("ReportInventory", err)
	require.True(t, received)
}

func extendedInfo2(t *testing.T) clientsync.ExtendedInfo2 {
	t.Helper()
	at := location(t)
	return clientsync.ExtendedInfo2{
		Updates:       []clientsync.Fragment{{ID: 201, XML: `<ExtendedProperties Handler="x" />`}},
		FileLocations: []clientsync.FileLocation{at},
		Decryption:    []clientsync.FileDecryption{{FileDigest: at.FileDigest, Key: []byte("a key of a test's")}},
		Encryption:    []clientsync.UpdateEncryption{{UpdateID: refreshedRevision().GlobalID, HasEncryptedFiles: true}},
	}
}

// driverPass has every field of a device.
func driverPass() clientsync.SyncParameters {
	released := time.Date(2024, 11, 5, 0, 0, 0, 0, time.UTC)
	computer := uuid.MustParse("22222222-3333-4444-8555-666666666666")
	return clientsync.SyncParameters{
		SkipSoftwareSync: true, CachedDriverIDs: []int32{300, 301}, NeedTwoGroupOutOfScopeUpdates: true,
		ComputerHardwareIDs: []uuid.UUID{computer}, FeatureScoreMatchingKey: "AMD64.10.0",
		SystemSpec: []clientsync.Device{
			{HardwareIDs: []string{`PCI\VEN_1234&DEV_5678`}, CompatibleIDs: []string{`PCI\CC_0200`},
				Installed: clientsync.InstalledDriver{MatchingID: `pci\cc_0200`, DriverVerDate: released,
					DriverVerVersion: 10<<48 | 26100<<16 | 1234, Class: "{4d36e972-e325-11ce-bfc1-08002be10318}",
					MatchingComputerHWID: computer, Rank: 0x00FF0002, IsGeneric: true},
				Extensions: []clientsync.ExtensionDriver{{ExtensionID: "{77777777-8888-4999-8aaa-bbbbbbbbbbbb}", DriverVerDate: released,
					DriverVerVersion: 1 << 48, Class: "Extension", Rank: 0x00FF2001, MatchingComputerHWID: computer}},
				RecoveryIDs: []uuid.UUID{refreshedRevision().GlobalID.UpdateID}},
			{HardwareIDs: []string{`USBPRINT\EXAMPLE`}, Flags: clientsync.NotEnumerated,
				Installed: clientsync.InstalledDriver{DriverVerDate: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), Class: "Printer",
					Manufacturer: "Example", Provider: "Example & Sons", Model: "Press <1>", Rank: clientsync.NoRank, SkipProviderFiltering: true}},
		},
	}
}

// GetTimestamps is for Microsoft's own service: the request is read, and refused with words.
func TestNoTimestampsAreSigned(t *testing.T) {
	client, carrier := connect(t, serve(newMemory()))
	_, err := client.GetTimestamps(t.Context(), []time.Time{start})
	require.True(t, clientsync.IsFault(err, clientsync.InvalidParameters))
	require.ErrorContains(t, err, "this server signs no timestamps")
	requireContract(t, "GetTimestamps.request", string(carrier.request))
	requireContract(t, "fault", string(carrier.answer))
	requireFaultAnswer(t, post(serve(newMemory()), clientsync.ClientPath, envelope(clientsync.ClientNamespace, "GetTimestamps",
		"<timestamps><dateTime>yesterday</dateTime></timestamps>")), clientsync.InvalidParameters, "timestamps.dateTime")
}

// A batch without a cookie is looked at for registered computers only, and only their own events count.
func TestReportEventBatch2(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	_, err := client.ReportEventBatch2(t.Context(), clientID, start, []clientsync.ReportingEvent{event()})
	require.True(t, clientsync.IsFault(err, clientsync.RegistrationRequired))
	shakeHands(t, client, m, "2.90")
	for _, id := range []string{"", "Not An Id", "a\nb"} {
		_, err = client.ReportEventBatch2(t.Context(), id, start, nil)
		require.True(t, clientsync.IsFault(err, clientsync.InvalidParameters), id)
	}
	other := event()
	other.TargetID = "somebody-else"
	_, err = client.ReportEventBatch2(t.Context(), clientID, start, []clientsync.ReportingEvent{other})
	require.True(t, clientsync.IsFault(err, clientsync.InvalidParameters))
	const broken = `<eventBatch><ReportingEvent><BasicData><EventID>&evil;`
	requireFaultAnswer(t, post(serve(m), clientsync.ReportingPath, envelope(clientsync.ReportingNamespace, "ReportEventBatch2",
		"<computerId>unknown</computerId>"+broken)), clientsync.RegistrationRequired, "")
	require.Empty(t, m.events)
	got, err := client.ReportEventBatch2(t.Context(), clientID, start, []clientsync.ReportingEvent{event()})
	require.NoError(t, err)
	require.True(t, got)
}

// The limits of GetExtendedUpdateInfo hold for its successor, and the form of its request is checked.
func TestExtendedUpdateInfo2IsChecked(t *testing.T) {
	m := newMemory()
	client, _ := connect(t, serve(m))
	cookie := shakeHands(t, client, m, "2.90")
	for name, q := range map[string]clientsync.ExtendedQuery2{
		"infoTypes": {},
		"locales":   {InfoTypes: []clientsync.FragmentType{clientsync.EulaFragment}},
		"updateIDs": {InfoTypes: []clientsync.FragmentType{clientsync.CoreFragment}, UpdateIDs: make([]clientsync.UpdateIdentity, 51)},
	} {
		_, err := client.GetExtendedUpdateInfo2(t.Context(), cookie, q)
		require.ErrorContains(t, err, "InvalidParameters: "+name)
	}
	require.Empty(t, m.queries2)
}
