package ssl_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/ssl"
)

// What a dry run shows is what a server gets: every command that an application of the same plan gives is in it.
func TestDryRun(t *testing.T) {
	for name, server := range servers {
		f, dir := server(), t.TempDir()
		plan := f.planned(t)
		dry := &ssl.DryRun{}
		applied, err := ssl.Apply(t.Context(), dry, plan, ssl.ApplyOptions{Journal: dir + "/sub/journal"})
		require.NoError(t, err)
		require.False(t, applied.Changed())
		require.Len(t, applied.Steps, len(plan.Steps))
		_, err = os.Stat(dir + "/sub")
		require.ErrorIs(t, err, os.ErrNotExist, "a dry run writes nothing")

		_, err = ssl.Apply(t.Context(), f, plan, ssl.ApplyOptions{Journal: dir + "/journal"})
		require.NoError(t, err)
		for _, command := range f.commands {
			if command.Name == "netsh.exe" && command.Args[1] == "delete" {
				continue // only where a certificate is found that must go first
			}
			require.Contains(t, dry.Commands(), command, name)
		}
	}
}
