package metadata_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func numbered(n int) uuid.UUID { return uuid.UUID{15: byte(n)} }

// release is an update for tests: what it replaces, and its article.
func release(n int, revision int32, state, kb string, replaces ...int) *metadata.Update {
	u := &metadata.Update{PublicationState: state}
	u.UpdateID, u.Revision = numbered(n), revision
	u.Extended.KBArticleIDs = []string{kb}
	for _, r := range replaces {
		u.Relationships.Superseded = append(u.Relationships.Superseded, numbered(r))
	}
	return u
}

func ids(numbers ...int) []uuid.UUID {
	var out []uuid.UUID
	for _, n := range numbers {
		out = append(out, numbered(n))
	}
	return out
}

// Four months of a cumulative update, a withdrawn one among them, and a side branch.
func TestSupersedence(t *testing.T) {
	s := metadata.NewSupersedence([]*metadata.Update{
		release(1, 200, "Published", "101"),
		release(2, 200, "Published", "102", 1, 99),
		release(3, 201, "Expired", "103", 2),
		release(3, 200, "Published", "103", 2, 50), // an older revision does not count
		release(4, 200, "Published", "104", 3),
		release(5, 200, "Published", "105", 2),
		release(6, 200, "Expired", "106", 7),
		release(7, 200, "Published", "107"),
		release(8, 200, "Expired", "108"),
	})
	require.Equal(t, ids(1, 99), s.Covers(numbered(2)))
	require.Equal(t, ids(1, 2, 3, 99), s.CoversAll(numbered(4)))
	require.Equal(t, ids(1, 2, 99), s.CoversAll(numbered(3)))
	require.Empty(t, s.CoveredBy(numbered(50)))
	require.Equal(t, ids(2, 3, 4, 5), s.CoveredBy(numbered(1)))
	require.Equal(t, ids(2, 4, 5), s.Successors(numbered(1)))
	require.Equal(t, ids(4, 5), s.LatestOf(numbered(1)))
	require.Equal(t, ids(4), s.LatestOf(numbered(3)))
	require.Equal(t, ids(4), s.LatestOf(numbered(4)))
	require.Equal(t, ids(4, 5), s.LatestOf(numbered(99)), "an update that the set does not have")
	require.Equal(t, ids(7), s.LatestOf(numbered(7)), "only an expired one replaces it")
	require.Empty(t, s.LatestOf(numbered(8)))
	require.Empty(t, s.LatestOf(numbered(77)))

	require.True(t, s.IsSuperseded("KB101"))
	require.True(t, s.IsSuperseded("103"))
	for _, kb := range []string{"104", "105", "107", "999", ""} {
		require.False(t, s.IsSuperseded(kb), kb)
	}
	for _, c := range []struct {
		kb        string
		installed []uuid.UUID
		standing  metadata.Standing
		by        []uuid.UUID
	}{
		{"kb101", ids(1), metadata.ArticleInstalled, ids(1)},
		{"kb101", ids(4), metadata.ArticleCovered, ids(4)},
		{"KB101", ids(3), metadata.ArticleCovered, ids(3)},
		{"101", nil, metadata.ArticleSuperseded, ids(4, 5)},
		{"104", ids(1), metadata.ArticleMissing, ids(4)},
		{"107", nil, metadata.ArticleMissing, ids(7)},
		{"108", nil, metadata.ArticleWithdrawn, ids(8)},
		{"103", nil, metadata.ArticleSuperseded, ids(4)},
		{"999", nil, metadata.ArticleUnknown, nil},
	} {
		a := s.Article(c.kb, func(id uuid.UUID) bool { return slices.Contains(c.installed, id) }, nil)
		require.Equal(t, c.standing, a.Standing, c.kb)
		require.Equal(t, c.by, a.By, c.kb)
	}
}

// An article with an update for each architecture: the other one does not count.
func TestArticleOfOneArchitecture(t *testing.T) {
	s := metadata.NewSupersedence([]*metadata.Update{release(1, 1, "Published", "5"), release(2, 1, "Published", "5"),
		release(3, 1, "Published", "6", 2)})
	none := func(uuid.UUID) bool { return false }
	arm := func(id uuid.UUID) bool { return id == numbered(2) || id == numbered(3) }
	require.Equal(t, metadata.Article{Standing: metadata.ArticleMissing, Updates: ids(1, 2), By: ids(1)}, s.Article("5", none, nil))
	require.Equal(t, metadata.Article{Standing: metadata.ArticleSuperseded, Updates: ids(2), By: ids(3)}, s.Article("5", none, arm))
	require.Equal(t, metadata.Article{Standing: metadata.ArticleUnknown}, s.Article("5", none, none))
}

func TestSupersedenceToleratesCircles(t *testing.T) {
	s := metadata.NewSupersedence([]*metadata.Update{release(1, 1, "Published", "1", 2), release(2, 1, "Published", "2", 3),
		release(3, 1, "Published", "3", 1), release(4, 1, "Published", "4", 4)})
	require.Equal(t, ids(2, 3), s.CoversAll(numbered(1)))
	require.Equal(t, ids(1, 2, 3), s.LatestOf(numbered(2)))
	require.False(t, s.IsSuperseded("1"))
	require.Equal(t, ids(4), s.LatestOf(numbered(4)))
}

