package metadata_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Every attribute and element of the reference, each with its value.
func TestParseEveryProperty(t *testing.T) {
	u := update(t, []byte(head+identity+`<Properties UpdateType="Software" DefaultPropertiesLanguage="de" Handler="http://h.example/"
		ExplicitlyDeployable="yes" AutoSelectOnWebSites="1" BrowseOnly="true" IsPublic="true" IsBeta="true" PerUser="true"
		EulaID="0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e10ee" RequiresReacceptanceOfEula="true" MsrcSeverity="Low"
		CreationDate="2010-11-25T15:26:20.723" PublicationState="Expired" PublisherID="395392A0-19c0-48b7-a927-f7c15066d905"
		IsLocallyPublished="true" MaxDownloadSize="9000000000" MinDownloadSize="7" CompatibleProtocolVersion="1.4"
		CanSourceBeRequired="true" OSUpgrade="swap" LegacyName="old" DetectoidType="kind" RecommendedCpuSpeed="800"
		RecommendedMemory="512" RecommendedHardDiskSpace="20" ProductName="Client.OS.RS2.ARM64" ReleaseVersion="10.0.22621.5909"
		ReleaseRevision="1"><InstallationBehavior/><Language>de</Language><Language>all</Language><SupportUrl>s</SupportUrl>
		<MoreInfoUrl>m</MoreInfoUrl><MoreInfoUrl>n</MoreInfoUrl><KBArticleID>1</KBArticleID><SecurityBulletinID>b</SecurityBulletinID>
		<CveID>c</CveID><CveID>d</CveID></Properties>
		<LocalizedPropertiesCollection><LocalizedProperties><Language>de</Language><Title>T</Title><Description>D</Description>
		<UninstallNotes>U</UninstallNotes><MoreInfoUrl>M</MoreInfoUrl><SupportUrl>S</SupportUrl></LocalizedProperties></LocalizedPropertiesCollection>
		<Files><File FileName="f" Size="3000000000" Digest="`+sha1Text+`" PatchingType="Express" PatchingTypePreferred="Metadata"/></Files></Update>`))
	require.Equal(t, &metadata.Behavior{RebootBehavior: "CanRequestReboot", Impact: "Normal"}, u.Extended.Installation)
	u.Extended.Installation = nil
	require.Equal(t, metadata.Extended{DefaultPropertiesLanguage: "de", Handler: "http://h.example/", MsrcSeverity: "Low",
		KBArticleIDs: []string{"1"}, BulletinIDs: []string{"b"}, CveIDs: []string{"c", "d"}, SupportURL: "s",
		MoreInfoURLs: []string{"m", "n"}, Languages: []string{"de", "all"}, MaxDownload: 9000000000, MinDownload: 7, BrowseOnly: true,
		IsBeta: true, CanSourceBeRequired: true, IsLocallyPublished: true, CompatibleProtocolVersion: "1.4", RecommendedCPUSpeed: 800,
		RecommendedMemory: 512, RecommendedHardDiskSpace: 20, ProductName: "Client.OS.RS2.ARM64", ReleaseVersion: "10.0.22621.5909",
		ReleaseRevision: 1, Files: []metadata.File{{Name: "f", Size: 3000000000, SHA1: u.Extended.Files[0].SHA1,
			PatchingType: "Express", PatchingTypePreferred: "Metadata"}}}, u.Extended)
	require.True(t, u.ExplicitlyDeployable && u.AutoSelectOnWebSites && u.IsPublic && u.PerUser && u.RequiresReacceptanceOfEula)
	require.Equal(t, "swap", u.OSUpgrade)
	require.Equal(t, "Expired", u.PublicationState)
	require.Equal(t, metadata.WindowsPublisher, u.PublisherID)
	require.Equal(t, "0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e10ee", u.EulaID.String())
	require.Equal(t, time.Date(2010, 11, 25, 15, 26, 20, 723_000_000, time.UTC), u.CreationDate)
	require.Equal(t, []string{"old", "kind"}, []string{u.LegacyName, u.DetectoidType})
	require.Equal(t, []metadata.Localized{{Language: "de", Title: "T", Description: "D", UninstallNotes: "U", MoreInfoURL: []string{"M"},
		SupportURL: "S"}}, u.Localized)
}

