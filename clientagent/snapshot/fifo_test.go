//go:build unix

package snapshot_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
)

// Nobody ever writes to the pipe: a Load that opened it would not come back.
func TestLoadRefusesWhatIsNoRegularFile(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pc1.json")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	for _, path := range []string{pipe, "/dev/zero", t.TempDir()} {
		_, err := snapshot.Load(path)
		require.EqualError(t, err, "load machine: "+path+" is no regular file")
	}
}