// The slow model closes a matrix; everything else follows from it by definition.
func TestSupersedenceAgainstMatrix(t *testing.T) {
	const n = 7
	rapid.Check(t, func(t *rapid.T) {
		var updates []*metadata.Update
		var edge, reaches [n][n]bool
		var there, expired [n]bool
		best := [n]int32{}
		for range rapid.IntRange(0, 10).Draw(t, "updates") {
			i := rapid.IntRange(0, n-2).Draw(t, "id") // the last one is never in the set
			revision := int32(rapid.IntRange(1, 3).Draw(t, "revision"))
			state := rapid.SampledFrom([]string{"Published", "Published", "Expired"}).Draw(t, "state")
			replaces := rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "replaces")
			updates = append(updates, release(i, revision, state, "", replaces...))
			if there[i] && revision < best[i] {
				continue
			}
			there[i], best[i], expired[i], edge[i] = true, revision, state == "Expired", [n]bool{}
			for _, r := range replaces {
				edge[i][r] = true
			}
		}
		reaches = edge
		for k := range n {
			for i := range n {
				for j := range n {
					reaches[i][j] = reaches[i][j] || reaches[i][k] && reaches[k][j]
				}
			}
		}
		beats := func(a, b int) bool { return a != b && reaches[a][b] && !reaches[b][a] && !expired[a] }
		latest := func(a int) bool {
			for b := range n {
				if beats(b, a) {
					return false
				}
			}
			return there[a] && !expired[a]
		}
		s := metadata.NewSupersedence(updates)
		for i := range n {
			var direct, all, by, successors, last []int
			for j := range n {
				add := func(to *[]int, holds bool) {
					if holds {
						*to = append(*to, j)
					}
				}
				add(&direct, edge[i][j])
				add(&all, i != j && reaches[i][j])
				add(&by, i != j && reaches[j][i])
				add(&successors, beats(j, i))
				add(&last, (i == j || reaches[j][i]) && latest(j))
			}
			require.ElementsMatch(t, ids(direct...), s.Covers(numbered(i)))
			require.ElementsMatch(t, ids(all...), s.CoversAll(numbered(i)))
			require.ElementsMatch(t, ids(by...), s.CoveredBy(numbered(i)))
			require.ElementsMatch(t, ids(successors...), s.Successors(numbered(i)))
			require.ElementsMatch(t, ids(last...), s.LatestOf(numbered(i)))
		}
	})
}

// The vendor's catalogue says of each update what replaces it; related the other way round, the answers are the same.
func TestSupersedenceOfTheCatalogue(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(sharedTestdata(t), "catalog-json", "*.json"))
	require.NoError(t, err)
	type entry struct {
		ID           uuid.UUID `json:"update_id"`
		KB           string    `json:"kb_article"`
		SupersededBy []struct {
			ID uuid.UUID `json:"update_id"`
		} `json:"supersededby"`
	}
	entries := map[uuid.UUID]entry{}
	updates := map[uuid.UUID]*metadata.Update{}
	at := func(id uuid.UUID) *metadata.Update {
		if updates[id] == nil {
			updates[id] = &metadata.Update{}
			updates[id].UpdateID = id
		}
		return updates[id]
	}
	for _, file := range files {
		var e entry
		require.NoError(t, json.Unmarshal([]byte(text(t, file)), &e))
		entries[e.ID] = e
		at(e.ID).Extended.KBArticleIDs = []string{e.KB}
		for _, by := range e.SupersededBy {
			u := at(by.ID)
			u.Relationships.Superseded = append(u.Relationships.Superseded, e.ID)
		}
	}
	require.NotEmpty(t, entries)
	var set []*metadata.Update
	for _, u := range updates {
		set = append(set, u)
	}
	s := metadata.NewSupersedence(set)
	for id, e := range entries {
		require.Equal(t, len(e.SupersededBy) > 0, s.IsSuperseded("KB"+e.KB), e.KB)
		for _, by := range e.SupersededBy {
			require.Contains(t, s.Successors(id), by.ID)
		}
	}
}

// Chains and circles of thousands of updates are answered soon.
func TestLongSupersedence(t *testing.T) {
	const n = 3000
	name := func(i int) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, (i+n)%n)) }
	for _, circle := range []bool{false, true} {
		var updates []*metadata.Update
		for i := range n {
			u := &metadata.Update{Core: metadata.Core{Identity: metadata.Identity{UpdateID: name(i), Revision: 1}}}
			u.Extended.KBArticleIDs = []string{"1"}
			if i > 0 || circle {
				u.Relationships.Superseded = []uuid.UUID{name(i - 1)}
			}
			updates = append(updates, u)
		}
		start := time.Now()
		s := metadata.NewSupersedence(updates)
		if circle {
			require.Len(t, s.LatestOf(name(0)), n)
			require.Empty(t, s.Successors(name(0)))
		} else {
			require.Equal(t, []uuid.UUID{name(n - 1)}, s.LatestOf(name(0)))
			require.Len(t, s.Successors(name(0)), n-1)
		}
		require.False(t, s.IsSuperseded("1"))
		require.Less(t, time.Since(start), 10*time.Second)
	}
}
