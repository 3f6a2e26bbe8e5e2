package metadata_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// driverDocument wraps WindowsDriverMetaData elements, written with the prefix drv, into an update document.
func driverDocument(elements string) string {
	return `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update" ` +
		`xmlns:drv="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver">` +
		`<upd:UpdateIdentity UpdateID="00000000-0000-4000-8000-000000000001" RevisionNumber="1" /><upd:Properties UpdateType="Driver" />` +
		`<upd:ApplicabilityRules><upd:IsInstallable><drv:WindowsDriverInstallable /></upd:IsInstallable>` +
		`<upd:Metadata>` + elements + `</upd:Metadata></upd:ApplicabilityRules></upd:Update>`
}

// twoDrivers has every attribute and child that the data model of MS-WUSP §3.1.1 names, and one entry with only what must be there.
const twoDrivers = `<drv:WindowsDriverMetaData HardwareID="PCI\VEN_8086&amp;DEV_15F3" DriverVerDate="2024-02-29" DriverVerVersion="10.0.26100.1234" ` +
	`WhqlDriverID="4294967295" Class="Printers" Company="Contoso Ltd" Provider="Contoso" Manufacturer="Fabrikam" Model="Laser &lt;9&gt;">` +
	`<drv:CompatibleProvider>Northwind</drv:CompatibleProvider><drv:CompatibleProvider> Tailspin </drv:CompatibleProvider>` +
	`<drv:FeatureScore OperatingSystem="amd64.10.0" FeatureScore="0A" /><drv:FeatureScore OperatingSystem="arm64.10.0" FeatureScore="fe" />` +
	`<drv:DistributionComputerHardwareId>{11111111-2222-4333-8444-55555555555A}</drv:DistributionComputerHardwareId>` +
	`<drv:TargetComputerHardwareId>11111111-2222-4333-8444-55555555555a</drv:TargetComputerHardwareId>` +
	`<drv:TargetComputerHardwareId>66666666-2222-4333-8444-555555555555</drv:TargetComputerHardwareId>` +
	`<drv:InstalledVersionRange Min="1.0" Max="2.0" /></drv:WindowsDriverMetaData>` +
	`<drv:WindowsDriverMetaData HardwareID="usb\vid_1" DriverVerDate="2001-01-01" DriverVerVersion="1.2" />`

func wantTwoDrivers() []metadata.WindowsDriver {
	computer := uuid.MustParse("11111111-2222-4333-8444-55555555555a")
	return []metadata.WindowsDriver{
		{HardwareID: `PCI\VEN_8086&DEV_15F3`, DriverVerDate: time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
			DriverVerVersion: 0x000A_0000_65F4_04D2, WhqlDriverID: 4294967295, Class: "Printers", Company: "Contoso Ltd", Provider: "Contoso",
			Manufacturer: "Fabrikam", Model: "Laser <9>", CompatibleProviders: []string{"Northwind", "Tailspin"},
			FeatureScores:                   []metadata.FeatureScore{{OperatingSystem: "amd64.10.0", Score: 10}, {OperatingSystem: "arm64.10.0", Score: 254}},
			DistributionComputerHardwareIDs: []uuid.UUID{computer},
			TargetComputerHardwareIDs:       []uuid.UUID{computer, uuid.MustParse("66666666-2222-4333-8444-555555555555")}},
		{HardwareID: `usb\vid_1`, DriverVerDate: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), DriverVerVersion: 0x0001_0002_0000_0000},
	}
}

func TestWindowsDrivers(t *testing.T) {
	u, err := metadata.Parse([]byte(driverDocument(twoDrivers)))
	require.NoError(t, err)
	drivers, err := u.Rules.WindowsDrivers()
	require.NoError(t, err)
	require.Equal(t, wantTwoDrivers(), drivers)

	fragments, err := u.Fragments()
	require.NoError(t, err)
	require.Contains(t, fragments.Core, `<d.WindowsDriverMetaData HardwareID="PCI\VEN_8086&amp;DEV_15F3"`)
	core, err := metadata.ParseCore(fragments.Core)
	require.NoError(t, err)
	drivers, err = core.Rules.WindowsDrivers()
	require.NoError(t, err)
	require.Equal(t, wantTwoDrivers(), drivers, "a client reads the same from the fragment")

	drivers, err = new(metadata.Rules).WindowsDrivers()
	require.NoError(t, err)
	require.Empty(t, drivers)
}

