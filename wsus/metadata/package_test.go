package metadata_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

var (
	packagePublisher = uuid.MustParse("0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e40ff")
	packageProduct   = uuid.MustParse("0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e40aa")
	agentItem        = uuid.MustParse("0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e4011")
)

// The document was written by hand, from the transform that servers have.
func TestPackageBecomesTheUpdateOfTheTransform(t *testing.T) {
	p := packageIn(t, "testdata/packages/agent.sdp")
	cabinet := metadata.File{Name: "0b5c1c0a_agent.cab", Size: 27000000, Modified: time.Date(2026, 2, 4, 0, 0, 0, 0, time.UTC)}
	for i := range cabinet.SHA256 {
		cabinet.SHA256[i] = byte(i + 1)
	}
	for i := range cabinet.SHA1 {
		cabinet.SHA1[i] = byte(20 - i)
	}
	published, err := p.Update(metadata.PublishOptions{PublisherID: packagePublisher, Revision: 3,
		Products: []uuid.UUID{packageProduct}, Files: map[uuid.UUID][]metadata.File{agentItem: {cabinet}}})
	require.NoError(t, err)
	want := regexp.MustCompile(`>\s+<`).ReplaceAllString(strings.TrimSpace(text(t, "testdata/packages/agent.update.xml")), "><")
	require.Equal(t, want, string(published.Document))
	require.Empty(t, published.Parts)
	require.Equal(t, []string{
		`Properties/@VendorName "Lindenhof"`, `Properties/ProductName "Lindenhof Agent"`,
		`Properties/MoreInfoUrl "https://lindenhof.example/agent/notes"`, `LocalizedProperties/Language "en-gb"`,
		`UpdateSpecificData/CveID "CVE-2026-0002"`, "IsInstallable", `InstallableItem/@ID "0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e4011"`,
		`OriginFile/@FileName "agent.msi"`, `OriginFile/@OriginUri "https://lindenhof.example/files/agent.msi"`,
	}, lostPlaces(published.Lost))
}

// lostPlaces leaves out reasons and the text of markup.
func lostPlaces(losses []metadata.Loss) []string {
	var out []string
	for _, l := range losses {
		place := l.Element
		if !strings.HasPrefix(l.Value, "<") {
			place += ` "` + l.Value + `"`
		}
		out = append(out, place)
	}
	return out
}

func TestPackageOfSeveralItemsBecomesABundle(t *testing.T) {
	p := packageIn(t, "testdata/packages/suite.sdp")
	published, err := p.Update(metadata.PublishOptions{})
	require.NoError(t, err)
	require.Len(t, published.Parts, 2)
	bundle, command, patch := update(t, published.Document), update(t, published.Parts[0]), update(t, published.Parts[1])

	require.True(t, bundle.ExplicitlyDeployable)
	require.Empty(t, bundle.Extended.Handler)
	require.Nil(t, bundle.Rules.IsInstalled)
	require.Equal(t, []metadata.Clause{{Members: []metadata.Identity{command.Identity, patch.Identity,
		{UpdateID: uuid.MustParse("0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e4001"), Revision: 1}}}}, bundle.Relationships.Bundled)
	require.Equal(t, []string{"en", "de"}, bundle.Extended.Languages)
	// The clause of Hotfixes is empty and the product is the one of packages without a product.
	require.Equal(t, []metadata.Clause{{IsCategory: true, Members: []metadata.Identity{{UpdateID: metadata.LocallyPublishedPackages}}}},
		bundle.Relationships.Prerequisites)

	require.False(t, command.ExplicitlyDeployable)
	require.Equal(t, metadata.HandlerCommandLine, command.Extended.Handler)
	require.Equal(t, "And", command.Rules.IsInstalled.Name)
	require.Equal(t, "Not", command.Rules.IsInstalled.Children[0].Name)
	require.Equal(t, "RegKeyExists", command.Rules.IsInstalled.Children[1].Name)
	require.Contains(t, string(published.Parts[0]), `<ns:Pending days="3">soon</ns:Pending>`)
	require.Contains(t, string(published.Parts[0]), `xmlns:ns="urn:lindenhof:extra"`)
	core, err := command.Fragments()
	require.NoError(t, err)
	require.Contains(t, core.Core, `<b.RegKeyExists Key="HKEY_LOCAL_MACHINE"`)

	require.Equal(t, "SelfContained", patch.Extended.Files[0].PatchingType)
	require.Equal(t, metadata.HandlerWindowsInstaller, patch.Extended.Handler)
	msp, err := patch.Extended.Installer()
	require.NoError(t, err)
	require.Equal(t, &metadata.WindowsInstallerPatch{PatchCode: "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5A01}",
		FullFilePatchCode: "{0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E5A03}", CommandLine: "REBOOT=R"}, msp)
	require.Contains(t, lostPlaces(published.Lost), `MspInstallerData/MspFileName "suite.msp"`)
	require.Contains(t, lostPlaces(published.Lost), "Shelf")
	require.Contains(t, lostPlaces(published.Lost), "WindowsInstallerRepairPath")
}

