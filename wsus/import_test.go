package wsus_test

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func fileElement(name string, data []byte) string {
	s1, s256 := sha1.Sum(data), sha256.Sum256(data)
	return fmt.Sprintf(`<upd:Files><upd:File Digest="%s" DigestAlgorithm="SHA1" FileName="%s" Size="%d" Modified="2026-03-01T10:00:00Z"><upd:AdditionalDigest Algorithm="SHA256">%s</upd:AdditionalDigest></upd:File></upd:Files>`,
		base64.StdEncoding.EncodeToString(s1[:]), name, len(data), base64.StdEncoding.EncodeToString(s256[:]))
}

func TestImportRefusesByNameAndTakesTheRest(t *testing.T) {
	ctx := context.Background()
	good, missing, forged := []byte("good payload"), []byte("nowhere"), []byte("as described")
	doc := func(n int, file string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(document{id: id(n), title: fmt.Sprint("update ", n), deployable: true, file: file}.String())}
	}
	damaged := strings.Replace(document{id: id(4), title: "damaged"}.String(), "<upd:LocalizedPropertiesCollection>", "\n\n<upd:Wrong>", 1)
	fsys := fstest.MapFS{
		"a/good.xml":       doc(1, fileElement("good.exe", good)),
		"a/missing.xml":    doc(2, fileElement("missing.exe", missing)),
		"a/forged.xml":     doc(3, fileElement("forged.exe", forged)),
		"a/damaged.xml":    {Data: []byte(damaged)},
		"a/web.xml":        {Data: []byte("<html></html>")},
		"content/good.exe": {Data: good}, "content/forged.exe": {Data: []byte("something else")},
		"old.cab":   {Data: []byte("MSCF")},
		"README.md": {Data: []byte("# not ours")},
	}
	server := newServer(t)
	report, err := server.Import(ctx, fsys)
	require.NoError(t, err)
	require.Equal(t, 3, report.Added)
	require.Equal(t, 1, report.Files)
	require.ElementsMatch(t, []string{"missing.exe", "forged.exe"}, report.Missing)
	refused := map[string]wsus.Refusal{}
	for _, r := range report.Refused {
		refused[r.Name] = r
	}
	require.Len(t, refused, 4)
	require.Equal(t, 3, refused["a/damaged.xml"].Line)
	require.Contains(t, refused["a/web.xml"].Reason, "html")
	require.Contains(t, refused["old.cab"].Reason, "cabinets are not read yet")
	require.Contains(t, refused, "content/forged.exe")

	again, err := server.Import(ctx, fsys)
	require.NoError(t, err)
	require.Equal(t, 0, again.Added)
	require.Equal(t, 3, again.Unchanged)
	require.Equal(t, report.Version, again.Version, "an import that changes nothing makes no new version")

	fsys["a/good.xml"] = doc(1, fileElement("good.exe", []byte("other")))
	conflict, err := server.Import(ctx, fsys)
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(conflict.Refused), "higher revision number")
}

func TestUpdatesSelects(t *testing.T) {
	ctx := context.Background()
	server := newServer(t,
		document{id: wsus.SecurityUpdates, kind: "Category", category: "UpdateClassification", title: "Security Updates"},
		document{id: id(1), title: "Viewer fix", deployable: true},
		document{id: id(2), title: "part"},
		document{id: id(3), title: "old", deployable: true, expired: true})
	titles := func(q wsus.Query) []string {
		var out []string
		for u, err := range server.Updates(ctx, q) {
			require.NoError(t, err)
			out = append(out, u.Title)
		}
		return out
	}
	require.Equal(t, []string{"Viewer fix"}, titles(wsus.Query{}))
	require.Equal(t, []string{"Viewer fix", "old"}, titles(wsus.Query{IncludeExpired: true}))
	require.Equal(t, []string{"Viewer fix"}, titles(wsus.Query{Text: "VIEW"}))
	require.Empty(t, titles(wsus.Query{Classification: wsus.SecurityUpdates}))
	require.NoError(t, server.Decline(ctx, id(1)))
	require.Empty(t, titles(wsus.Query{}))
	require.Equal(t, []string{"Viewer fix"}, titles(wsus.Query{IncludeDeclined: true}))
}

// TestImportCaptures imports the real documents.
func TestImportCaptures(t *testing.T) {
	folder := filepath.Join("..", "..", "shared", "testdata", "update-xml")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("shared/testdata is not here")
	}
	report, err := newServer(t).Import(context.Background(), os.DirFS(folder))
	require.NoError(t, err)
	require.Equal(t, 5, report.Added)
	require.Len(t, report.Refused, 2, "the two cabinets")
	for _, r := range report.Refused {
		require.Contains(t, r.Reason, "cabinets are not read yet")
	}
	require.Equal(t, []string{"AM_Delta.exe"}, report.Missing)
}
