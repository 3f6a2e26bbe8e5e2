package catalog_test

import (
	"context"
	"io/fs"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func forEachVolume(t *testing.T, test func(t *testing.T, vol catalog.Volume)) {
	t.Run("folder", func(t *testing.T) {
		vol, err := catalog.Dir(t.TempDir())
		require.NoError(t, err)
		defer vol.Close()
		test(t, vol)
	})
	t.Run("memory", func(t *testing.T) { test(t, catalog.Memory()) })
}

func TestImport(t *testing.T) {
	forEachVolume(t, func(t *testing.T, vol catalog.Volume) {
		c := open(t, vol)
		require.Zero(t, c.Generation().Number())
		require.Zero(t, c.Generation().Len())

		file := content.Ref{SHA1: content.SHA1{1}, SHA256: content.SHA256{2}, Size: 3, Name: "a.cab"}
		updates := parse(t,
			document{id: 1, kind: metadata.Detectoid, title: "Detectoid"},
			document{id: 2, revision: 200, title: "Update", needs: [][]int{{1, 9}, {1}}, files: []content.Ref{file}, languages: []string{"de"}},
		)
		result, err := c.Import(t.Context(), updates)
		require.NoError(t, err)
		require.Equal(t, []metadata.Identity{identity(1, 1), identity(2, 200)}, result.Added)
		require.Same(t, result.Generation, c.Generation())

		check := func(g *catalog.Generation) {
			require.EqualValues(t, 1, g.Number())
			require.Equal(t, 2, g.Len())
			r, ok := g.Revision(2)
			require.True(t, ok)
			require.Equal(t, identity(2, 200), r.Identity)
			require.Equal(t, metadata.Software, r.Type)
			require.Equal(t, "Update en", r.Title)
			require.Equal(t, "5000002", r.KB)
			require.Equal(t, "Critical", r.Severity)
			require.Equal(t, "http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation", r.Handler)
			require.True(t, r.Deployable)
			require.Equal(t, time.Date(2026, 2, 3, 4, 5, 6, 700_000_000, time.UTC), r.CreationDate)
			require.Equal(t, updates[1].Relationships.Prerequisites, r.Prerequisites)
			require.Equal(t, []content.Ref{file}, r.Files)
			require.EqualValues(t, 1, r.Since)
			ref, ok := g.File(file.SHA1)
			require.True(t, ok)
			require.Equal(t, file, ref)
			require.Equal(t, []*catalog.Revision{r}, g.Dependents(number(1)), "named in two clauses, dependent once")
			checkTexts(t, g, updates)
		}
		check(c.Generation())
		require.NoError(t, c.Check(t.Context()))
		require.NoError(t, c.Close())
		check(open(t, vol).Generation())

		_, ok := c.Generation().Revision(3)
		require.False(t, ok)
		_, err = c.Import(t.Context(), updates)
		require.ErrorIs(t, err, fs.ErrClosed)
	})
}

// checkTexts compares what is read with what the updates derive.
func checkTexts(t *testing.T, g *catalog.Generation, updates []*metadata.Update) {
	t.Helper()
	for _, u := range updates {
		want, err := u.Fragments()
		require.NoError(t, err)
		r, ok := g.ByIdentity(u.Identity)
		require.True(t, ok)
		core, err := g.Core(r)
		require.NoError(t, err)
		require.Equal(t, want.Core, core)
		appended, err := g.AppendCore([]byte("before"), r)
		require.NoError(t, err)
		require.Equal(t, "before"+want.Core, string(appended))
		extended, err := g.Extended(r)
		require.NoError(t, err)
		require.Equal(t, want.Extended, extended)
		for language, text := range want.Localized {
			got, ok, err := g.Localized(r, []string{language})
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, text, got)
		}
		document, err := g.Document(r)
		require.NoError(t, err)
		require.Equal(t, u.Document, document)
	}
}

func TestLocalized(t *testing.T) {
	c := open(t, catalog.Memory())
	g := importAll(t, c, document{id: 1, title: "Title", languages: []string{"de", "pt-BR"}})
	r, _ := g.Revision(1)
	for _, row := range []struct {
		wanted []string
		title  string
	}{
		{[]string{"de"}, "Title de"}, {[]string{"fr", "DE"}, "Title de"}, {[]string{"de-CH", "fr"}, "Title de"},
		{[]string{"pt-br"}, "Title pt-BR"}, {[]string{"ja"}, "Title en"}, {nil, "Title en"},
	} {
		text, ok, err := g.Localized(r, row.wanted)
		require.NoError(t, err)
		require.True(t, ok)
		require.Contains(t, text, row.title, "%v", row.wanted)
	}
}

