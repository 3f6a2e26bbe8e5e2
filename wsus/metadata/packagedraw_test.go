package metadata_test

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func drawPackage(t *rapid.T) *metadata.Package {
	word := rapid.StringMatching(`[a-zA-Z<>&"'.é-]([a-zA-Z<>&"' .é-]{0,6}[a-z])?`)
	words := rapid.SliceOfN(word, 0, 2)
	id := rapid.Custom(func(t *rapid.T) uuid.UUID { return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")) })
	p := &metadata.Package{
		PackageID: numbered(1), CreationDate: time.Unix(rapid.Int64Range(1, 2e9).Draw(t, "created"), 0).UTC(),
		PublicationState: rapid.SampledFrom([]string{"", "Published", "Expired"}).Draw(t, "state"),
		Type:             rapid.SampledFrom([]metadata.UpdateType{"", metadata.Software, metadata.Driver, metadata.Detectoid}).Draw(t, "type"),
		VendorName:       word.Draw(t, "vendor"), MoreInfoURLs: words.Draw(t, "more"), SupportURL: word.Draw(t, "support"),
		CanSourceBeRequired: rapid.Bool().Draw(t, "source"), RestrictToClientServicingAPI: rapid.Bool().Draw(t, "restrict"),
		MsrcSeverity: rapid.SampledFrom([]string{"", "Critical", "Low"}).Draw(t, "severity"),
		BulletinIDs:  words.Draw(t, "bulletins"), CveIDs: words.Draw(t, "cves"), KBArticleIDs: words.Draw(t, "kbs"),
		Superseded:    rapid.SliceOfN(id, 0, 2).Draw(t, "superseded"),
		Prerequisites: rapid.SliceOfN(rapid.SliceOfN(id, 1, 2), 0, 2).Draw(t, "prerequisites"),
		Rules:         metadata.PackageRules{IsInstalled: drawRule(t), IsInstallable: drawRule(t)},
	}
	if rapid.Bool().Draw(t, "application") {
		p.Application, p.MsrcSeverity, p.BulletinIDs, p.CveIDs, p.KBArticleIDs = true, "", nil, nil, nil
	} else {
		p.Classification = rapid.SampledFrom(metadata.PackageClassifications()).Draw(t, "class").Name
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "texts") {
		p.Texts = append(p.Texts, metadata.PackageText{Languages: []string{[]string{"en", "de", "fr"}[i]}, Title: word.Draw(t, "title"),
			Description: word.Draw(t, "description")})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "items") {
		p.Items = append(p.Items, drawItem(t, 10+i, word))
	}
	return p
}

func drawItem(t *rapid.T, n int, word *rapid.Generator[string]) metadata.InstallableItem {
	code := "{" + numbered(n).String() + "}"
	item := metadata.InstallableItem{ID: numbered(n), Rules: metadata.PackageRules{IsInstalled: drawRule(t), IsSuperseded: drawRule(t)},
		Languages: rapid.SampledFrom([][]string{nil, {"en"}, {"en", "de"}}).Draw(t, "languages")}
	item.Installer = rapid.SampledFrom([]metadata.Installer{
		&metadata.CommandLine{Program: word.Draw(t, "program"), Arguments: word.Draw(t, "arguments"), DefaultResult: metadata.ResultCancelled,
			ReturnCodes: []metadata.ReturnCode{{Code: rapid.Int32().Draw(t, "code"), Result: metadata.ResultSucceeded, Reboot: true}}},
		&metadata.WindowsInstallerApp{MsiFile: word.Draw(t, "msi"), ProductCode: code, UninstallCommandLine: word.Draw(t, "uninstall")},
		&metadata.WindowsInstallerPatch{PatchCode: code, FullFilePatchCode: code},
		&metadata.WindowsPatch{InstallParameters: word.Draw(t, "install")},
	}).Draw(t, "installer")
	if rapid.Bool().Draw(t, "behavior") {
		item.Installation = &metadata.Behavior{RebootBehavior: "NeverReboots", Impact: "Minor", CanRequestUserInput: true}
		item.Uninstallation = &metadata.Behavior{RebootBehavior: "CanRequestReboot", Impact: "Normal"}
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "files") {
		f := metadata.File{Name: fmt.Sprintf("%d.msi", i), Size: rapid.Int64Range(0, 1<<40).Draw(t, "size")}
		f.SHA1[0], f.SHA256[0] = byte(i), byte(rapid.IntRange(0, 1).Draw(t, "sha256"))
		item.Files = append(item.Files, metadata.OriginFile{File: f, URI: word.Draw(t, "uri")})
	}
	return item
}

func drawRule(t *rapid.T) metadata.Markup {
	text := rapid.SampledFrom([]string{"", `<a:True xmlns:a="http://schemas.microsoft.com/wsus/2005/04/CorporatePublishing/LogicalApplicabilityRules.xsd"/>`,
		`<a:FileExists xmlns:a="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules" Path="a &amp; b"/>`,
		`<x xmlns="urn:x" xml:lang="en" xmlns:b="urn:b" b:y="1">t &lt; u</x>`}).Draw(t, "rule")
	if text == "" {
		return metadata.Markup{}
	}
	m, err := metadata.ParseMarkup(text)
	require.NoError(t, err)
	return m
}
