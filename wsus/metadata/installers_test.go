package metadata_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const vendorMSP = "http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/Installers/MspInstallation.xsd"

// One document of each handler, the Extended fragment written by hand beside it, and what it means.
func TestInstallers(t *testing.T) {
	for name, c := range map[string]struct {
		handler, data, fragment string
		want                    metadata.Installer
	}{
		"command": {metadata.HandlerCommandLine,
			`<HandlerSpecificData xsi:type="cmd:CommandLineInstallation"><cmd:InstallCommand xmlns:cmd="` + metadata.HandlerCommandLine + `" Program="a.exe" Arguments="/q"><cmd:ReturnCode Code="3010" Result="Succeeded" Reboot="true" DefaultLocalizedDescription="done"><cmd:LocalizedDescription><cmd:Language>de</cmd:Language><cmd:Description>fertig</cmd:Description></cmd:LocalizedDescription></cmd:ReturnCode></cmd:InstallCommand><cmd:RepairPath xmlns:cmd="` + metadata.HandlerCommandLine + `" TargetId="{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}" TargetType="MsiProduct" RelativeToServer="true" Path="a" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="cmd:CommandLineInstallation"><InstallCommand Program="a.exe" Arguments="/q"><ReturnCode Code="3010" Result="Succeeded" Reboot="true" DefaultLocalizedDescription="done"><LocalizedDescription><Language>de</Language><Description>fertig</Description></LocalizedDescription></ReturnCode></InstallCommand><RepairPath TargetId="{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}" TargetType="MsiProduct" RelativeToServer="true" Path="a" /></HandlerSpecificData>`,
			&metadata.CommandLine{Program: "a.exe", Arguments: "/q", DefaultResult: metadata.ResultFailed,
				ReturnCodes: []metadata.ReturnCode{{Code: 3010, Result: metadata.ResultSucceeded, Reboot: true, DefaultDescription: "done",
					Descriptions: []metadata.ReturnDescription{{Language: "de", Text: "fertig"}}}},
				RepairPaths: []metadata.RepairPath{{TargetID: "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}", TargetType: "MsiProduct", RelativeToServer: true, Path: "a"}}}},
		"app": {metadata.HandlerWindowsInstaller,
			`<HandlerSpecificData xsi:type="msp:WindowsInstallerApp"><msp:MsiData xmlns:msp="` + metadata.HandlerWindowsInstaller + `" MsiFile="a.msi" ProductCode="{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}" CommandLine="A=1" UninstallCommandLine="B=2"><msp:RepairPath RelativeToServer="true" Path="p" /></msp:MsiData></HandlerSpecificData>`,
			`<HandlerSpecificData type="msp:WindowsInstallerApp"><MsiData MsiFile="a.msi" ProductCode="{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}" CommandLine="A=1" UninstallCommandLine="B=2"><RepairPath RelativeToServer="true" Path="p" /></MsiData></HandlerSpecificData>`,
			&metadata.WindowsInstallerApp{MsiFile: "a.msi", ProductCode: "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C1001}", CommandLine: "A=1",
				UninstallCommandLine: "B=2", RepairPaths: []metadata.RepairPath{{RelativeToServer: true, Path: "p"}}}},
		"patch in the vendor's namespace": {metadata.HandlerWindowsInstaller,
			`<HandlerSpecificData xsi:type="msp:WindowsInstaller"><msp:MspData xmlns:msp="` + vendorMSP + `" PatchCode="{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E20AA}" FullFilePatchCode="{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E20AB}" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="msp:WindowsInstaller"><MspData PatchCode="{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E20AA}" FullFilePatchCode="{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E20AB}" /></HandlerSpecificData>`,
			&metadata.WindowsInstallerPatch{PatchCode: "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E20AA}", FullFilePatchCode: "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E20AB}"}},
		"servicing": {metadata.HandlerCBS,
			`<HandlerSpecificData xsi:type="cbs:Cbs"><cbs:CbsData xmlns:cbs="` + metadata.HandlerCBS + `" PackageIdentity="" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="cbs:Cbs"><CbsData PackageIdentity="" /></HandlerSpecificData>`, &metadata.CBS{}},
		"update.exe": {metadata.HandlerWindowsPatch,
			`<HandlerSpecificData xsi:type="psf:WindowsPatch"><psf:WindowsPatchData xmlns:psf="` + metadata.HandlerWindowsPatch + `" InstallParameters="/q" UnpackParameters="/x" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="psf:WindowsPatch"><WindowsPatchData InstallParameters="/q" UnpackParameters="/x" /></HandlerSpecificData>`,
			&metadata.WindowsPatch{InstallParameters: "/q", UnpackParameters: "/x"}},
		"setup": {metadata.HandlerWindowsSetup,
			`<HandlerSpecificData xsi:type="wsi:WindowsSetup"><wsi:InstallCommand xmlns:wsi="` + metadata.HandlerWindowsSetup + `" Program="setup.exe" IsSetup360="true" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="wsi:WindowsSetup"><InstallCommand Program="setup.exe" IsSetup360="true" /></HandlerSpecificData>`,
			&metadata.WindowsSetup{Program: "setup.exe", IsSetup360: true}},
		"OS installer": {metadata.HandlerOSInstaller,
			`<HandlerSpecificData xsi:type="OSInstallerMetadata"><OSInstallData xmlns="` + metadata.HandlerOSInstaller + `" InitialModule="UpdateAgent.dll" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="OSInstallerMetadata"><OSInstallData InitialModule="UpdateAgent.dll" /></HandlerSpecificData>`,
			&metadata.OSInstaller{InitialModule: "UpdateAgent.dll"}},
		"category": {metadata.HandlerCategory,
			`<HandlerSpecificData xsi:type="cat:Category"><cat:CategoryInformation xmlns:cat="` + metadata.HandlerCategory + `" CategoryType="Product" ProhibitsSubcategories="true" ProhibitsUpdates="false" DisplayOrder="7" ExcludedByDefault="1" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="cat:Category"><CategoryInformation CategoryType="Product" ProhibitsSubcategories="true" ProhibitsUpdates="false" DisplayOrder="7" ExcludedByDefault="1" /></HandlerSpecificData>`,
			&metadata.CategoryInformation{Type: "Product", ProhibitsSubcategories: true, DisplayOrder: 7, ExcludedByDefault: true}},
		"INF": {metadata.HandlerInfBased,
			`<HandlerSpecificData xsi:type="inf:InfBasedInstallation"><inf:InfData xmlns:inf="` + metadata.HandlerInfBased + `" File="a.inf" /></HandlerSpecificData>`,
			`<HandlerSpecificData type="inf:InfBasedInstallation"><InfData File="a.inf" /></HandlerSpecificData>`,
			&metadata.OtherInstaller{URI: metadata.HandlerInfBased, Type: "inf:InfBasedInstallation", Data: &metadata.Node{
				Name: "HandlerSpecificData", Attrs: []metadata.Attr{{Name: "type", Value: "inf:InfBasedInstallation"}},
				Children: []*metadata.Node{{Name: "InfData", Attrs: []metadata.Attr{{Name: "File", Value: "a.inf"}}}}}}},
		"driver": {metadata.HandlerWindowsDriver, `<HandlerSpecificData />`, `<HandlerSpecificData />`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			u := update(t, []byte(installing(c.handler, c.data)))
			f, err := u.Fragments()
			require.NoError(t, err)
			require.Equal(t, `<ExtendedProperties Handler="`+c.handler+`" />`+c.fragment, f.Extended)
			client, err := metadata.ParseExtended(f.Extended)
			require.NoError(t, err)
			for _, x := range []*metadata.Extended{&u.Extended, client} {
				got, err := x.Installer()
				require.NoError(t, err)
				require.Equal(t, c.want, got)
				if got != nil {
					require.Equal(t, c.handler, got.HandlerURI())
				}
			}
		})
	}
	nothing, err := (&metadata.Extended{}).Installer()
	require.NoError(t, err)
	require.Nil(t, nothing)
}

