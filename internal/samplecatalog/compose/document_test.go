package compose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/samplecatalog/compose"
)

// The document was written by hand after a real one: same order of elements and attributes, namespaces on the root and again on
// the inner elements, nothing between elements.
func TestDocumentHasTheShapeOfRealOnes(t *testing.T) {
	d := compose.Document{
		Name: "fix", ID: "11111111-2222-5333-8444-555555555555", Deployable: true, Created: "2026-05-12",
		Publisher: "99999999-2222-5333-8444-555555555555", Severity: "Low", KB: "9900999",
		Texts: []compose.Text{{Language: "en", Title: "Fix for A & B"}},
		Prerequisites: []compose.Clause{
			{Category: true, Members: []string{"aaaaaaaa-2222-5333-8444-555555555555"}},
			{Single: true, Members: []string{"bbbbbbbb-2222-5333-8444-555555555555"}},
		},
		Supersedes:  []string{"cccccccc-2222-5333-8444-555555555555"},
		Installed:   compose.Dword(`SOFTWARE\A`, "Level", compose.AtLeast, 1),
		Installable: compose.True(),
		Handler:     compose.CommandLine{Program: "fix.exe", Arguments: "/q"},
		Payloads:    []compose.Payload{{Name: "fix.exe", Size: 10, Modified: "2026-05-11"}},
	}
	want := strings.Join([]string{
		`<upd:Update xmlns:pub="http://schemas.microsoft.com/msus/2002/12/Publishing"`,
		` xmlns:bar="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules"`,
		` xmlns:lar="http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules"`,
		` xmlns:cmd="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation"`,
		` xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update">`,
		`<upd:UpdateIdentity UpdateID="11111111-2222-5333-8444-555555555555" RevisionNumber="200"/>`,
		`<upd:Properties UpdateType="Software" DefaultPropertiesLanguage="en"`,
		` Handler="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation"`,
		` AutoSelectOnWebSites="true" ExplicitlyDeployable="true" MsrcSeverity="Low" MaxDownloadSize="10" MinDownloadSize="0"`,
		` PublicationState="Published" CreationDate="2026-05-12T17:00:00.000Z" PublisherID="99999999-2222-5333-8444-555555555555">`,
		`<upd:InstallationBehavior/><upd:KBArticleID>9900999</upd:KBArticleID></upd:Properties>`,
		`<upd:LocalizedPropertiesCollection><upd:LocalizedProperties><upd:Language>en</upd:Language>`,
		`<upd:Title>Fix for A &amp; B</upd:Title></upd:LocalizedProperties></upd:LocalizedPropertiesCollection>`,
		`<upd:Relationships><upd:SupersededUpdates><upd:UpdateIdentity UpdateID="cccccccc-2222-5333-8444-555555555555"/>`,
		`</upd:SupersededUpdates><upd:Prerequisites><upd:AtLeastOne IsCategory="true">`,
		`<upd:UpdateIdentity UpdateID="aaaaaaaa-2222-5333-8444-555555555555"/></upd:AtLeastOne>`,
		`<upd:UpdateIdentity UpdateID="bbbbbbbb-2222-5333-8444-555555555555"/></upd:Prerequisites></upd:Relationships>`,
		`<upd:ApplicabilityRules><upd:IsInstalled><bar:RegDword Key="HKEY_LOCAL_MACHINE" Subkey="SOFTWARE\A" Value="Level"`,
		` Comparison="GreaterThanOrEqualTo" Data="1" xmlns:bar="http://schemas.microsoft.com/msus/2002/12/BaseApplicabilityRules"/>`,
		`</upd:IsInstalled><upd:IsInstallable><lar:True/></upd:IsInstallable></upd:ApplicabilityRules>`,
		// The digests are those of "fix.exe, l", by sha1sum and sha256sum.
		`<upd:Files><upd:File Digest="`, sha1OfPayload, `" DigestAlgorithm="SHA1" FileName="fix.exe" Size="10"`,
		` Modified="2026-05-11T09:30:00Z"><upd:AdditionalDigest Algorithm="SHA256">`, sha256OfPayload,
		`</upd:AdditionalDigest></upd:File></upd:Files>`,
		`<upd:HandlerSpecificData xsi:type="cmd:CommandLineInstallation" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
		`<cmd:InstallCommand Arguments="/q" Program="fix.exe" RebootByDefault="false" DefaultResult="Failed"`,
		` xmlns:cmd="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation">`,
		`<cmd:ReturnCode Reboot="false" Result="Succeeded" Code="0"/></cmd:InstallCommand></upd:HandlerSpecificData></upd:Update>`,
	}, "")
	got, err := d.XML()
	require.NoError(t, err)
	require.Equal(t, want, string(got))
}

const (
	sha1OfPayload   = "9Fh1WalfJ4aUljrzocie7JNIITE="
	sha256OfPayload = "A+ZhCISBpqqU8jUodGXvzuln5gW+p1aLNBXWQowOV1g="
)