// A package that was read and written reads the same again.
func TestPackageDocumentRoundTrip(t *testing.T) {
	for _, file := range packageFiles(t) {
		p := packageIn(t, file)
		doc, err := p.Document()
		require.NoError(t, err)
		again, err := metadata.ParsePackage(doc)
		require.NoError(t, err)
		third, err := again.Document()
		require.NoError(t, err)
		require.Equal(t, string(doc), string(third), file)
		first, err := p.Update(metadata.PublishOptions{})
		require.NoError(t, err)
		second, err := again.Update(metadata.PublishOptions{})
		require.NoError(t, err)
		require.Equal(t, first, second, file)
	}
}

// What a package became can be made a package again, and that becomes the same update.
func TestPackageUpdatePackageRoundTrip(t *testing.T) {
	for _, file := range packageFiles(t) {
		options := metadata.PublishOptions{PublisherID: packagePublisher, Revision: 7}
		published, err := packageIn(t, file).Update(options)
		require.NoError(t, err)
		var parts []*metadata.Update
		for _, part := range published.Parts {
			parts = append(parts, update(t, part))
		}
		back, lost, err := metadata.PackageOf(update(t, published.Document), parts...)
		require.NoError(t, err)
		require.Contains(t, lostPlaces(lost), `UpdateIdentity/@RevisionNumber "7"`)
		options.BundledRevisions = map[uuid.UUID]int32{}
		again, err := back.Update(options)
		require.NoError(t, err)
		require.Equal(t, string(published.Document), string(again.Document), file)
		require.Equal(t, published.Parts, again.Parts, file)
		doc, err := back.Document()
		require.NoError(t, err)
		_, err = metadata.ParsePackage(doc)
		require.NoError(t, err)
	}
}

func TestPackageOfVendor(t *testing.T) {
	p := packageIn(t, filepath.Join(sharedTestdata(t), "sdp", "dc718411-a5f1-4b15-966a-63a77cbb156e.sdp"))
	require.Equal(t, "Dell", p.VendorName)
	require.Equal(t, int64(26825728), p.Items[0].Files[0].Size)
	published, err := p.Update(metadata.PublishOptions{})
	require.NoError(t, err)
	u := update(t, published.Document)
	require.Equal(t, []metadata.Identity{{UpdateID: metadata.Updates}}, u.Relationships.Prerequisites[1].Members)
	require.Equal(t, []string{"45YPT"}, u.Extended.KBArticleIDs)
	fragments, err := u.Fragments()
	require.NoError(t, err)
	require.Contains(t, fragments.Core, `<IsInstallable><And><And><b.WindowsVersion Comparison="GreaterThanOrEqualTo" MajorVersion="5"`)
	require.Contains(t, fragments.Core, `<m.MsiProductInstalled ProductCode="{FB2B7CC0-8307-47e6-A065-11015CC96B99}" VersionMin="1.6.6.5" />`)
	require.Contains(t, fragments.Extended, `<HandlerSpecificData type="msp:WindowsInstallerApp"><MsiData CommandLine="Reboot=ReallySuppress"`)
}

// The ids are those of the transform.
func TestPackageClassifications(t *testing.T) {
	want := map[string]string{
		"Updates": "CD5FFD1E-E932-4E3A-BF74-18BF0B1BBD83", "Critical Updates": "E6CF1350-C01B-414D-A61F-263D14D133B4",
		"Security Updates": "0FA1201D-4330-4FA8-8AE9-B877473B6441", "Feature Packs": "B54E7D24-7ADD-428F-8B75-90A396FA584F",
		"Update Rollups": "28BC880E-0592-4CBF-8F95-C79B17911D5F", "Service Packs": "68C5B0A3-D1A6-4553-AE49-01D3A7827828",
		"Tools": "B4832BD8-E735-4761-8DAF-37F882276DAB", "Drivers": "EBFC1FC5-71A4-4F7B-9ACA-3B9A503104A0", "Hotfixes": "",
	}
	for name, id := range want {
		p := packageIn(t, "testdata/packages/agent.sdp")
		p.Classification = name
		published, err := p.Update(metadata.PublishOptions{})
		require.NoError(t, err)
		var clauses []string
		for _, c := range update(t, published.Document).Relationships.Prerequisites {
			clauses = append(clauses, strings.ToUpper(c.Members[0].UpdateID.String()))
		}
		if id == "" {
			require.Len(t, clauses, 3, name)
			continue
		}
		require.Equal(t, id, clauses[1], name)
	}
	require.Len(t, metadata.PackageClassifications(), len(want))
}