func installing(handler, data string) string {
	return `<Update xmlns="` + metadata.UpdateNamespace + `" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` + identity +
		`<Properties UpdateType="Software" Handler="` + handler + `" />` + data + `</Update>`
}

func TestInstallersNameElementAndReason(t *testing.T) {
	for data, want := range map[string]string{
		`<InstallCommand />`: "Program of InstallCommand: it is missing",
		`<InstallCommand Program="a" DefaultResult="Perhaps" />`:                                        `DefaultResult of InstallCommand: "Perhaps" is none of Failed, Succeeded, Cancelled`,
		`<InstallCommand Program="a"><ReturnCode Result="Failed" /></InstallCommand>`:                   "Code of ReturnCode: it is missing",
		`<InstallCommand Program="a"><ReturnCode Code="1" /></InstallCommand>`:                          "Result of ReturnCode: it is missing",
		`<InstallCommand Program="a"><ReturnCode Code="9999999999" Result="Failed" /></InstallCommand>`: `Code of ReturnCode: "9999999999" is not a number of 32 bits`,
		`<InstallCommand Program="a" /><RepairPath RelativeToServer="maybe" />`:                         `RelativeToServer of RepairPath: "maybe" is not a boolean`,
		`<InstallCommand Program="a" IsSetup360="maybe" />`:                                             `IsSetup360 of InstallCommand: "maybe" is not a boolean`,
	} {
		_, err := update(t, []byte(installing("", "<HandlerSpecificData>"+data+"</HandlerSpecificData>"))).Extended.Installer()
		require.IsType(t, &metadata.DataError{}, err)
		require.EqualError(t, err, want)
	}
}

