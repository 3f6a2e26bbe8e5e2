package applicability_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// manifest of a package with parents, all of one key and architecture.
func manifest(name string, parents ...string) string {
	identity := func(name string) string {
		return `<assemblyIdentity name="` + name + `" version="1.0.0.0" language="neutral" processorArchitecture="amd64" publicKeyToken="k"/>`
	}
	s := `<CbsPackageApplicabilityMetadata><assembly xmlns="urn:schemas-microsoft-com:asm.v3">` + identity(name) + `<package identifier="KB1">`
	for _, p := range parents {
		s += `<parent>` + identity(p) + `</parent>`
	}
	return s + `</package></assembly></CbsPackageApplicabilityMetadata>`
}

func TestCbsRules(t *testing.T) {
	for _, c := range []struct {
		manifest               string
		installed, installable applicability.Truth
	}{
		{manifest("base"), yes, no},
		{manifest("new", "base"), no, yes},
		{manifest("new", "gone", "base"), no, yes},
		{manifest("new", "pending"), no, no},
		{manifest("pending", "base"), no, yes},
		{manifest("new"), no, maybe},
		{"", maybe, maybe},
	} {
		require.Equal(t, c.installed, evaluate(t, laboratory(), "<CbsPackageInstalled/>", c.manifest).Truth, c.manifest)
		require.Equal(t, c.installable, evaluate(t, laboratory(), "<CbsPackageInstallable/>", c.manifest).Truth, c.manifest)
	}
	run(t, laboratory(), []row{
		{`<CbsPackageInstalledByIdentity PackageIdentity="Base~k~AMD64~~1.0.0.0"/>`, yes},
		{`<CbsPackageInstalledByIdentity PackageIdentity="pending~k~amd64~~1.0.0.0"/>`, no},
		{`<CbsPackageInstalledByIdentity PackageIdentity="gone~k~amd64~~1.0.0.0"/>`, no},
		{`<CbsPackageInstalledByIdentity/>`, maybe},
	})
}

func TestProductReleases(t *testing.T) {
	run(t, laboratory(), []row{
		{`<ProductReleaseInstalled Name="Client.OS.rs2.amd64" Version="10.0.19045.4291"/>`, yes},
		{`<ProductReleaseInstalled Name="Client.OS.rs2.amd64" Version="10.0.19045.5000"/>`, no},
		{`<ProductReleaseInstalled Name="Client.OS.rs2.ARM64" Version="10.0.1.1"/>`, no},
		{`<ProductReleaseVersion Name="Client.OS.rs2.x64" Version="0.0.0.0" Comparison="greaterthan"/>`, yes},
		{`<ProductReleaseInstalled Name="Microsoft.NetFX.amd64" Version="4.8.9082.7"/>`, yes},
		{`<ProductReleaseInstalled Name="Microsoft.NetFX.x64" Version="4.8.9082.8"/>`, no},
		{`<ProductReleaseInstalled Name="Microsoft.NetFX.arm64" Version="4.8.0.0"/>`, no},
		{`<ProductReleaseInstalled Name="Xenix.OS" Version="1.0"/>`, maybe},
		{`<ProductReleaseInstalled Name="Client.OS.rs2.amd64"/>`, maybe},
	})
}
