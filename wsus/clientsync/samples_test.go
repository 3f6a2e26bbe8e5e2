package clientsync_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// shared finds the folder of captures beside the module's root; where it is not, what is composed in testdata proves the same.
func shared(t testing.TB, path string) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
			continue
		}
		found := filepath.Join(filepath.Dir(dir), "shared", path)
		if _, err := os.Stat(found); err == nil {
			return found
		}
		break
	}
	t.Skipf("shared/%s is not here", path)
	return ""
}

// sampleDirs runs a test on the composed messages and on the captured ones, which have the same names.
func sampleDirs(t *testing.T, run func(t *testing.T, read func(name string) string)) {
	reader := func(dir func(t *testing.T) string) func(t *testing.T) {
		return func(t *testing.T) {
			from := dir(t)
			run(t, func(name string) string {
				found, err := filepath.Glob(filepath.Join(from, "*"+name+".xml"))
				require.NoError(t, err)
				require.Len(t, found, 1, name)
				text, err := os.ReadFile(found[0])
				require.NoError(t, err)
				return string(text)
			})
		}
	}
	t.Run("composed", reader(func(*testing.T) string { return "testdata" }))
	t.Run("captured", reader(func(t *testing.T) string { return shared(t, "testdata/soap-client") }))
}

var (
	cookieText = regexp.MustCompile(`<(EncryptedData|CookieData)>[^<]*</`)
	faultID    = regexp.MustCompile(`<ID>[0-9a-f-]{36}</ID>`)
)

// masked hides what is random in a message.
func masked(message string) string {
	message = cookieText.ReplaceAllString(message, "<$1>(sealed)</")
	return faultID.ReplaceAllString(message, "<ID>(random)</ID>")
}

func computer() clientsync.ComputerInfo {
	return clientsync.ComputerInfo{
		DNSName: "pc1.example.test", OSMajorVersion: 10, OSBuildNumber: 22631, OSLocale: "en-GB",
		ComputerManufacturer: "Example & Sons", ComputerModel: "Desk <1>", BiosVersion: "1.4", BiosName: "Example BIOS",
		BiosReleaseDate:       time.Date(2024, 5, 6, 0, 0, 0, 0, time.UTC),
		ProcessorArchitecture: "AMD64", SuiteMask: 256, OldProductType: 1, NewProductType: 48,
		ClientVersionMajorNumber: 1407, ClientVersionMinorNumber: 2503, ClientVersionBuildNumber: 28012,
		OSDescription: "Windows 10 Pro", OEM: "Example", DeviceType: "Desk", FirmwareVersion: "2.0", MobileOperator: "Not Present",
	}
}

func event() clientsync.ReportingEvent {
	return clientsync.ReportingEvent{
		TargetID: clientID, TimeAtTarget: time.Date(2026, 3, 2, 8, 1, 30, 0, time.UTC),
		EventInstanceID: uuid.MustParse("5f3e0c0a-9f0e-4e0c-8f39-6f0c2b1d7e55"), NamespaceID: 1, EventID: 156, SourceID: 101,
		UpdateID:     clientsync.UpdateIdentity{UpdateID: uuid.MustParse("0d9ad1f2-7c58-4a0e-9a5e-2b8f6f3f7a01"), RevisionNumber: 2},
		Win32HResult: -2145123272, AppName: "sample",
		ReplacementStrings: []string{"0x80240438", "A <title> & more"},
		MiscData:           []string{"Q=1", "U=0D9AD1F2-7C58-4A0E-9A5E-2B8F6F3F7A01", "AppName=<<PROCESS>>: sample.exe"},
		ComputerBrand:      "Example & Sons", ComputerModel: "Desk <1>", BiosRevision: "1.4", Architecture: "Amd64Compatible",
		OSVersion: clientsync.OSVersion{Major: 10, Build: 22631, Revision: 65792}, OSLocaleID: 2057,
	}
}

func deployment(id int32, action clientsync.Action) clientsync.Deployment {
	return clientsync.Deployment{ID: id, Action: action, IsAssigned: true, LastChangeTime: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
}

// syncInfo has something in every element.
func syncInfo() clientsync.SyncInfo {
	offered := deployment(31, clientsync.Install)
	offered.Deadline = time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)
	return clientsync.SyncInfo{
		NewUpdates: []clientsync.UpdateInfo{
			{ID: 102, Deployment: deployment(7, clientsync.Evaluate), XML: `<UpdateIdentity UpdateID="6b1f0a44-5a1c-4f6f-8f1e-0c2d7b9a1e10" RevisionNumber="3" />`},
			{ID: 201, Deployment: offered, IsLeaf: true, XML: `<Properties UpdateType="Software" Title="R&amp;D" />`},
		},
		OutOfScopeRevisionIDs:         []int32{90, 91},
		ChangedUpdates:                []clientsync.UpdateInfo{{ID: 103, Deployment: deployment(8, clientsync.OptionalInstall), IsLeaf: true}},
		Truncated:                     true,
		DeployedOutOfScopeRevisionIDs: []int32{92},
		DriverSyncNotNeeded:           true,
	}
}

func extendedInfo(t testing.TB) clientsync.ExtendedInfo {
	return clientsync.ExtendedInfo{
		Updates: []clientsync.Fragment{
			{ID: 201, XML: `<ExtendedProperties DefaultPropertiesLanguage="en" />`},
			{ID: 201, XML: `<LocalizedProperties><Language>en</Language><Title>Sample</Title></LocalizedProperties>`},
		},
		FileLocations:         []clientsync.FileLocation{location(t)},
		OutOfScopeRevisionIDs: []int32{999},
	}
}

func location(t testing.TB) clientsync.FileLocation {
	sum, err := base64.StdEncoding.DecodeString("DG48HVwipubNyRps3dI4GaQ2xCk=")
	require.NoError(t, err)
	return clientsync.FileLocation{FileDigest: [20]byte(sum),
		URL: "http://wsus.example.test:8530/Content/29/0C6E3C1D5C22A6E6CDC91A6CDDD23819A436C429.exe"}
}

func refreshedRevision() clientsync.RefreshedRevision {
	return clientsync.RefreshedRevision{RevisionID: 201, IsLeaf: true, Deployment: deployment(31, clientsync.Install),
		GlobalID: clientsync.UpdateIdentity{UpdateID: uuid.MustParse("0d9ad1f2-7c58-4a0e-9a5e-2b8f6f3f7a01"), RevisionNumber: 1}}
}

func encode(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
