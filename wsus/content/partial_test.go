package content_test

import (
	"bytes"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

func TestPartialIsKeptAndContinued(t *testing.T) {
	dir := t.TempDir()
	data, ref := payload(10_000, 10)
	store, err := content.Dir(dir)
	require.NoError(t, err)

	p, err := store.Partial(t.Context(), ref)
	require.NoError(t, err)
	require.Zero(t, p.Size())
	_, err = store.Partial(t.Context(), ref)
	require.ErrorIs(t, err, content.ErrBusy)
	_, err = p.WriteAt(data[:4000], 0)
	require.NoError(t, err)
	_, err = p.WriteAt(data[8000:], 8000)
	require.NoError(t, err)
	require.EqualValues(t, 4000, p.Size(), "what is behind a gap does not count")
	require.NoError(t, p.Close())
	require.NoError(t, p.Close())
	requireAbsent(t, store, ref)

	store, err = content.Dir(dir)
	require.NoError(t, err)
	p, err = store.Partial(t.Context(), ref)
	require.NoError(t, err)
	require.EqualValues(t, 4000, p.Size())
	_, err = p.WriteAt(data[4000:], 4000)
	require.NoError(t, err)
	var mismatch *content.MismatchError
	_, err = p.WriteAt([]byte{1}, 10_000)
	require.ErrorAs(t, err, &mismatch)
	require.NoError(t, p.Commit(t.Context()))
	require.ErrorIs(t, p.Commit(t.Context()), fs.ErrClosed)
	require.Equal(t, data, read(t, store, ref))
	_, err = store.Partial(t.Context(), ref)
	require.ErrorIs(t, err, fs.ErrExist)
}

func TestPartialThatIsWrongIsGone(t *testing.T) {
	store, err := content.Dir(t.TempDir())
	require.NoError(t, err)
	data, ref := payload(10_000, 11)
	data[17] ^= 4
	p, err := store.Partial(t.Context(), ref)
	require.NoError(t, err)
	_, err = p.WriteAt(data, 0)
	require.NoError(t, err)
	var mismatch *content.MismatchError
	require.ErrorAs(t, p.Commit(t.Context()), &mismatch)
	requireAbsent(t, store, ref)
	p, err = store.Partial(t.Context(), ref)
	require.NoError(t, err)
	require.Zero(t, p.Size())
	require.NoError(t, p.Close())
}

func TestDirRemovesLeftovers(t *testing.T) {
	dir := t.TempDir()
	store, err := content.Dir(dir)
	require.NoError(t, err)
	data, ref := payload(1000, 12)
	require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	_, begun := payload(2000, 13)
	for _, name := range []string{ref.SHA1.String(), ref.SHA1.String() + ".put-1", begun.SHA1.String(), "notes.txt"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "partial", name), []byte("x"), 0o600))
	}
	_, err = content.Dir(dir)
	require.NoError(t, err)
	entries, err := os.ReadDir(filepath.Join(dir, "partial"))
	require.NoError(t, err)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	require.ElementsMatch(t, []string{begun.SHA1.String(), "notes.txt"}, left)
}

func TestCommitSurvivesACrashAtEveryPoint(t *testing.T) {
	data, ref := payload(3000, 14)
	for _, torn := range []bool{false, true} {
		random := rand.New(rand.NewPCG(14, 14))
		crashed := 0
		for point := 1; ; point++ {
			disk := durabletest.New()
			store, err := content.DirOn(disk)
			require.NoError(t, err)
			disk.FailAt(point)
			doErr := writePartial(t, store, ref, data)
			after := disk.Crash()
			if torn {
				after = disk.CrashTorn(random)
			}
			store, err = content.DirOn(after)
			require.NoError(t, err)
			if doErr == nil {
				require.Equal(t, data, read(t, store, ref))
				require.Greater(t, crashed, 5)
				break
			}
			require.ErrorIs(t, doErr, durabletest.ErrCrash)
			crashed++
			if _, err := store.Open(t.Context(), ref.SHA1); err == nil {
				require.Equal(t, data, read(t, store, ref), "whole or not at all")
				continue
			}
			require.NoError(t, writePartial(t, store, ref, data))
			require.Equal(t, data, read(t, store, ref))
		}
	}
}

func writePartial(t *testing.T, store *content.DirStore, ref content.Ref, data []byte) error {
	p, err := store.Partial(t.Context(), ref)
	if err != nil {
		return err
	}
	defer p.Close()
	for from := 0; from < len(data); from += 1000 {
		if _, err := p.WriteAt(data[from:from+1000], int64(from)); err != nil {
			return err
		}
	}
	return p.Commit(t.Context())
}
