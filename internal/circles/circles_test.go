package circles_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/internal/circles"
)

func number(edges [][]int) ([]int, int) {
	return circles.Number(len(edges), func(node, k int) (int, bool) {
		if k == len(edges[node]) {
			return 0, false
		}
		return edges[node][k], true
	})
}

func TestNumber(t *testing.T) {
	for name, c := range map[string]struct {
		edges [][]int
		want  []int
	}{
		"nothing":               {nil, []int{}},
		"alone":                 {[][]int{{}}, []int{1}},
		"itself":                {[][]int{{0, 0}}, []int{1}},
		"a chain":               {[][]int{{1}, {2}, {}}, []int{3, 2, 1}},
		"a circle":              {[][]int{{1}, {2}, {0}}, []int{1, 1, 1}},
		"a circle with a tail":  {[][]int{{1}, {2}, {1, 3}, {}}, []int{3, 2, 2, 1}},
		"two circles that meet": {[][]int{{1}, {0, 2}, {1}}, []int{1, 1, 1}},
		"two circles in a row":  {[][]int{{1}, {0, 2}, {3}, {2}}, []int{2, 2, 1, 1}},
		"a way that is doubled": {[][]int{{1, 2}, {3}, {3}, {}}, []int{4, 2, 3, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			got, highest := number(c.edges)
			require.Equal(t, c.want, got)
			require.Equal(t, slices.Max(append(c.want, 0)), highest)
		})
	}
}

// Against a slow model that knows of each pair whether one reaches the other.
func TestNumberEqualsReachability(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "nodes")
		edges := make([][]int, n)
		reaches := make([][]bool, n)
		for i := range n {
			edges[i] = rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "edges")
			reaches[i] = make([]bool, n)
			reaches[i][i] = true
			for _, to := range edges[i] {
				reaches[i][to] = true
			}
		}
		for via := range n {
			for from := range n {
				for to := range n {
					reaches[from][to] = reaches[from][to] || reaches[from][via] && reaches[via][to]
				}
			}
		}
		numbers, highest := number(edges)
		used := map[int]bool{}
		for a := range n {
			used[numbers[a]] = true
			require.Positive(t, numbers[a])
			require.LessOrEqual(t, numbers[a], highest)
			for b := range n {
				require.Equal(t, reaches[a][b] && reaches[b][a], numbers[a] == numbers[b], "%d and %d of %v", a, b, edges)
				if reaches[a][b] {
					require.GreaterOrEqual(t, numbers[a], numbers[b], "%d leads to %d in %v", a, b, edges)
				}
			}
		}
		require.Len(t, used, highest)
	})
}

// A chain of a million, at whose end the way leads back to the beginning.
func TestNumberWalksLongChains(t *testing.T) {
	const n = 1_000_000
	numbers, highest := circles.Number(n, func(node, k int) (int, bool) { return (node + 1) % n, k == 0 })
	require.Equal(t, 1, highest)
	require.Equal(t, 1, numbers[n/2])
}
