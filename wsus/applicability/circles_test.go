package applicability_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Of required updates one is superseded by whatever supersedes it over any number of steps and is not superseded back: so says a slow
// model that tries all pairs, for graphs of any shape.
func TestSupersedenceInCirclesAgreesWithModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := "ABCDEFGH"[:rapid.IntRange(1, 8).Draw(t, "updates")]
		var updates []update
		reaches := map[[2]byte]bool{}
		for i := range len(names) {
			victims := rapid.StringOfN(rapid.SampledFrom([]rune(names)), 0, 3, -1).Draw(t, "supersedes")
			updates = append(updates, update{name: names[i], rules: "f-t", supersedes: victims})
			for _, victim := range []byte(victims) {
				reaches[[2]byte{names[i], victim}] = true
			}
		}
		for range names {
			for _, a := range []byte(names) {
				for _, b := range []byte(names) {
					for _, c := range []byte(names) {
						if reaches[[2]byte{a, b}] && reaches[[2]byte{b, c}] {
							reaches[[2]byte{a, c}] = true
						}
					}
				}
			}
		}
		verdicts, err := scanOf(updates...).Verdicts(context.Background())
		require.NoError(t, err)
		for _, victim := range []byte(names) {
			want := required
			for _, by := range []byte(names) {
				if reaches[[2]byte{by, victim}] && !reaches[[2]byte{victim, by}] {
					want = superseded
				}
			}
			require.Equal(t, want, verdicts[id(victim)].State, "%c of %+v", victim, updates)
		}
	})
}

// long are n updates, each related to the one before it.
func long(n int, relate func(c *metadata.Core, before metadata.Identity)) []*metadata.Core {
	identity := func(i int) metadata.Identity {
		return metadata.Identity{UpdateID: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Append(nil, i)), Revision: 1}
	}
	var cores []*metadata.Core
	for i := range n {
		c := update{name: 'L', rules: "f-t"}.core()
		c.Identity = identity(i)
		relate(c, identity((i+n-1)%n))
		cores = append(cores, c)
	}
	return cores
}

// Catalogues that somebody made to keep a scan busy end soon, and their explanations have bounds: a circle of supersedence,
// bundles in bundles, and a circle of prerequisites, of 2,000 updates each.
func TestLongCirclesAndChains(t *testing.T) {
	start := time.Now()
	for name, relate := range map[string]func(c *metadata.Core, before metadata.Identity){
		"supersedence": func(c *metadata.Core, before metadata.Identity) {
			c.Relationships.Superseded = []uuid.UUID{before.UpdateID}
		},
		"bundles": func(c *metadata.Core, before metadata.Identity) {
			if c.UpdateID != uuid.NewSHA1(uuid.NameSpaceOID, []byte("0")) {
				c.Relationships.Bundled, c.Rules = []metadata.Clause{{Members: []metadata.Identity{before}}}, metadata.Rules{}
			}
		},
		"prerequisites": func(c *metadata.Core, before metadata.Identity) {
			c.Relationships.Prerequisites = []metadata.Clause{{Members: []metadata.Identity{{UpdateID: before.UpdateID}}}}
		},
	} {
		cores := long(2000, relate)
		s := applicability.NewScan(laboratory(), three)
		s.Add(cores...)
		verdicts, err := s.Verdicts(t.Context())
		require.NoError(t, err)
		for id, v := range verdicts {
			require.Less(t, len(v.Reason), 1000, id)
			require.Equal(t, name != "prerequisites", v.State == required, name)
		}
		x, err := s.Why(t.Context(), cores[1999].UpdateID)
		require.NoError(t, err)
		var b strings.Builder
		require.NoError(t, x.WriteText(&b))
		require.Less(t, b.Len(), 200_000)
		require.Equal(t, name != "supersedence", strings.Contains(b.String(), "nested too deep to be explained here: "))
	}
	require.Less(t, time.Since(start), 2*time.Minute)
}
