package clientsync_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// What agents of today write beside the published contract. Answers have nothing of the kind.
var newerInRequests = []string{
	"SyncUpdates/parameters/AlsoPerformRegularSync", "SyncUpdates/parameters/ProductsParameters",
	"SyncUpdates/parameters/ProductsParameters/SyncCurrentVersionOnly", "SyncUpdates/parameters/ProductsParameters/DeviceAttributes",
	"SyncUpdates/parameters/ProductsParameters/CallerAttributes", "SyncUpdates/parameters/ProductsParameters/Products",
	"SyncUpdates/parameters/SystemSpec/Device/extensionDrivers",
	"SyncUpdates/parameters/SystemSpec/Device/installedDriver/SkipProviderFiltering",
	"SyncUpdates/parameters/SystemSpec/Device/installedDriver/IsGeneric", "GetExtendedUpdateInfo/deviceAttributes",
}

func requireContract(t *testing.T, name, message string) {
	t.Helper()
	complaints, newer := checkMessage(message)
	require.Empty(t, complaints, name)
	require.Subset(t, newerInRequests, newer, name)
}

// All messages that the other tests lean on are of the contract, those of an XP-era agent but for its SOAP encoding.
func TestSamplesKeepTheContract(t *testing.T) {
	var checked int
	for _, pattern := range []string{"testdata/*.xml", "testdata/golden/*.xml", "testdata/other/*.xml"} {
		paths, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, path := range paths {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			message := strings.ReplaceAll(unmasked(string(text)), "(random)", uuid.Nil.String())
			checked++
			if !strings.HasSuffix(path, "windows-xp.request.xml") {
				requireContract(t, path, message)
				continue
			}
			complaints, _ := checkMessage(message)
			require.Equal(t, []string{
				"SyncUpdates/parameters/InstalledNonLeafUpdateIDs: has the attribute arrayType",
				"SyncUpdates/parameters/OtherCachedUpdateIDs: must not be nil",
				"SyncUpdates/parameters/SystemSpec: must not be nil",
				"SyncUpdates/parameters/CachedDriverIDs: must not be nil",
			}, complaints)
		}
	}
	require.GreaterOrEqual(t, checked, 52)
}

// What goes over the wire is of the contract, in every operation, for old clients and when there is nothing to say.
func TestConversationKeepsTheContract(t *testing.T) {
	messages := spoken(t)
	require.Len(t, messages, 36)
	for name, message := range messages {
		requireContract(t, name, message)
	}
	for _, version := range []string{"1.0", "1.7", "1.8", "2.90"} {
		for name, info := range map[string]clientsync.SyncInfo{"full": syncInfo(), "empty": {}} {
			m := newMemory()
			m.info = info
			client, carrier := connect(t, serve(m))
			cookie := shakeHands(t, client, m, version)
			_, err := client.SyncUpdates(t.Context(), cookie, clientsync.SyncParameters{NeedTwoGroupOutOfScopeUpdates: true})
			require.NoError(t, err)
			requireContract(t, version+" "+name, string(carrier.answer))
		}
	}
}

// Faults are too, with the children of their detail in no namespace, whoever answers them.
func TestFaultsKeepTheContract(t *testing.T) {
	for _, fail := range []error{errors.New("disk on fire"), &clientsync.Fault{Code: clientsync.ServerBusy, Message: "a < b"},
		&clientsync.Fault{Code: clientsync.FileLocationChanged}} {
		m := newMemory()
		client, carrier := connect(t, serve(m))
		cookie := shakeHands(t, client, m, "2.90")
		m.fail = fail
		_, err := client.ReportEventBatch(t.Context(), cookie, start, nil)
		require.Error(t, err)
		requireContract(t, "reporting", string(carrier.answer))
		_, err = client.StartCategoryScan(t.Context(), nil)
		require.Error(t, err)
		requireContract(t, "client", string(carrier.answer))
	}
	for path, namespace := range map[string]string{clientsync.ClientPath: clientsync.ClientNamespace,
		clientsync.SimpleAuthPath: clientsync.SimpleAuthNamespace, clientsync.ReportingPath: clientsync.ReportingNamespace} {
		for _, body := range []string{"", "<html>", envelope(namespace, "Reboot", ""), envelope(namespace, "SyncUpdates", "<cookie/>")} {
			requireContract(t, path+" "+body, post(serve(newMemory()), path, body).Body.String())
		}
	}
}

