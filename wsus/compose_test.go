package wsus_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// document is an update document to compose: only what the tests of this package look at.
type document struct {
	id            uuid.UUID
	revision      int
	kind          string // Software when empty
	title         string
	deployable    bool
	expired       bool
	prerequisites [][]uuid.UUID
	bundled       [][]uuid.UUID // revision 1 of each
	file          string
	category      string // CategoryType
	attributes    string // more of Properties
	children      string // of Properties
	eulaFiles     string
	superseded    []uuid.UUID
}

func (d document) String() string {
	var b strings.Builder
	kind := d.kind
	if kind == "" {
		kind = "Software"
	}
	revision := max(d.revision, 1)
	state := "Published"
	if d.expired {
		state = "Expired"
	}
	fmt.Fprintf(&b, `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update"><upd:UpdateIdentity UpdateID="%s" RevisionNumber="%d" />`, d.id, revision)
	fmt.Fprintf(&b, `<upd:Properties UpdateType="%s" DefaultPropertiesLanguage="en" ExplicitlyDeployable="%t" PublicationState="%s" CreationDate="2026-02-03T04:05:06.7Z" %s>%s</upd:Properties>`, kind, d.deployable, state, d.attributes, d.children)
	fmt.Fprintf(&b, `<upd:LocalizedPropertiesCollection><upd:LocalizedProperties><upd:Language>en</upd:Language><upd:Title>%s</upd:Title></upd:LocalizedProperties>%s</upd:LocalizedPropertiesCollection>`, d.title, d.eulaFiles)
	if len(d.prerequisites)+len(d.bundled)+len(d.superseded) > 0 {
		b.WriteString(`<upd:Relationships>`)
		clauses(&b, "Prerequisites", d.prerequisites, "")
		if len(d.superseded) > 0 {
			b.WriteString(`<upd:SupersededUpdates>`)
			for _, id := range d.superseded {
				fmt.Fprintf(&b, `<upd:UpdateIdentity UpdateID="%s" />`, id)
			}
			b.WriteString(`</upd:SupersededUpdates>`)
		}
		clauses(&b, "BundledUpdates", d.bundled, ` RevisionNumber="1"`)
		b.WriteString(`</upd:Relationships>`)
	}
	if len(d.bundled) == 0 {
		b.WriteString(`<upd:ApplicabilityRules><upd:IsInstalled><lar:True xmlns:lar="http://schemas.microsoft.com/msus/2002/12/LogicalApplicabilityRules" /></upd:IsInstalled></upd:ApplicabilityRules>`)
	}
	b.WriteString(d.file)
	if d.category != "" {
		fmt.Fprintf(&b, `<upd:HandlerSpecificData xsi:type="cat:Category" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><cat:CategoryInformation CategoryType="%s" xmlns:cat="http://schemas.microsoft.com/msus/2002/12/UpdateHandlers/Category" /></upd:HandlerSpecificData>`, d.category)
	}
	b.WriteString(`</upd:Update>`)
	return b.String()
}

func clauses(b *strings.Builder, name string, list [][]uuid.UUID, attribute string) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, `<upd:%s>`, name)
	for _, clause := range list {
		b.WriteString(`<upd:AtLeastOne>`)
		for _, id := range clause {
			fmt.Fprintf(b, `<upd:UpdateIdentity UpdateID="%s"%s />`, id, attribute)
		}
		b.WriteString(`</upd:AtLeastOne>`)
	}
	fmt.Fprintf(b, `</upd:%s>`, name)
}

func folder(docs ...document) fs.FS {
	fsys := fstest.MapFS{}
	for i, d := range docs {
		fsys[fmt.Sprintf("updates/%04d.xml", i)] = &fstest.MapFile{Data: []byte(d.String())}
	}
	return fsys
}

// id makes a readable, fixed id.
func id(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
}

func newServer(t testing.TB, docs ...document) *wsus.Server {
	t.Helper()
	server, err := wsus.NewServer(context.Background(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory()})
	require.NoError(t, err)
	if len(docs) > 0 {
		report, err := server.Import(context.Background(), folder(docs...))
		require.NoError(t, err)
		require.Empty(t, report.Refused)
		require.Equal(t, len(docs), report.Added)
	}
	return server
}