func TestWindowsDriversNameWhatIsWrong(t *testing.T) {
	const good = `HardwareID="a" DriverVerDate="2024-01-01" DriverVerVersion="1.0.0.0"`
	for reason, element := range map[string]string{
		"HardwareID of WindowsDriverMetaData: it is missing":                                      `DriverVerDate="2024-01-01" DriverVerVersion="1"/>`,
		"HardwareID of WindowsDriverMetaData: it has 201 characters, the limit is 200":            `HardwareID="` + strings.Repeat("é", 201) + `" DriverVerDate="2024-01-01" DriverVerVersion="1"/>`,
		"DriverVerDate of WindowsDriverMetaData: it is missing":                                   `HardwareID="a" DriverVerVersion="1"/>`,
		`DriverVerDate of WindowsDriverMetaData: "29.2.2024" is not a dateTime`:                   `HardwareID="a" DriverVerVersion="1" DriverVerDate="29.2.2024"/>`,
		"DriverVerVersion of WindowsDriverMetaData: it is missing":                                `HardwareID="a" DriverVerDate="2024-01-01"/>`,
		`DriverVerVersion of WindowsDriverMetaData: "1.2.3.4.5" has more than four parts`:         `HardwareID="a" DriverVerDate="2024-01-01" DriverVerVersion="1.2.3.4.5"/>`,
		`WhqlDriverID of WindowsDriverMetaData: "-1" is not a number from 0 on`:                   good + ` WhqlDriverID="-1"/>`,
		"Model of WindowsDriverMetaData: it has 257 characters, the limit is 256":                 good + ` Model="` + strings.Repeat("m", 257) + `"/>`,
		"CompatibleProvider: it has 300 characters, the limit is 256":                             good + `><drv:CompatibleProvider>` + strings.Repeat("p", 300) + `</drv:CompatibleProvider></drv:WindowsDriverMetaData>`,
		`FeatureScore of FeatureScore: "100" is not two hexadecimal digits`:                       good + `><drv:FeatureScore OperatingSystem="x" FeatureScore="100"/></drv:WindowsDriverMetaData>`,
		`TargetComputerHardwareId: "urn:uuid:11111111-2222-4333-8444-555555555555" is not a GUID`: good + `><drv:TargetComputerHardwareId>urn:uuid:11111111-2222-4333-8444-555555555555</drv:TargetComputerHardwareId></drv:WindowsDriverMetaData>`,
		`DistributionComputerHardwareId: "" is not a GUID`:                                        good + `><drv:DistributionComputerHardwareId/></drv:WindowsDriverMetaData>`,
	} {
		u, err := metadata.Parse([]byte(driverDocument(`<drv:WindowsDriverMetaData ` + element)))
		require.NoError(t, err, reason)
		drivers, err := u.Rules.WindowsDrivers()
		require.EqualError(t, err, reason)
		require.IsType(t, &metadata.DataError{}, err)
		require.Nil(t, drivers)
	}
}

func TestParseDriverVersion(t *testing.T) {
	for text, want := range map[string]uint64{
		"0": 0, "1": 1 << 48, "1.2.3.4": 0x0001_0002_0003_0004, " 9.9 ": 0x0009_0009_0000_0000, "65535.65535.65535.65535": 1<<64 - 1,
		"10.0.26100.1150": 2814751477597310, // a captured request
	} {
		got, err := metadata.ParseDriverVersion(text)
		require.NoError(t, err, text)
		require.Equal(t, int64(want), got, text)
	}
	for _, text := range []string{"", ".", "1.", "1..2", "65536", "-1", "+1", "1.2.3.4.5", "1.x", "0x1", "1 .2"} {
		_, err := metadata.ParseDriverVersion(text)
		require.Error(t, err, text)
	}
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.Uint16()
		a, b, c, d := part.Draw(t, "a"), part.Draw(t, "b"), part.Draw(t, "c"), part.Draw(t, "d")
		got, err := metadata.ParseDriverVersion(fmt.Sprintf("%d.%d.%d.%d", a, b, c, d))
		require.NoError(t, err)
		require.Equal(t, []uint16{a, b, c, d}, []uint16{uint16(uint64(got) >> 48), uint16(got >> 32), uint16(got >> 16), uint16(got)})
	})
}

// Whatever the metadata says, it is read within its limits or refused with a place, and the same from document and fragment.
func FuzzWindowsDrivers(f *testing.F) {
	f.Add(twoDrivers)
	f.Add(`<drv:WindowsDriverMetaData HardwareID="a" DriverVerDate="0001-01-01" DriverVerVersion="1"><drv:FeatureScore FeatureScore="f"/></drv:WindowsDriverMetaData>`)
	f.Fuzz(func(t *testing.T, elements string) {
		u, err := metadata.Parse([]byte(driverDocument(elements)))
		if err != nil {
			return
		}
		drivers, err := u.Rules.WindowsDrivers()
		fragments, cut := u.Fragments()
		require.NoError(t, cut)
		core, parse := metadata.ParseCore(fragments.Core)
		require.NoError(t, parse)
		again, errAgain := core.Rules.WindowsDrivers()
		require.Equal(t, err, errAgain)
		require.Equal(t, drivers, again)
		if err != nil {
			require.IsType(t, &metadata.DataError{}, err)
			return
		}
		for _, d := range drivers {
			require.NotEmpty(t, d.HardwareID)
			require.LessOrEqual(t, len([]rune(d.HardwareID)), metadata.MaxHardwareID)
		}
	})
}