// The check finds what is wrong: each message is a good one with one mistake.
func TestContractIsChecked(t *testing.T) {
	for name, test := range map[string]struct{ file, old, new, want string }{
		"order": {"GetCookie.response", "<Expiration>2026-03-01T10:30:00.12Z</Expiration><EncryptedData>AQIDBA==</EncryptedData>",
			"<EncryptedData>AQIDBA==</EncryptedData><Expiration>2026-03-01T10:30:00.12Z</Expiration>",
			"GetCookieResponse/GetCookieResult/Expiration: must not follow EncryptedData"},
		"missing":          {"SyncUpdates.response", "<Truncated>true</Truncated>", "", "SyncUpdatesResponse/SyncUpdatesResult: Truncated is missing"},
		"missing by text":  {"GetAuthorizationCookie.request", "<dnsName>pc1.example.test</dnsName>", "", "GetAuthorizationCookie: dnsName is missing"},
		"twice":            {"GetConfig.request", "</protocolVersion>", "</protocolVersion><protocolVersion/>", "GetConfig/protocolVersion: occurs more than 1 times"},
		"unknown":          {"RefreshCache.request", "<globalIDs>", "<globalIds/><globalIDs>", "RefreshCache/globalIds: is not of the contract"},
		"spelling":         {"GetAuthorizationCookie.response", "<PlugInId>SimpleTargeting</PlugInId>", "<PlugInID>SimpleTargeting</PlugInID>", "GetAuthorizationCookieResponse/GetAuthorizationCookieResult/PlugInID: is not of the contract"},
		"namespace":        {"ReportEventBatch.response", "<ReportEventBatchResult>", `<ReportEventBatchResult xmlns="">`, `ReportEventBatchResponse/ReportEventBatchResult: is in namespace ""`},
		"other service":    {"GetConfig.response", clientsync.ClientNamespace, clientsync.ReportingNamespace, `GetConfigResponse: is no message in namespace "http://www.microsoft.com/SoftwareDistribution"`},
		"int":              {"RefreshCache.response", "<RevisionID>201", "<RevisionID>2147483648", `RefreshCacheResponse/RefreshCacheResult/RefreshCacheResult/RevisionID: "2147483648" is no int`},
		"short":            {"ReportEventBatch.request", "<EventID>156", "<EventID>32768", `ReportEventBatch/eventBatch/ReportingEvent/BasicData/EventID: "32768" is no short`},
		"boolean":          {"GetConfig.response", "<IsRegistrationRequired>true", "<IsRegistrationRequired>True", `GetConfigResponse/GetConfigResult/IsRegistrationRequired: "True" is no boolean`},
		"dateTime":         {"GetCookie.request", "<currentTime>2026-03-01T", "<currentTime>2026-03-01 ", `GetCookie/currentTime: "2026-03-01 09:30:00.12Z" is no dateTime`},
		"base64Binary":     {"GetFileLocations.request", "DG48HVwipubNyRps3dI4GaQ2xCk=", "DG4", `GetFileLocations/fileDigests/base64Binary: "DG4" is no base64Binary`},
		"guid":             {"StartCategoryScan.request", "11111111-2222-4333-8444-555555555555", "{11111111-2222-4333-8444-555555555555}", `StartCategoryScan/requestedCategories/CategoryRelationship/CategoryId: "{11111111-2222-4333-8444-555555555555}" is no guid`},
		"enumeration":      {"RefreshCache.response", "<Action>Install", "<Action>install", `RefreshCacheResponse/RefreshCacheResult/RefreshCacheResult/Deployment/Action: "install" is no DeploymentAction`},
		"nil":              {"RegisterComputer.request", "<OEM>Example</OEM>", `<OEM xmlns:a="http://www.w3.org/2001/XMLSchema-instance" a:nil="true"/>`, "RegisterComputer/computerInfo/OEM: must not be nil"},
		"elements in text": {"SyncUpdates.response", "<Xml>&lt;UpdateIdentity", "<Xml><b/>&lt;UpdateIdentity", "SyncUpdatesResponse/SyncUpdatesResult/NewUpdates/UpdateInfo/Xml: has elements where a string is"},
		"header":           {"GetConfig.request", "<s:Body>", "<s:Header/><s:Body>", "Envelope: has not one Body alone"},
		"fault order":      {"fault-client", "<ErrorCode>InvalidCookie</ErrorCode><Message/>", "<Message/><ErrorCode>InvalidCookie</ErrorCode>", "Fault/detail/ErrorCode: must not follow Message"},
		"fault namespace":  {"fault-client", "<Message/>", `<Message xmlns="urn:x"/>`, `Fault/detail/Message: is in namespace "urn:x"`},
	} {
		t.Run(name, func(t *testing.T) {
			message := strings.ReplaceAll(unmasked(string(sample(t, "golden/"+test.file))), "(random)", uuid.Nil.String())
			require.Contains(t, message, test.old)
			complaints, _ := checkMessage(strings.Replace(message, test.old, test.new, 1))
			require.NotEmpty(t, complaints)
			require.Equal(t, test.want, complaints[0])
		})
	}
}
