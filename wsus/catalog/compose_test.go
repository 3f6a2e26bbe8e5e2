package catalog_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// document is an update document to compose: what the catalogue looks at.
type document struct {
	id         int
	revision   int // 1 when zero
	kind       metadata.UpdateType
	title      string
	more       string // more text, to make another document of the same identity
	expired    bool
	needs      [][]int  // prerequisites: clauses of update numbers
	bundles    [][2]int // bundled: update number and revision
	supersedes []int
	files      []content.Ref
	languages  []string // besides en
	drivers    string   // WindowsDriverMetaData elements, with the prefix drv
}

// number makes an update id of a small number, so that tables can be written by hand.
func number(n int) uuid.UUID { return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n)) }

func identity(n, revision int) metadata.Identity {
	return metadata.Identity{UpdateID: number(n), Revision: int32(revision)}
}

func (d document) String() string {
	var b strings.Builder
	kind, state := d.kind, "Published"
	if kind == "" {
		kind = metadata.Software
	}
	if d.expired {
		state = "Expired"
	}
	fmt.Fprintf(&b, `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update"><upd:UpdateIdentity UpdateID="%s" RevisionNumber="%d" />`,
		number(d.id), max(d.revision, 1))
	fmt.Fprintf(&b, `<upd:Properties UpdateType="%s" DefaultPropertiesLanguage="en" ExplicitlyDeployable="%t" PublicationState="%s" CreationDate="2026-02-03T04:05:06.7Z" MsrcSeverity="Critical" Handler="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/CommandLineInstallation"><upd:KBArticleID>50%05d</upd:KBArticleID></upd:Properties>`,
		kind, kind == metadata.Software, state, d.id)
	b.WriteString(`<upd:LocalizedPropertiesCollection>`)
	for _, language := range append([]string{"en"}, d.languages...) {
		fmt.Fprintf(&b, `<upd:LocalizedProperties><upd:Language>%s</upd:Language><upd:Title>%s %s</upd:Title><upd:Description>%s</upd:Description></upd:LocalizedProperties>`,
			language, d.title, language, d.more)
	}
	b.WriteString(`</upd:LocalizedPropertiesCollection><upd:Relationships>`)
	if len(d.needs) > 0 {
		b.WriteString(`<upd:Prerequisites>`)
		for _, clause := range d.needs {
			b.WriteString(`<upd:AtLeastOne>`)
			for _, n := range clause {
				fmt.Fprintf(&b, `<upd:UpdateIdentity UpdateID="%s" />`, number(n))
			}
			b.WriteString(`</upd:AtLeastOne>`)
		}
		b.WriteString(`</upd:Prerequisites>`)
	}
	if len(d.bundles) > 0 {
		b.WriteString(`<upd:BundledUpdates>`)
		for _, m := range d.bundles {
			fmt.Fprintf(&b, `<upd:UpdateIdentity UpdateID="%s" RevisionNumber="%d" />`, number(m[0]), m[1])
		}
		b.WriteString(`</upd:BundledUpdates>`)
	}
	if len(d.supersedes) > 0 {
		b.WriteString(`<upd:SupersededUpdates>`)
		for _, n := range d.supersedes {
			fmt.Fprintf(&b, `<upd:UpdateIdentity UpdateID="%s" />`, number(n))
		}
		b.WriteString(`</upd:SupersededUpdates>`)
	}
	b.WriteString(`</upd:Relationships>`)
	if d.drivers != "" {
		fmt.Fprintf(&b, `<upd:ApplicabilityRules><upd:Metadata xmlns:drv="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/WindowsDriver">%s</upd:Metadata></upd:ApplicabilityRules>`, d.drivers)
	}
	if len(d.files) > 0 {
		b.WriteString(`<upd:Files>`)
		for _, f := range d.files {
			fmt.Fprintf(&b, `<upd:File Digest="%s" DigestAlgorithm="SHA1" FileName="%s" Size="%d" Modified="2026-02-03T04:05:06Z">`,
				base64.StdEncoding.EncodeToString(f.SHA1[:]), f.Name, f.Size)
			if !f.SHA256.IsZero() {
				fmt.Fprintf(&b, `<upd:AdditionalDigest Algorithm="SHA256">%s</upd:AdditionalDigest>`, base64.StdEncoding.EncodeToString(f.SHA256[:]))
			}
			b.WriteString(`</upd:File>`)
		}
		b.WriteString(`</upd:Files>`)
	}
	b.WriteString(`</upd:Update>`)
	return b.String()
}

func parse(t testing.TB, documents ...document) []*metadata.Update {
	t.Helper()
	var updates []*metadata.Update
	for _, d := range documents {
		u, err := metadata.Parse([]byte(d.String()))
		require.NoError(t, err)
		updates = append(updates, u)
	}
	return updates
}

func open(t testing.TB, vol catalog.Volume) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(t.Context(), vol)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	return c
}

// importAll imports documents and expects that nothing is refused.
func importAll(t testing.TB, c *catalog.Catalog, documents ...document) *catalog.Generation {
	t.Helper()
	result, err := c.Import(t.Context(), parse(t, documents...))
	require.NoError(t, err)
	require.Empty(t, result.Conflicts)
	require.Empty(t, result.Refused)
	return result.Generation
}
