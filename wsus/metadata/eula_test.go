package metadata_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// licensedDocument is a document with more attributes of Properties, more of its texts and handler data.
func licensedDocument(attributes, texts, rest string) []byte {
	return fmt.Appendf(nil, `<u:Update xmlns:u="http://schemas.microsoft.com/msus/2002/12/Update">
<u:UpdateIdentity UpdateID="00000000-0000-4000-8000-000000000001" RevisionNumber="7" />
<u:Properties UpdateType="Software" DefaultPropertiesLanguage="en" %s />
<u:LocalizedPropertiesCollection><u:LocalizedProperties><u:Language>en</u:Language><u:Title>T</u:Title></u:LocalizedProperties>%s</u:LocalizedPropertiesCollection>
%s</u:Update>`, attributes, texts, rest)
}

func TestParseLicense(t *testing.T) {
	u, err := metadata.Parse(licensedDocument(`EulaID="00000000-0000-4000-8000-000000000064" RequiresReacceptanceOfEula="true"`,
		`<u:EulaFile Digest="AAECAwQFBgcICQoLDA0ODxAREhM=" DigestAlgorithm="SHA1" FileName="eula.txt" Size="12" Language="fr" GeoId="FRA" />`, ""))
	require.NoError(t, err)
	require.Equal(t, uuid.MustParse("00000000-0000-4000-8000-000000000064"), u.EulaID)
	require.True(t, u.RequiresReacceptanceOfEula)
	require.Len(t, u.EulaFiles, 1)
	f := u.EulaFiles[0]
	require.Equal(t, "fr", f.Language)
	require.Equal(t, "FRA", f.GeoID)
	require.Equal(t, "eula.txt", f.Name)
	require.Equal(t, int64(12), f.Size)
	require.Equal(t, [20]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19}, f.SHA1)
	require.Empty(t, u.Extended.Files, "a license is no payload")

	_, err = metadata.Parse(licensedDocument("", `<u:EulaFile Digest="AAAA" FileName="eula.txt" Size="12" />`, ""))
	var syntax *metadata.SyntaxError
	require.ErrorAs(t, err, &syntax)
	require.Equal(t, 4, syntax.Line)
}

func TestRemovable(t *testing.T) {
	const handler = `<u:HandlerSpecificData><MspData PatchCode="p" UninstallCommandLine="%s" /></u:HandlerSpecificData>`
	for rest, want := range map[string]bool{"": false, fmt.Sprintf(handler, ""): false, fmt.Sprintf(handler, "MSIPATCHREMOVE=p"): true} {
		u, err := metadata.Parse(licensedDocument("", "", rest))
		require.NoError(t, err)
		require.Equal(t, want, u.Extended.Removable(), rest)
	}
	x, err := metadata.ParseExtended(`<ExtendedProperties DefaultPropertiesLanguage="en"><UninstallationBehavior /></ExtendedProperties>`)
	require.NoError(t, err)
	require.True(t, x.Removable(), "even an empty one declares it")
}

// TestRemovableCapture reads what a real server says of a .NET Framework update.
func TestRemovableCapture(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(sharedTestdata(t), "fragments", "cbs-dotnet-extended.xml"))
	require.NoError(t, err)
	x, err := metadata.ParseExtended(string(text))
	require.NoError(t, err)
	require.True(t, x.Removable())
}
