package content_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// cleaner is a store that can list and remove.
type cleaner interface {
	content.Store
	Files(ctx context.Context) iter.Seq2[content.Entry, error]
	Remove(ctx context.Context, sha1 content.SHA1) error
}

var (
	_ cleaner = (*content.DirStore)(nil)
	_ cleaner = (*content.MemoryStore)(nil)
)

// files is what a store lists, by digest.
func files(t require.TestingT, store cleaner) map[content.SHA1]content.Entry {
	found := map[content.SHA1]content.Entry{}
	for e, err := range store.Files(context.Background()) {
		require.NoError(t, err)
		require.NotContains(t, found, e.SHA1, "listed twice")
		found[e.SHA1] = e
	}
	return found
}

func TestFilesAndRemove(t *testing.T) {
	forEachStore(t, func(t *testing.T, s content.Store) {
		store := s.(cleaner)
		require.Empty(t, files(t, store))
		data, ref := payload(10_000, 20)
		other, otherRef := payload(7, 21)
		require.NoError(t, store.Remove(t.Context(), ref.SHA1), "what is not there needs no removal")
		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
		require.NoError(t, store.Put(t.Context(), otherRef, bytes.NewReader(other)))
		require.Equal(t, map[content.SHA1]content.Entry{ref.SHA1: {SHA1: ref.SHA1, Size: 10_000},
			otherRef.SHA1: {SHA1: otherRef.SHA1, Size: 7}}, files(t, store))
		for range store.Files(t.Context()) {
			break // a caller may have seen enough
		}

		open, err := store.Open(t.Context(), ref.SHA1)
		require.NoError(t, err)
		require.NoError(t, store.Remove(t.Context(), ref.SHA1))
		requireAbsent(t, store, ref)
		require.Len(t, files(t, store), 1)
		kept, err := io.ReadAll(open)
		require.NoError(t, err)
		require.Equal(t, data, kept, "who has it open keeps it")
		require.NoError(t, open.Close())

		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)), "it can come again")
		require.Equal(t, data, read(t, store, ref))

		ended, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, store.Remove(ended, ref.SHA1), context.Canceled)
		for _, err := range store.Files(ended) {
			require.ErrorIs(t, err, context.Canceled)
		}
		require.Equal(t, data, read(t, store, ref))
	})
}

func TestDownloadsInProgressAreListedAndNotRemoved(t *testing.T) {
	store, err := content.Dir(t.TempDir())
	require.NoError(t, err)
	defer store.Close()
	data, ref := payload(10_000, 22)
	p, err := store.Partial(t.Context(), ref)
	require.NoError(t, err)
	_, err = p.WriteAt(data[:4000], 0)
	require.NoError(t, err)
	require.ErrorIs(t, store.Remove(t.Context(), ref.SHA1), content.ErrBusy)
	require.NoError(t, p.Close())
	require.Equal(t, map[content.SHA1]content.Entry{ref.SHA1: {SHA1: ref.SHA1, Size: 4000, Partial: true}}, files(t, store))

	require.NoError(t, store.Remove(t.Context(), ref.SHA1), "it has broken off: it can be thrown away")
	require.Empty(t, files(t, store))
	p, err = store.Partial(t.Context(), ref)
	require.NoError(t, err)
	require.Zero(t, p.Size(), "and begins anew")
	require.NoError(t, p.Close())
}

// What is in the folder and no file of the store is nobody's to list.
func TestFilesLeavesOutWhatIsNotItsOwn(t *testing.T) {
	dir := t.TempDir()
	store, err := content.Dir(dir)
	require.NoError(t, err)
	defer store.Close()
	data, ref := payload(100, 23)
	require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	name := ref.SHA1.String()
	for _, foreign := range []string{"notes.txt", name, "00/" + name, name[38:] + "/" + name + ".damaged", "partial/" + name + ".put-9"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, foreign)), 0o750))
		require.NoError(t, os.WriteFile(filepath.Join(dir, foreign), []byte("x"), 0o600))
	}
	require.Equal(t, map[content.SHA1]content.Entry{ref.SHA1: {SHA1: ref.SHA1, Size: 100}}, files(t, store))
}

