package catalog_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func machines() []string { return []string{"windows10-22h2", "windows11-24h2", "server2022"} }

// The table has a row for each update that can be deployed, and for no other.
func TestTableCoversTheCatalogue(t *testing.T) {
	rows, err := catalog.Table()
	require.NoError(t, err)
	want := map[uuid.UUID]*metadata.Update{}
	for id, update := range documents(t) {
		if update.ExplicitlyDeployable && update.PublicationState == "Published" {
			want[id] = update
		}
	}
	for _, row := range rows {
		require.Contains(t, want, row.ID, row.KB)
		require.Equal(t, want[row.ID].Localized[0].Title, row.Title)
		require.Equal(t, "KB"+want[row.ID].Extended.KBArticleIDs[0], row.KB)
		require.NotEmpty(t, row.Why, row.KB)
		delete(want, row.ID)
	}
	require.Empty(t, want)
}

// The mix is rich enough to be worth a run, and the two halves of the table agree with each other.
func TestTableIsWorthARun(t *testing.T) {
	rows, err := catalog.Table()
	require.NoError(t, err)
	for _, machine := range machines() {
		counts, alone := map[string]int{}, 0
		for _, row := range rows {
			counts[row.Before[machine]]++
			if row.Before[machine] == catalog.Required && requiredOn(row) == 1 {
				alone++
			}
			if row.Before[machine] != catalog.NotRequired {
				require.Equal(t, catalog.Installed, row.After[machine], "%s on %s", row.KB, machine)
			}
			require.NotEqual(t, catalog.Required, row.After[machine], "%s on %s", row.KB, machine)
		}
		require.GreaterOrEqual(t, counts[catalog.Required], 8, machine)
		require.GreaterOrEqual(t, counts[catalog.Installed], 3, machine)
		require.GreaterOrEqual(t, counts[catalog.NotRequired], 20, machine)
		require.NotZero(t, alone, "nothing is required on %s alone", machine)
	}
}

func requiredOn(row catalog.Row) int {
	n := 0
	for _, state := range row.Before {
		if state == catalog.Required {
			n++
		}
	}
	return n
}
