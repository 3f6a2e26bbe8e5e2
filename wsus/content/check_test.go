package content_test

import (
	"bytes"
	"io/fs"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// A byte that changes without a trace in the folder, as on a failing disk, is found by Check, and nothing damaged is opened after that.
func TestCheckLooksAgain(t *testing.T) {
	folder := t.TempDir()
	store, err := content.Dir(folder)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	data, ref := payload(100_000, 8)
	require.ErrorIs(t, content.Check(t.Context(), store, ref), fs.ErrNotExist)
	require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	require.NoError(t, content.Check(t.Context(), store, ref))

	place := placeOf(folder, ref)
	before, err := os.Stat(place)
	require.NoError(t, err)
	damage(t, place)
	require.NoError(t, os.Chtimes(place, before.ModTime(), before.ModTime()))
	f, err := store.Open(t.Context(), ref.SHA1)
	require.NoError(t, err, "nothing shows from outside")
	require.NoError(t, f.Close())
	var damaged *content.DamagedError
	require.ErrorAs(t, content.Check(t.Context(), store, ref), &damaged)
	_, err = store.Open(t.Context(), ref.SHA1)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// A store knows a file by its SHA-1; what the metadata says beyond that is compared by Check.
func TestCheckComparesWhatAStoreDoesNotKnow(t *testing.T) {
	data, ref := payload(1000, 9)
	dir, err := content.Dir(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, dir.Close()) })
	for _, store := range []content.Store{content.Memory(), dir} {
		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
		other := ref
		other.SHA256[0] ^= 1
		var mismatch *content.MismatchError
		require.ErrorAs(t, content.Check(t.Context(), store, other), &mismatch)
		require.Equal(t, "SHA-256", mismatch.What)
	}
}