// Whole or not at all, and gone for good once that was acknowledged; nothing else is touched.
func TestRemoveSurvivesACrashAtEveryPoint(t *testing.T) {
	data, ref := payload(3000, 24)
	other, otherRef := payload(2000, 25)
	for _, partial := range []bool{false, true} {
		crashed := 0
		for point := 1; ; point++ {
			disk := durabletest.New()
			store, err := content.DirOn(disk)
			require.NoError(t, err)
			require.NoError(t, store.Put(t.Context(), otherRef, bytes.NewReader(other)))
			if partial {
				require.NoError(t, beginPartial(t, store, ref, data[:1000]))
			} else {
				require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
			}
			disk.FailAt(point)
			removeErr := store.Remove(t.Context(), ref.SHA1)
			store, err = content.DirOn(disk.CrashTorn(rand.New(rand.NewPCG(uint64(point), 24))))
			require.NoError(t, err)
			require.Equal(t, other, read(t, store, otherRef))
			if removeErr == nil {
				require.NotContains(t, files(t, store), ref.SHA1, "acknowledged")
				require.Greater(t, crashed, 2)
				break
			}
			require.ErrorIs(t, removeErr, durabletest.ErrCrash)
			crashed++
			if e, listed := files(t, store)[ref.SHA1]; listed && !e.Partial {
				require.Equal(t, data, read(t, store, ref), "whole or not at all")
			}
			require.NoError(t, store.Remove(t.Context(), ref.SHA1), "and it can be done again")
			require.NoError(t, writePartial(t, store, ref, data))
			require.Equal(t, data, read(t, store, ref))
		}
	}
}

func beginPartial(t *testing.T, store *content.DirStore, ref content.Ref, data []byte) error {
	p, err := store.Partial(t.Context(), ref)
	if err != nil {
		return err
	}
	_, err = p.WriteAt(data, 0)
	return errors.Join(err, p.Close())
}

// Whatever is put, begun, finished, removed and opened, the folder holds what a map would hold, also after it was opened again.
func TestFolderIsLikeAMap(t *testing.T) {
	type known struct {
		data []byte
		ref  content.Ref
	}
	var all []known
	for i := range 4 {
		data, ref := payload(500+i, uint64(30+i))
		all = append(all, known{data, ref})
	}
	rapid.Check(t, func(r *rapid.T) {
		disk := durabletest.New()
		store, err := content.DirOn(disk)
		require.NoError(r, err)
		model := map[content.SHA1]content.Entry{}
		for range rapid.IntRange(1, 30).Draw(r, "operations") {
			k := all[rapid.IntRange(0, len(all)-1).Draw(r, "file")]
			have, there := model[k.ref.SHA1]
			switch rapid.SampledFrom([]string{"put", "download", "remove", "open", "reopen"}).Draw(r, "operation") {
			case "put":
				require.NoError(r, store.Put(context.Background(), k.ref, bytes.NewReader(k.data)))
				model[k.ref.SHA1] = content.Entry{SHA1: k.ref.SHA1, Size: k.ref.Size}
				if have.Partial {
					// Its partial file is of no use any more; the next opening of the folder removes it.
					store, err = content.DirOn(disk)
					require.NoError(r, err)
				}
			case "download":
				p, err := store.Partial(context.Background(), k.ref)
				if there && !have.Partial {
					require.ErrorIs(r, err, fs.ErrExist)
					continue
				}
				require.NoError(r, err)
				require.Equal(r, have.Size, p.Size(), "it is resumed where it broke off")
				_, err = p.WriteAt(k.data[p.Size():], p.Size())
				require.NoError(r, err)
				if rapid.Bool().Draw(r, "all of it") {
					require.NoError(r, p.Commit(context.Background()))
					model[k.ref.SHA1] = content.Entry{SHA1: k.ref.SHA1, Size: k.ref.Size}
					continue
				}
				require.NoError(r, p.Close())
				model[k.ref.SHA1] = content.Entry{SHA1: k.ref.SHA1, Size: k.ref.Size, Partial: true}
			case "remove":
				require.NoError(r, store.Remove(context.Background(), k.ref.SHA1))
				delete(model, k.ref.SHA1)
			case "open":
				f, err := store.Open(context.Background(), k.ref.SHA1)
				if !there || have.Partial {
					require.ErrorIs(r, err, fs.ErrNotExist)
					continue
				}
				require.NoError(r, err)
				got, err := io.ReadAll(f)
				require.NoError(r, errors.Join(err, f.Close()))
				require.True(r, slices.Equal(k.data, got))
			case "reopen":
				store, err = content.DirOn(disk)
				require.NoError(r, err)
			}
			require.Equal(r, model, files(r, store))
		}
	})
}