func TestOneGenerationForAnImport(t *testing.T) {
	c := open(t, catalog.Memory())
	first := importAll(t, c, document{id: 1}, document{id: 2}, document{id: 3})
	require.EqualValues(t, 1, first.Number())

	result, err := c.Import(t.Context(), parse(t, document{id: 2}, document{id: 3}))
	require.NoError(t, err)
	require.Same(t, first, result.Generation, "nothing is new")
	require.Len(t, result.Unchanged, 2)

	second := importAll(t, c, document{id: 2}, document{id: 4})
	require.EqualValues(t, 2, second.Number())
	require.Equal(t, 3, first.Len(), "a generation does not change")
	r, _ := second.Revision(4)
	require.Equal(t, identity(4, 1), r.Identity)
	require.EqualValues(t, 2, r.Since)
}

func TestWhatIsRefusedIsNamedAndTheRestIsImported(t *testing.T) {
	c := open(t, catalog.Memory())
	file := content.Ref{SHA1: content.SHA1{7}, SHA256: content.SHA256{8}, Size: 9, Name: "a.cab"}
	importAll(t, c, document{id: 1, title: "First", files: []content.Ref{file}})

	otherSize, otherSHA256, oldMetadata := file, file, file
	otherSize.Size++
	otherSHA256.SHA256[0]++
	oldMetadata.SHA256 = content.SHA256{}
	updates := parse(t,
		document{id: 1, title: "First", files: []content.Ref{file}},
		document{id: 1, title: "First", files: []content.Ref{file}, more: "changed"},
		document{id: 2, title: "Twice"},
		document{id: 2, title: "Twice", more: "changed"},
		document{id: 3, title: "Other size", files: []content.Ref{otherSize}},
		document{id: 4, title: "Other SHA-256", files: []content.Ref{otherSHA256}},
		document{id: 5, title: "Old metadata", files: []content.Ref{oldMetadata}},
		document{id: 6, title: "Two sizes", files: []content.Ref{{SHA1: content.SHA1{9}, Size: 1, Name: "a"}, {SHA1: content.SHA1{9}, Size: 2, Name: "b"}}},
	)
	noDocument := *updates[2]
	noDocument.Document, noDocument.UpdateID = nil, number(7)
	noID := *updates[2]
	noID.UpdateID = uuid.Nil
	updates = append(updates, &noDocument, &noID, nil)
	result, err := c.Import(t.Context(), updates)
	require.NoError(t, err)
	require.Equal(t, []metadata.Identity{identity(2, 1), identity(5, 1)}, result.Added)
	require.Equal(t, []metadata.Identity{identity(1, 1)}, result.Unchanged)
	require.Equal(t, []metadata.Identity{identity(1, 1), identity(2, 1)}, result.Conflicts)
	var refused []metadata.Identity
	for _, r := range result.Refused {
		refused = append(refused, r.Identity)
	}
	require.Equal(t, []metadata.Identity{identity(3, 1), identity(4, 1), identity(6, 1), identity(7, 1), {Revision: 1}, {}}, refused)
	require.ErrorIs(t, result.Refused[0].Err, catalog.ErrConflict)
	require.ErrorContains(t, result.Refused[0].Err, "has 10 bytes here and 9 elsewhere")
	require.Equal(t, "Other size en", result.Refused[0].Title)
	require.ErrorIs(t, result.Refused[1].Err, catalog.ErrConflict)
	require.ErrorIs(t, result.Refused[2].Err, catalog.ErrConflict)
	require.ErrorIs(t, result.Refused[3].Err, catalog.ErrInvalid)

	ref, ok := result.Generation.File(file.SHA1)
	require.True(t, ok)
	require.Equal(t, file, ref, "the revision that says most counts")
}

func TestImportEndsWithItsContext(t *testing.T) {
	vol := catalog.Memory()
	c := open(t, vol)
	before := importAll(t, c, document{id: 1})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := c.Import(ctx, parse(t, document{id: 2}))
	require.ErrorIs(t, err, context.Canceled)
	require.Same(t, before, c.Generation())
	require.EqualValues(t, 2, importAll(t, c, document{id: 3}).Number())
}