// What nobody knows is kept where it stood, in the document and in what a client reads.
func TestUnknownSurvives(t *testing.T) {
	u := update(t, []byte(head+identity+`<Properties UpdateType="Software" Shape="round"><Colour depth="3">red</Colour></Properties>`+
		`<LocalizedPropertiesCollection><LocalizedProperties><Language>en</Language><Title>a</Title><Motto>m</Motto></LocalizedProperties><Speech/></LocalizedPropertiesCollection>`+
		`<Relationships><Cousins/></Relationships><ApplicabilityRules><IsWanted><True/></IsWanted></ApplicabilityRules>`+
		`<Files><File FileName="f" Size="1" Digest="`+sha1Text+`" Tint="blue"><AdditionalDigest Algorithm="SHA512">AQID</AdditionalDigest></File></Files><Appendix/></Update>`))
	f, err := u.Fragments()
	require.NoError(t, err)
	core, err := metadata.ParseCore(f.Core)
	require.NoError(t, err)
	extended, err := metadata.ParseExtended(f.Extended)
	require.NoError(t, err)
	for _, x := range []*metadata.Extended{&u.Extended, extended} {
		require.Equal(t, []metadata.Attr{{Name: "Shape", Value: "round"}}, x.OtherAttrs)
		require.Equal(t, []*metadata.Node{{Name: "Colour", Attrs: []metadata.Attr{{Name: "depth", Value: "3"}}, Text: "red"}}, x.Other)
		require.Equal(t, []metadata.Attr{{Name: "Tint", Value: "blue"}}, x.Files[0].OtherAttrs)
		require.Equal(t, "AdditionalDigest", x.Files[0].Other[0].Name)
	}
	for _, c := range []*metadata.Core{&u.Core, core} {
		require.Equal(t, "Cousins", c.Relationships.Other[0].Name)
		require.Equal(t, "IsWanted", c.Rules.Other[0].Name)
	}
	require.Equal(t, "Motto", u.Localized[0].Other[0].Name)
	require.Equal(t, []*metadata.Node{{Name: "Speech"}, {Name: "Appendix"}}, u.Other)
	require.Contains(t, f.Extended, `Shape="round"><Colour depth="3">red</Colour>`)
}

// A sample of the reference's table, by hand, of each kind.
func TestKnown(t *testing.T) {
	for id, want := range map[string]metadata.KnownID{
		"0fa1201d-4330-4fa8-8ae9-b877473b6441": {Kind: metadata.KnownClassification, Name: "Security Updates"},
		"9511d615-35b2-47bb-927f-f73d8e9260bb": {Kind: metadata.KnownClassification, Name: "Guidance"},
		"56309036-4C77-4DD9-951A-99EE9C246A94": {Kind: metadata.KnownCompany, Name: "Microsoft"},
		"477b856e-65c4-4473-b621-a8b230bb70d9": {Kind: metadata.KnownFamily, Name: "Office"},
		"b3c75dc1-155f-4be4-b015-3f1a91758e52": {Kind: metadata.KnownProduct, Name: "Windows 10, version 1903 and later"},
		"1731f839-8830-4b9c-986e-82ee30b24120": {Kind: metadata.KnownProduct, Name: "Visual Studio 2015"},
		"dd78b8a1-0b20-45c1-add6-4da72e9364cf": {Kind: metadata.KnownProduct, Name: "OOBE ZDP"},
		"59653007-e2e9-4f71-8525-2ff588527978": {Kind: metadata.KnownDetectoid, Name: "x64 machine"},
		"bccf8ca0-2819-4598-8d15-c1506e363e92": {Kind: metadata.KnownPublisher, Name: "Publisher of Defender content"},
	} {
		want.ID = uuid.MustParse(id)
		got, ok := metadata.Known(want.ID)
		require.True(t, ok, id)
		require.Equal(t, want, got)
	}
	_, ok := metadata.Known(uuid.Nil)
	require.False(t, ok)
	seen := map[uuid.UUID]bool{}
	names := map[string]bool{}
	for _, k := range metadata.KnownIDs() {
		require.False(t, seen[k.ID] || names[k.Name], k.Name)
		seen[k.ID], names[k.Name] = true, true
	}
	require.Len(t, seen, 15+6+31+3+3)
	require.Len(t, metadata.Classifications(), 15)
}

// The names are those that the captured categories have for themselves.
func TestKnownNamesOfCapturedCategories(t *testing.T) {
	shared := sharedTestdata(t)
	for _, name := range []string{"56309036-4c77-4dd9-951a-99ee9c246a94-r101", "dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202"} {
		u := parsed(t, shared+"/update-xml/"+name+".xml")
		known, ok := metadata.Known(u.UpdateID)
		require.True(t, ok)
		require.Equal(t, u.CategoryType, string(known.Kind))
		for _, l := range u.Localized {
			if strings.EqualFold(l.Language, "en") {
				require.Equal(t, l.Title, known.Name)
			}
		}
	}
}
