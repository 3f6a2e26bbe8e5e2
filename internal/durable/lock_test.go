package durable_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

func TestLockFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	first, err := durable.LockFile(name)
	require.NoError(t, err)
	_, err = first.WriteString("owner")
	require.NoError(t, err)
	second, err := durable.LockFile(name)
	require.ErrorIs(t, err, durable.ErrLocked)
	text := make([]byte, 5)
	_, err = second.ReadAt(text, 0)
	require.NoError(t, err)
	require.Equal(t, "owner", string(text))
	require.NoError(t, second.Close())
	require.NoError(t, first.Close())
	third, err := durable.LockFile(name)
	require.NoError(t, err, "closing gives it back")
	require.NoError(t, third.Close())
	_, err = durable.LockFile(filepath.Join(name, "below"))
	require.Error(t, err)
}