func TestParsePackageNamesLineAndReason(t *testing.T) {
	sdp := text(t, "testdata/packages/agent.sdp")
	for name, c := range map[string]struct{ old, new, want string }{
		"another document": {sdp, sound + "</Update>", "line 1: root element is Update in http://schemas.microsoft.com/msus/2002/12/Update, want SoftwareDistributionPackage in " + metadata.PackageNamespace},
		"nothing":          {sdp, "", "line 1: package has 0 root elements, want one"},
		"no id":            {` PackageID="0B5C1C0A-6C55-4E0C-8A7C-0D6F8A5E4001"`, "", "line 4: Properties has no PackageID"},
		"class":            {`"Security Updates"`, `"Definition Updates"`, `line 20: UpdateClassification is "Definition Updates", which no package may have`},
		"no rule":          {`<b:Processor Architecture="9" />`, "", "line 26: IsInstallable has 0 rules, want exactly one"},
		"item id":          {` ID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e4011"`, "", "line 38: InstallableItem has no ID"},
		"second part":      {"<sdp:SupersededPackages>", "<sdp:IsInstallable/><sdp:SupersededPackages>", "line 29: SoftwareDistributionPackage has a second IsInstallable"},
		"package id":       {"59653007-e2e9-4f71-8525-2ff588527978", "x64", `line 34: PackageID of AtLeastOne: "x64" is not a GUID`},
		"digest":           {"AQIDBAUGBwgJCgsMDQ4PEBESExQ=", "AQID", "line 50: Digest of agent.msi has 3 bytes, want 20"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, sdp, c.old)
			_, err := metadata.ParsePackage([]byte(strings.Replace(sdp, c.old, c.new, 1)))
			require.IsType(t, &metadata.SyntaxError{}, err)
			require.EqualError(t, err, c.want)
		})
	}
	suite := strings.Replace(text(t, "testdata/packages/suite.sdp"), `Code="-5001"`, `Code="much"`, 1)
	_, err := metadata.ParsePackage([]byte(suite))
	require.EqualError(t, err, `line 27: Code of ReturnCode: "much" is not a number of 32 bits`)
}

// A package that a program composes tells everything that is wrong with it.
func TestPackageTellsEveryFault(t *testing.T) {
	p := &metadata.Package{Classification: "Patches", Type: metadata.Category, Items: []metadata.InstallableItem{{Installer: &metadata.CBS{}}}}
	_, err := p.Update(metadata.PublishOptions{})
	for _, reason := range []string{"it has no PackageID", "it has no texts", `the classification "Patches" is none that packages may have`,
		`the type is "Category"`, "item 1 has no ID", "item 1 has an installer that packages cannot have, *metadata.CBS"} {
		require.ErrorContains(t, err, reason)
	}
	_, err = p.Document()
	require.ErrorContains(t, err, "it has no PackageID")
}

func TestPackageOfRefusesWhatHasNone(t *testing.T) {
	category := update(t, []byte(head+identity+`<Properties UpdateType="Category"/></Update>`))
	_, _, err := metadata.PackageOf(category)
	require.EqualError(t, err, "make package of update 0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001: it is a category")
	viewer := parsed(t, "testdata/viewer/update.xml")
	_, _, err = metadata.PackageOf(viewer, category)
	require.ErrorContains(t, err, "update 0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001 revision 1 is no part of it")
}

// An update that was never a package keeps its rules with their namespaces, and what a package has no place for is told.
func TestPackageOfAnUpdate(t *testing.T) {
	p, lost, err := metadata.PackageOf(parsed(t, "testdata/viewer/update.xml"))
	require.NoError(t, err)
	require.Equal(t, "Security Updates", p.Classification)
	require.Equal(t, [][]uuid.UUID{{metadata.X64Machine}}, p.Prerequisites)
	require.Equal(t, "http://schemas.microsoft.com/msus/2002/12/MsiApplicabilityRules", p.Items[0].Rules.IsInstallable.Space())
	require.Equal(t, "en", p.Texts[0].Languages[0])
	require.Equal(t, []string{
		`LocalizedProperties/MoreInfoUrl "https://lindenhof.example/4.3"`, `UpdateIdentity/@RevisionNumber "201"`,
		`Properties/@PublisherID "0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e10ff"`, `Properties/@EulaID "0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e10ee"`,
		`Properties/@AutoSelectOnWebSites "true"`, `Properties/@IsPublic "true"`,
	}, lostPlaces(lost))
}

func packageIn(t *testing.T, file string) *metadata.Package {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	p, err := metadata.ParsePackage(data)
	require.NoError(t, err)
	return p
}

func packageFiles(t *testing.T) []string {
	t.Helper()
	files := []string{"testdata/packages/agent.sdp", "testdata/packages/suite.sdp"}
	if shared, ok := findShared(); ok {
		captured, err := filepath.Glob(filepath.Join(shared, "sdp", "*.sdp"))
		require.NoError(t, err)
		files = append(files, captured...)
	}
	return files
}

func update(t *testing.T, doc []byte) *metadata.Update {
	t.Helper()
	u, err := metadata.Parse(doc)
	require.NoError(t, err)
	return u
}
