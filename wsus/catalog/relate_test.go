package catalog_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// A catalogue in three imports, and by hand what each of them makes of it.
func TestRelations(t *testing.T) {
	c := open(t, catalog.Memory())
	importAll(t, c,
		document{id: 1, kind: metadata.Category},
		document{id: 2, needs: [][]int{{1}}},
		document{id: 3, bundles: [][2]int{{2, 1}}},
		document{id: 4, needs: [][]int{{1, 2}}, supersedes: []int{5}},
	)
	importAll(t, c,
		document{id: 5},
		document{id: 2, revision: 2}, // no longer needs 1
		document{id: 3, revision: 2, bundles: [][2]int{{2, 2}}}, // bundles the new revision of 2
		document{id: 6, supersedes: []int{5}, needs: [][]int{{5}}},
	)
	g := importAll(t, c,
		document{id: 4, revision: 2, expired: true, supersedes: []int{5}},
		document{id: 6, revision: 2, supersedes: []int{4}},
	)
	type row struct {
		leaf         bool
		leafChanged  int64
		bundledIn    bool
		supersededBy []uuid.UUID
		latest       bool
	}
	for id, want := range map[metadata.Identity]row{
		identity(1, 1): {leaf: false, leafChanged: 1, latest: true}, // the old revision of 2 still names it
		identity(2, 1): {leaf: false, leafChanged: 1, bundledIn: true},
		identity(2, 2): {leaf: false, leafChanged: 2, bundledIn: true, latest: true},
		identity(3, 1): {leaf: true, leafChanged: 1},
		identity(3, 2): {leaf: true, leafChanged: 2, latest: true},
		identity(4, 1): {leaf: true, leafChanged: 1, supersededBy: []uuid.UUID{number(6)}},
		identity(4, 2): {leaf: true, leafChanged: 3, supersededBy: []uuid.UUID{number(6)}, latest: true},
		identity(5, 1): {leaf: false, leafChanged: 2, latest: true}, // 4 has expired, and 6 in force replaces 4 only
		identity(6, 1): {leaf: true, leafChanged: 2},
		identity(6, 2): {leaf: true, leafChanged: 3, latest: true},
	} {
		r, ok := g.ByIdentity(id)
		require.True(t, ok)
		latest, ok := g.Latest(id.UpdateID)
		require.True(t, ok)
		require.Equal(t, want, row{r.Leaf, r.LeafChanged, r.BundledIn, r.SupersededBy, latest == r}, "%v", id)
	}
}

func TestLeafChangesWhenSomebodyNamesIt(t *testing.T) {
	c := open(t, catalog.Memory())
	first := importAll(t, c, document{id: 1}, document{id: 2})
	second := importAll(t, c, document{id: 3, needs: [][]int{{1}}})
	old, _ := first.Revision(1)
	now, _ := second.Revision(1)
	require.True(t, old.Leaf)
	require.EqualValues(t, 1, old.LeafChanged)
	require.False(t, now.Leaf)
	require.EqualValues(t, 2, now.LeafChanged)
	other, _ := second.Revision(2)
	require.EqualValues(t, 1, other.LeafChanged)
	later := importAll(t, c, document{id: 4, needs: [][]int{{1}}})
	now, _ = later.Revision(1)
	require.EqualValues(t, 2, now.LeafChanged)
}

// Any sequence of imports, with reopening in between, agrees with a model that looks at all documents each time.
func TestRelationsAgreeWithASlowModel(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		vol := catalog.Memory()
		c, err := catalog.Open(t.Context(), vol)
		require.NoError(rt, err)
		var all []document
		ids := map[metadata.Identity]int32{}
		leaves := map[metadata.Identity]bool{}
		changed := map[metadata.Identity]int64{}
		generation := int64(0)
		for range rapid.IntRange(1, 5).Draw(rt, "imports") {
			batch := rapid.SliceOfN(genDocument(), 0, 6).Draw(rt, "batch")
			result, err := c.Import(t.Context(), parse(t, batch...))
			require.NoError(rt, err)
			added := modelAdd(&all, batch)
			require.Equal(rt, added, result.Added)
			if len(added) > 0 {
				generation++
			}
			for _, id := range added {
				ids[id] = int32(len(ids) + 1)
			}
			for _, d := range all {
				id := identity(d.id, d.revision)
				leaf := !slices.ContainsFunc(all, func(o document) bool {
					return slices.ContainsFunc(o.needs, func(c []int) bool { return slices.Contains(c, d.id) })
				})
				if was, known := leaves[id]; !known || was != leaf {
					leaves[id], changed[id] = leaf, generation
				}
			}
			if rapid.Bool().Draw(rt, "reopen") {
				require.NoError(rt, c.Close())
				c, err = catalog.Open(t.Context(), vol)
				require.NoError(rt, err)
			}
			g := c.Generation()
			require.Equal(rt, generation, g.Number())
			require.Equal(rt, len(all), g.Len())
			for id, want := range ids {
				r, ok := g.Revision(want)
				require.True(rt, ok)
				require.Equal(rt, id, r.Identity)
				require.Equal(rt, leaves[id], r.Leaf)
				require.Equal(rt, changed[id], r.LeafChanged)
			}
		}
		require.NoError(rt, c.Check(t.Context()))
		require.NoError(rt, c.Close())
	})
}

func genDocument() *rapid.Generator[document] {
	return rapid.Custom(func(t *rapid.T) document {
		some := rapid.SliceOfN(rapid.IntRange(1, 8), 1, 3)
		return document{
			id: rapid.IntRange(1, 8).Draw(t, "id"), revision: rapid.IntRange(1, 3).Draw(t, "revision"),
			needs: rapid.SliceOfN(some, 0, 2).Draw(t, "needs"),
		}
	})
}

// modelAdd appends the documents whose identity is new and returns their identities.
func modelAdd(all *[]document, batch []document) []metadata.Identity {
	var added []metadata.Identity
	for _, d := range batch {
		known := slices.ContainsFunc(*all, func(o document) bool { return o.id == d.id && o.revision == d.revision })
		if !known {
			*all = append(*all, d)
			added = append(added, identity(d.id, d.revision))
		}
	}
	return added
}
