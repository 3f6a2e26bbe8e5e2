package content_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// payload makes a file that does not repeat, and what metadata says of it.
func payload(size int, seed uint64) ([]byte, content.Ref) {
	data := make([]byte, size)
	random := rand.NewChaCha8([32]byte{byte(seed)})
	random.Read(data)
	return data, content.Ref{SHA1: sha1.Sum(data), SHA256: sha256.Sum256(data), Size: int64(size), Name: "Update.cab"}
}

func read(t *testing.T, store content.Store, ref content.Ref) []byte {
	t.Helper()
	f, err := store.Open(t.Context(), ref.SHA1)
	require.NoError(t, err)
	defer f.Close()
	require.Equal(t, ref.Size, f.Size())
	data, err := io.ReadAll(f)
	require.NoError(t, err)
	return data
}

func requireAbsent(t *testing.T, store content.Store, ref content.Ref) {
	t.Helper()
	_, err := store.Open(t.Context(), ref.SHA1)
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func forEachStore(t *testing.T, test func(t *testing.T, store content.Store)) {
	t.Run("folder", func(t *testing.T) {
		store, err := content.Dir(t.TempDir())
		require.NoError(t, err)
		test(t, store)
		require.NoError(t, store.Close())
		_, err = store.Open(t.Context(), content.SHA1{})
		require.Error(t, err)
		require.NotErrorIs(t, err, fs.ErrNotExist)
	})
	t.Run("memory", func(t *testing.T) { test(t, content.Memory()) })
}

func TestPut(t *testing.T) {
	forEachStore(t, func(t *testing.T, store content.Store) {
		for _, size := range []int{0, 1, 100_000, 1 << 20} {
			data, ref := payload(size, 1)
			requireAbsent(t, store, ref)
			require.NoError(t, store.Put(t.Context(), ref, iotest.HalfReader(bytes.NewReader(data))))
			require.Equal(t, data, read(t, store, ref))
			require.NoError(t, store.Put(t.Context(), ref, iotest.ErrReader(errors.New("must not be read"))))
		}
	})
}

func TestPutKeepsNothingThatIsWrong(t *testing.T) {
	forEachStore(t, func(t *testing.T, store content.Store) {
		data, ref := payload(10_000, 2)
		flipped := bytes.Clone(data)
		flipped[5_000] ^= 1
		otherSHA256 := ref
		otherSHA256.SHA256[0] ^= 1
		for _, c := range []struct {
			data []byte
			ref  content.Ref
			what string
		}{
			{flipped, ref, "SHA-1"}, {data, otherSHA256, "SHA-256"}, {data[1:], ref, "size"}, {append(bytes.Clone(data), 0), ref, "size"},
			{nil, ref, "size"},
		} {
			err := store.Put(t.Context(), c.ref, bytes.NewReader(c.data))
			var mismatch *content.MismatchError
			require.ErrorAs(t, err, &mismatch)
			require.Equal(t, c.what, mismatch.What)
			requireAbsent(t, store, ref)
		}
		broken := errors.New("the line broke")
		err := store.Put(t.Context(), ref, io.MultiReader(bytes.NewReader(data[:100]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, store.Put(ctx, ref, bytes.NewReader(data)), context.Canceled)
		requireAbsent(t, store, ref)

		withoutSHA256 := ref
		withoutSHA256.SHA256 = content.SHA256{}
		require.NoError(t, store.Put(t.Context(), withoutSHA256, bytes.NewReader(data)), "old metadata has only SHA-1")
		otherSize := ref
		otherSize.Size++
		var mismatch *content.MismatchError
		require.ErrorAs(t, store.Put(t.Context(), otherSize, strings.NewReader("")), &mismatch)
	})
}

func TestPutByManyAtOnce(t *testing.T) {
	forEachStore(t, func(t *testing.T, store content.Store) {
		data, ref := payload(200_000, 3)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if err := store.Put(t.Context(), ref, bytes.NewReader(data)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.Equal(t, data, read(t, store, ref))
	})
}

func TestPutSurvivesACrashAtEveryPoint(t *testing.T) {
	data, ref := payload(3000, 4)
	for _, torn := range []bool{false, true} {
		random := rand.New(rand.NewPCG(4, 4))
		betweenWriteAndAcknowledgement := 0
		for point := 1; ; point++ {
			disk := durabletest.New()
			store, err := content.DirOn(disk)
			require.NoError(t, err)
			disk.FailAt(point)
			putErr := store.Put(t.Context(), ref, bytes.NewReader(data))
			after := disk.Crash
			if torn {
				after = func() *durabletest.Disk { return disk.CrashTorn(random) }
			}
			store, err = content.DirOn(after())
			require.NoError(t, err)
			if putErr == nil {
				require.Equal(t, data, read(t, store, ref), "acknowledged")
				require.Greater(t, betweenWriteAndAcknowledgement, 5)
				break
			}
			require.ErrorIs(t, putErr, durabletest.ErrCrash)
			betweenWriteAndAcknowledgement++
			if _, err := store.Open(t.Context(), ref.SHA1); err == nil {
				require.Equal(t, data, read(t, store, ref), "whole or not at all")
			} else {
				require.ErrorIs(t, err, fs.ErrNotExist)
			}
			require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)), "and it can be done again")
			require.Equal(t, data, read(t, store, ref))
		}
	}
}

// A process that ends between rename and sync leaves a file that only the page cache knows. Whoever says "it is there already"
// must have made it durable.
func TestWhatIsThereAlreadyIsDurable(t *testing.T) {
	data, ref := payload(3000, 5)
	for point := 1; ; point++ {
		disk := durabletest.New()
		store, err := content.DirOn(disk)
		require.NoError(t, err)
		disk.FailAt(point)
		if store.Put(t.Context(), ref, bytes.NewReader(data)) == nil {
			return
		}
		// Only the process ended: the page cache is still there.
		disk = disk.CrashTorn(rand.New(all{}))
		store, err = content.DirOn(disk)
		require.NoError(t, err)
		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
		store, err = content.DirOn(disk.Crash())
		require.NoError(t, err)
		require.Equal(t, data, read(t, store, ref), "point %d", point)
	}
}

// all is a source of the highest numbers: with it, a torn crash loses nothing.
type all struct{}

func (all) Uint64() uint64 { return ^uint64(0) }