func TestCommandLineOutcome(t *testing.T) {
	c := metadata.CommandLine{DefaultResult: metadata.ResultFailed, RebootByDefault: true,
		ReturnCodes: []metadata.ReturnCode{{Code: 0, Result: metadata.ResultSucceeded}, {Code: -5001, Result: metadata.ResultCancelled, Reboot: true}}}
	for code, want := range map[int32]struct {
		result metadata.Result
		reboot bool
	}{0: {metadata.ResultSucceeded, false}, -5001: {metadata.ResultCancelled, true}, 1: {metadata.ResultFailed, true}} {
		result, reboot := c.Outcome(code)
		require.Equal(t, want.result, result)
		require.Equal(t, want.reboot, reboot)
	}
}

func TestMetadataOfRules(t *testing.T) {
	published, err := packageIn(t, "testdata/packages/suite.sdp").Update(metadata.PublishOptions{})
	require.NoError(t, err)
	patch, err := update(t, published.Parts[1]).Rules.MSIPatch()
	require.NoError(t, err)
	require.Equal(t, &metadata.MSIPatch{FallbackPatchCode: "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5A02}",
		PatchGUID: "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5A01}", SchemaVersion: "1.0.0.0", MinMsiVersion: "3", TargetsRTM: true,
		Targets: []metadata.MSITarget{{MinMsiVersion: "300", ProductCode: "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C5002}",
			ValidateProductCode: true, Version: "5.0.1", ValidateVersion: true, ComparisonType: "LessThanOrEqual",
			ComparisonFilter: "MajorMinor", UpdatedVersion: "5.0.2", Language: "1033",
			UpgradeCode: "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C50FF}", ValidateUpgradeCode: true}},
		ProductCodes: []string{"{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C5002}"}, Obsoletes: []string{"{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5A00}"},
		Sequences: []metadata.MSISequence{{PatchFamily: "Suite", Sequence: "5.0.2", Attributes: 1}}}, patch)

	tannwald := parsed(t, "testdata/namespaces/update.xml")
	cbs, err := tannwald.Rules.CBSPackage()
	require.NoError(t, err)
	require.Equal(t, "Package_for_Tannwald~0b5c1c0a6c554e0c~amd64~~1.9.0.1", cbs.Identity.String())
	require.Equal(t, "KB9001900", cbs.Identifier)
	require.Equal(t, "Update", cbs.ReleaseType)
	require.Equal(t, "Tannwald-Base~0b5c1c0a6c554e0c~amd64~~1.0.0.0", cbs.Parents[0].String())

	rules := func(data string) *metadata.Rules {
		return &update(t, []byte(sound+"<ApplicabilityRules><Metadata>"+data+"</Metadata></ApplicabilityRules></Update>")).Rules
	}
	app, err := rules(`<MsiApplicationMetadata><ProductCode Version="1.2" UseRecacheReinstall="LowerVersion">{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C5002}</ProductCode></MsiApplicationMetadata>`).MSIApplication()
	require.NoError(t, err)
	require.Equal(t, &metadata.MSIApplication{ProductCode: "{5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C5002}", Version: "1.2", UseRecacheReinstall: "LowerVersion"}, app)

	_, err = rules(`<MsiApplicationMetadata><ProductCode>5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C5002</ProductCode></MsiApplicationMetadata>`).MSIApplication()
	require.EqualError(t, err, `ProductCode: "5B1F2C60-3C0E-4C5B-9F4A-7D0E5A1C5002" is not a GUID in braces`)
	_, err = rules(`<MsiPatchMetadata/>`).MSIPatch()
	require.EqualError(t, err, "MsiPatchMetadata: it has no MsiPatch")
	_, err = rules(`<MsiPatchMetadata><MsiPatch PatchGUID="{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5A01}"><SequenceData><Attributes>much</Attributes></SequenceData></MsiPatch></MsiPatchMetadata>`).MSIPatch()
	require.EqualError(t, err, `Attributes of SequenceData: "much" is not a number`)
	_, err = rules(`<CbsPackageApplicabilityMetadata><assembly/></CbsPackageApplicabilityMetadata>`).CBSPackage()
	require.EqualError(t, err, "CbsPackageApplicabilityMetadata: it has no assembly with an assemblyIdentity")
	for _, nothing := range []func() (any, error){
		func() (any, error) { p, err := (&metadata.Rules{}).CBSPackage(); return p, err },
		func() (any, error) { p, err := (&metadata.Rules{}).MSIPatch(); return p, err },
		func() (any, error) { p, err := (&metadata.Rules{}).MSIApplication(); return p, err },
	} {
		got, err := nothing()
		require.NoError(t, err)
		require.Nil(t, got)
	}
}
