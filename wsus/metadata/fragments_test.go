package metadata_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// The fragments in testdata are written by hand.
func TestFragmentsOfComposedDocuments(t *testing.T) {
	for _, name := range []string{"viewer", "namespaces"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join("testdata", name)
			f := fragmentsOf(t, filepath.Join(folder, "update.xml"))
			require.Equal(t, text(t, filepath.Join(folder, "core.xml")), f.Core)
			require.Equal(t, text(t, filepath.Join(folder, "extended.xml")), f.Extended)
		})
	}
	localized := fragmentsOf(t, "testdata/viewer/update.xml").Localized
	german := text(t, "testdata/viewer/localized-de.xml")
	require.Equal(t, map[string]string{
		"en": text(t, "testdata/viewer/localized-en.xml"), "de": german, "de-at": german}, localized)
}

func TestFragmentsOfCapturedDocuments(t *testing.T) {
	shared := sharedTestdata(t)
	for _, capture := range []struct{ document, fragment string }{
		{"56309036-4c77-4dd9-951a-99ee9c246a94-r101", "core"},
		{"ccb78947-6453-4ecc-9de8-bc0305c98f2d-r200", "core"},
		{"dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202", "core"},
		{"a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200", "core"},
		{"266f6222-c89d-43f2-9f8a-69340271e677-r200", "core.derived"},
		{"a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200", "extended"},
		{"a2fef9b0-7951-4c2c-a42b-9e351dd1c1fe-r200", "localized-en"},
		{"ccb78947-6453-4ecc-9de8-bc0305c98f2d-r200", "localized-en"},
		{"dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202", "localized-en"},
	} {
		t.Run(capture.document+"."+capture.fragment, func(t *testing.T) {
			f := fragmentsOf(t, filepath.Join(shared, "update-xml", capture.document+".xml"))
			want := text(t, filepath.Join(shared, "fragments", capture.document+"."+capture.fragment+".xml"))
			got := map[string]string{"core": f.Core, "core.derived": f.Core, "extended": f.Extended, "localized-en": f.Localized["en"]}
			// The publisher of the capture blanked one link number.
			want = strings.Replace(want, "LinkId=REDACTED", "LinkId=52661", 1)
			require.Equal(t, strings.TrimRight(want, "\n"), got[capture.fragment])
		})
	}
}

// One captured answer holds the Extended and the English fragments of two categories whose documents we have.
func TestFragmentsOfCapturedAnswer(t *testing.T) {
	shared := sharedTestdata(t)
	answer := text(t, filepath.Join(shared, "soap-client", "000010-GetExtendedUpdateInfo.response.xml"))
	answer = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(answer)
	for _, name := range []string{"56309036-4c77-4dd9-951a-99ee9c246a94-r101", "dd78b8a1-0b20-45c1-add6-4da72e9364cf-r202"} {
		f := fragmentsOf(t, filepath.Join(shared, "update-xml", name+".xml"))
		require.Contains(t, answer, "<Xml>"+f.Extended+"</Xml>")
		require.Contains(t, answer, "<Xml>"+f.Localized["en"]+"</Xml>")
	}
}

// What a client reads out of the fragments is what the server knows from the document.
func TestFragmentsRoundTrip(t *testing.T) {
	files := []string{"testdata/viewer/update.xml", "testdata/namespaces/update.xml"}
	if shared, ok := findShared(); ok {
		captured, err := filepath.Glob(filepath.Join(shared, "update-xml", "*.xml"))
		require.NoError(t, err)
		files = append(files, captured...)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			u, err := metadata.Parse([]byte(text(t, file)))
			require.NoError(t, err)
			f, err := u.Fragments()
			require.NoError(t, err)
			core, err := metadata.ParseCore(f.Core)
			require.NoError(t, err)
			require.Equal(t, &u.Core, core)
			extended, err := metadata.ParseExtended(f.Extended)
			require.NoError(t, err)
			require.Equal(t, &u.Extended, extended)
			for _, want := range u.Localized {
				got, err := metadata.ParseLocalized(f.Localized[strings.ToLower(want.Language)])
				require.NoError(t, err)
				got.Language = want.Language // an element of several languages tells the first
				require.Equal(t, want, *got)
			}
		})
	}
}

func TestFragmentsRefuseWhatIsNoDocument(t *testing.T) {
	_, err := (&metadata.Update{}).Fragments()
	require.EqualError(t, err, "line 1: document has no root element")
}

func fragmentsOf(t *testing.T, file string) metadata.Fragments {
	t.Helper()
	u, err := metadata.Parse([]byte(text(t, file)))
	require.NoError(t, err)
	f, err := u.Fragments()
	require.NoError(t, err)
	return f
}

func text(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(data)
}
