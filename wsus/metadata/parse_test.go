package metadata_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func TestParse(t *testing.T) {
	u, err := metadata.Parse([]byte(text(t, "testdata/viewer/update.xml")))
	require.NoError(t, err)
	id := uuid.MustParse("0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1001")
	require.Equal(t, metadata.Identity{UpdateID: id, Revision: 201}, u.Identity)
	require.Equal(t, metadata.Software, u.Type)
	require.True(t, u.ExplicitlyDeployable)
	require.Equal(t, "0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e10ee", u.EulaID.String())
	require.Equal(t, time.Date(2025, 11, 4, 8, 0, 0, 500_000_000, time.UTC), u.CreationDate)
	require.Equal(t, "Published", u.PublicationState)
	require.Equal(t, []metadata.Clause{
		{IsCategory: true, Members: []metadata.Identity{{UpdateID: metadata.SecurityUpdates}}},
		{Members: []metadata.Identity{{UpdateID: metadata.X64Machine}}},
	}, u.Relationships.Prerequisites)
	require.Equal(t, []uuid.UUID{uuid.MustParse("0b5c1c0a-6c55-4e0c-8a7c-0d6f8a5e1000")}, u.Relationships.Superseded)

	require.Equal(t, "And", u.Rules.IsInstalled.Name)
	exists := u.Rules.IsInstalled.Child("FileExists")
	path, ok := exists.Attr("Path")
	require.True(t, ok)
	require.Equal(t, `\Lindenhof\Viewer\"new".exe`, path)
	require.Equal(t, "MsiProductInstalled", u.Rules.IsInstallable.Name)
	require.Nil(t, u.Rules.IsSuperseded)

	require.Equal(t, "Important", u.Extended.MsrcSeverity)
	require.Equal(t, []string{"9004310"}, u.Extended.KBArticleIDs)
	require.Equal(t, []string{"LH25-011"}, u.Extended.BulletinIDs)
	require.Equal(t, "https://lindenhof.example/help?a=1&b=2", u.Extended.SupportURL)
	require.Equal(t, int64(5242880), u.Extended.MaxDownload)
	require.Equal(t, &metadata.Behavior{RebootBehavior: "CanRequestReboot", Impact: "Minor"}, u.Extended.Installation)
	require.Equal(t, &metadata.Behavior{RebootBehavior: "CanRequestReboot", Impact: "Normal"}, u.Extended.Uninstallation)
	file := u.Extended.Files[0]
	require.Equal(t, "viewer-4.3.exe", file.Name)
	require.Equal(t, byte(20), file.SHA1[19])
	require.Equal(t, byte(32), file.SHA256[31])
	require.Equal(t, time.Date(2025, 11, 3, 17, 30, 0, 0, time.UTC), file.Modified)
	kind, _ := u.Extended.HandlerData.Attr("type")
	require.Equal(t, "cmd:CommandLineInstallation", kind)
	require.Len(t, u.Localized, 3)
	require.Equal(t, metadata.Localized{Language: "de-AT", Title: "Lindenhof Viewer 4.3 für Windows"}, u.Localized[2])
}

// A package manifest keeps what names the package and its parents.
func TestParseCutsPackageManifest(t *testing.T) {
	u, err := metadata.Parse([]byte(text(t, "testdata/namespaces/update.xml")))
	require.NoError(t, err)
	assembly := u.Rules.Metadata.Child("CbsPackageApplicabilityMetadata").Child("assembly")
	name, _ := assembly.Child("assemblyIdentity").Attr("name")
	require.Equal(t, "Package_for_Tannwald", name)
	parent, _ := assembly.Child("package").Child("parent").Child("assemblyIdentity").Attr("name")
	require.Equal(t, "Tannwald-Base", parent)
	require.Nil(t, assembly.Child("package").Child("update"))
	require.Nil(t, assembly.Child("deployment"))
}

// The same document in the encodings of files and of servers.
func TestParseEncodings(t *testing.T) {
	doc := strings.TrimPrefix(text(t, "testdata/viewer/update.xml"), `<?xml version="1.0" encoding="utf-8"?>`+"\n")
	want, err := metadata.Parse([]byte(doc))
	require.NoError(t, err)
	for name, encoded := range map[string][]byte{
		"UTF-8 with mark":       append([]byte{0xEF, 0xBB, 0xBF}, doc...),
		"UTF-16LE with mark":    append([]byte{0xFF, 0xFE}, utf16le(doc)...),
		"UTF-16LE without mark": utf16le(doc),
		"UTF-16LE and declared": utf16le(`<?xml version="1.0" encoding="utf-16"?>` + doc),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := metadata.Parse(encoded)
			require.NoError(t, err)
			require.Equal(t, want.Core, got.Core)
			require.Equal(t, want.Localized, got.Localized)
			require.True(t, strings.HasSuffix(string(got.Document), doc))
		})
	}
}

func TestParseCapturedDocuments(t *testing.T) {
	shared := sharedTestdata(t)
	bundle := parsed(t, filepath.Join(shared, "update-xml", "a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200.xml"))
	sizes := []int{}
	for _, clause := range bundle.Relationships.Bundled {
		sizes = append(sizes, len(clause.Members))
	}
	require.Equal(t, []int{7, 7, 7, 103}, sizes)
	require.Len(t, bundle.Localized, 35)
	company := parsed(t, filepath.Join(shared, "update-xml", "56309036-4c77-4dd9-951a-99ee9c246a94-r101.xml"))
	require.Equal(t, metadata.Microsoft, company.UpdateID)
	require.Equal(t, "Company", company.CategoryType)
	delta := parsed(t, filepath.Join(shared, "update-xml", "266f6222-c89d-43f2-9f8a-69340271e677-r200.xml"))
	require.Len(t, delta.Extended.Files, 1)
	require.NotZero(t, delta.Extended.Files[0].SHA256)
}

// Whole answers' worth of real fragments can be read.
func TestParseCapturedFragments(t *testing.T) {
	shared := sharedTestdata(t)
	files, err := filepath.Glob(filepath.Join(shared, "fragments", "detectoids", "*.core.xml"))
	require.NoError(t, err)
	files = append(files, filepath.Join(shared, "fragments", "osinstaller-core.xml"), filepath.Join(shared, "fragments", "cbs-dotnet-core-reduced.xml"))
	for _, file := range files {
		_, err := metadata.ParseCore(text(t, file))
		require.NoError(t, err, file)
	}
	x, err := metadata.ParseExtended(text(t, filepath.Join(shared, "fragments", "cbs-dotnet-extended.xml")))
	require.NoError(t, err)
	require.Equal(t, "Windows11.0-KB5017029-x64-NDP481.cab", x.Files[0].Name)
}

func parsed(t *testing.T, file string) *metadata.Update {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	u, err := metadata.Parse(data)
	require.NoError(t, err)
	return u
}

func utf16le(s string) []byte {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, unit)
	}
	return out
}

// The schema lets a rule element be empty. It is kept as it stands, and judged as if it were not there.
func TestEmptyRuleElement(t *testing.T) {
	u := update(t, []byte(sound+"<ApplicabilityRules><IsInstalled/><IsInstallable> </IsInstallable></ApplicabilityRules></Update>"))
	require.Equal(t, metadata.Rules{}, u.Rules)
	f, err := u.Fragments()
	require.NoError(t, err)
	require.Contains(t, f.Core, "<ApplicabilityRules><IsInstalled /><IsInstallable")
	core, err := metadata.ParseCore(f.Core)
	require.NoError(t, err)
	require.Equal(t, &u.Core, core)
}
