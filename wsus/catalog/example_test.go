package catalog_test

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const document1 = `<upd:Update xmlns:upd="http://schemas.microsoft.com/msus/2002/12/Update">
  <upd:UpdateIdentity UpdateID="a35f4b51-6cd2-4d7e-8e0e-8b1f7f0b7a10" RevisionNumber="101" />
  <upd:Properties UpdateType="Software" DefaultPropertiesLanguage="en" ExplicitlyDeployable="true" PublicationState="Published" CreationDate="2026-03-10T18:00:00Z">
    <upd:KBArticleID>5000001</upd:KBArticleID>
  </upd:Properties>
  <upd:LocalizedPropertiesCollection>
    <upd:LocalizedProperties><upd:Language>en</upd:Language><upd:Title>Security Update for Example</upd:Title></upd:LocalizedProperties>
  </upd:LocalizedPropertiesCollection>
</upd:Update>`

func Example() {
	ctx := context.Background()
	c, err := catalog.Open(ctx, catalog.Memory()) // a server would use catalog.Dir
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	update, err := metadata.Parse([]byte(document1))
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := c.Import(ctx, []*metadata.Update{update})
	if err != nil {
		fmt.Println(err)
		return
	}
	for r := range result.Generation.All() {
		core, err := result.Generation.Core(r)
		fmt.Println(r.ID, r.Title, r.KB, r.Leaf, len(core) > 0, err)
	}
	// Output: 1 Security Update for Example 5000001 true true <nil>
}
