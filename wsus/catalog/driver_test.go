package catalog_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// contosoDrivers are three hardware ids, of which the first two have all in common that counts.
const contosoDrivers = `<drv:WindowsDriverMetaData HardwareID="PCI\VEN_1&amp;DEV_1" DriverVerDate="2025-03-04" DriverVerVersion="65535.2.3.4" Class="Networking" Manufacturer="Fabrikam" Provider="Contoso" Model="A">` +
	`<drv:FeatureScore OperatingSystem="amd64.10.0" FeatureScore="C0" /><drv:TargetComputerHardwareId>11111111-2222-4333-8444-555555555555</drv:TargetComputerHardwareId></drv:WindowsDriverMetaData>` +
	`<drv:WindowsDriverMetaData HardwareID="PCI\VEN_1&amp;DEV_2" DriverVerDate="2025-03-04" DriverVerVersion="65535.2.3.4" Class="Networking" Manufacturer="Fabrikam" Provider="Contoso" Model="B">` +
	`<drv:FeatureScore OperatingSystem="amd64.10.0" FeatureScore="C0" /><drv:TargetComputerHardwareId>11111111-2222-4333-8444-555555555555</drv:TargetComputerHardwareId></drv:WindowsDriverMetaData>` +
	`<drv:WindowsDriverMetaData HardwareID="USB\VID_1" DriverVerDate="1601-01-01" DriverVerVersion="0" Class="Printers" Manufacturer="Fabrikam" Provider="Contoso">` +
	`<drv:CompatibleProvider>Northwind</drv:CompatibleProvider><drv:DistributionComputerHardwareId>22222222-2222-4333-8444-555555555555</drv:DistributionComputerHardwareId></drv:WindowsDriverMetaData>`

func wantContosoDrivers() []catalog.Driver {
	return []catalog.Driver{
		{HardwareIDs: []string{`PCI\VEN_1&DEV_1`, `PCI\VEN_1&DEV_2`}, DriverVerDate: time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC),
			DriverVerVersion: -1<<48 | 2<<32 | 3<<16 | 4, Class: "Networking", Manufacturer: "Fabrikam", Provider: "Contoso",
			FeatureScores:             []metadata.FeatureScore{{OperatingSystem: "amd64.10.0", Score: 0xC0}},
			TargetComputerHardwareIDs: []uuid.UUID{uuid.MustParse("11111111-2222-4333-8444-555555555555")}},
		{HardwareIDs: []string{`USB\VID_1`}, DriverVerDate: time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC),
			Class: "Printers", Manufacturer: "Fabrikam", Provider: "Contoso", CompatibleProviders: []string{"Northwind"},
			DistributionComputerHardwareIDs: []uuid.UUID{uuid.MustParse("22222222-2222-4333-8444-555555555555")}},
	}
}

func driversOf(t *testing.T, c *catalog.Catalog, n int) []catalog.Driver {
	t.Helper()
	r, ok := c.Generation().ByIdentity(identity(n, 1))
	require.True(t, ok)
	return r.Drivers
}

func TestDriversAreKept(t *testing.T) {
	forEachVolume(t, func(t *testing.T, vol catalog.Volume) {
		c := open(t, vol)
		importAll(t, c, document{id: 1}, document{id: 2, kind: metadata.Driver, drivers: contosoDrivers}, document{id: 3, drivers: contosoDrivers})
		for range 2 {
			require.Equal(t, wantContosoDrivers(), driversOf(t, c, 2))
			require.Nil(t, driversOf(t, c, 1))
			require.Nil(t, driversOf(t, c, 3), "no driver update")
			require.NoError(t, c.Close())
			c = open(t, vol)
		}
		importAll(t, c, document{id: 4})
		require.Equal(t, wantContosoDrivers(), driversOf(t, c, 2), "the next generation has them too")
	})
}

func TestDriverThatCannotBeRankedIsRefused(t *testing.T) {
	c := open(t, catalog.Memory())
	result, err := c.Import(t.Context(), parse(t, document{id: 1},
		document{id: 2, kind: metadata.Driver, drivers: `<drv:WindowsDriverMetaData HardwareID="a" DriverVerDate="2025-03-04" DriverVerVersion="one" />`}))
	require.NoError(t, err)
	require.Equal(t, []metadata.Identity{identity(1, 1)}, result.Added)
	require.Len(t, result.Refused, 1)
	require.ErrorContains(t, result.Refused[0].Err, `DriverVerVersion of WindowsDriverMetaData: "one" is not`)
}

// testdata/format1 was written before indexes kept drivers. It opens, its drivers are read from their documents, and the next import
// writes an index that has them.
func TestCatalogueOfTheFirstFormat(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/format1")))
	vol, err := catalog.Dir(dir)
	require.NoError(t, err)
	defer vol.Close()
	want := []catalog.Driver{{HardwareIDs: []string{`PCI\VEN_1AF4&DEV_1000`, `PCI\VEN_1AF4&DEV_1041`},
		DriverVerDate: time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC), DriverVerVersion: 0x0001_0002_0003_0004, Class: "Networking",
		Manufacturer: "Contoso Devices", Provider: "Contoso", FeatureScores: []metadata.FeatureScore{{OperatingSystem: "amd64.10.0", Score: 0xC0}},
		TargetComputerHardwareIDs: []uuid.UUID{uuid.MustParse("11111111-2222-4333-8444-555555555555")}}}

	c := open(t, vol)
	require.Equal(t, want, driversOf(t, c, 2))
	require.Nil(t, driversOf(t, c, 1))
	importAll(t, c, document{id: 3})
	require.NoError(t, c.Close())
	index, err := os.ReadFile(filepath.Join(dir, "generation-0000000002.idx"))
	require.NoError(t, err)
	require.Equal(t, "SUCATIX2", string(index[:8]))
	c = open(t, vol)
	require.Equal(t, want, driversOf(t, c, 2))
	require.NoError(t, c.Check(t.Context()))
}

// A damaged document of an old catalogue costs its drivers, not the catalogue.
func TestDamagedDriverOfTheFirstFormat(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/format1")))
	name := filepath.Join(dir, "segment-000001.seg")
	segment, err := os.ReadFile(name)
	require.NoError(t, err)
	segment[len(segment)-10] ^= 1 // the document comes last
	require.NoError(t, os.WriteFile(name, segment, 0o600))
	vol, err := catalog.Dir(dir)
	require.NoError(t, err)
	defer vol.Close()
	c := open(t, vol)
	require.Nil(t, driversOf(t, c, 2))
	require.ErrorContains(t, c.Check(t.Context()), "revision 2")
}

// Whatever is no driver takes no byte more than it did.
func TestDriversCostOthersNothing(t *testing.T) {
	old, err := os.ReadFile("testdata/format1/generation-0000000001.idx")
	require.NoError(t, err)
	again, err := catalog.Rewrite(old)
	require.NoError(t, err)
	require.Equal(t, "SUCATIX2", string(again[:8]))
	require.Equal(t, old[8:len(old)-4], again[8:len(again)-4])
}
