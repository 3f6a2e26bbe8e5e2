package content_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

func placeOf(folder string, ref content.Ref) string {
	name := ref.SHA1.String()
	return filepath.Join(folder, name[len(name)-2:], name)
}

// damage changes one byte of a file in place, as a disk does, and keeps its length.
func damage(t *testing.T, path string) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	data[len(data)/2] ^= 0x10
	require.NoError(t, os.WriteFile(path, data, 0o640))
	// File systems of a coarse clock would hide the change from a store that is open.
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)))
}

// What was changed behind a store's back is not served, be the store open or opened afterwards; put anew, it is served again.
func TestDamagedFilesAreNotServed(t *testing.T) {
	for _, reopened := range []bool{false, true} {
		folder := t.TempDir()
		store, err := content.Dir(folder)
		require.NoError(t, err)
		data, ref := payload(100_000, 7)
		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
		require.Equal(t, data, read(t, store, ref))
		if reopened {
			require.NoError(t, store.Close())
			store, err = content.Dir(folder)
			require.NoError(t, err)
		}
		damage(t, placeOf(folder, ref))

		var log bytes.Buffer
		handler := content.Handler(store, content.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, content.Path(ref), nil))
		require.Equal(t, http.StatusNotFound, w.Code)
		require.Contains(t, log.String(), "the file is damaged")

		_, err = store.Open(t.Context(), ref.SHA1)
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.FileExists(t, placeOf(folder, ref)+".damaged")
		require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
		require.Equal(t, data, read(t, store, ref))
		require.NoError(t, store.Close())
	}
}

func TestTruncatedFilesAreNotServed(t *testing.T) {
	folder := t.TempDir()
	store, err := content.Dir(folder)
	require.NoError(t, err)
	data, ref := payload(100_000, 8)
	require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	require.NoError(t, os.Truncate(placeOf(folder, ref), 99_999))
	_, err = store.Open(t.Context(), ref.SHA1)
	var damaged *content.DamagedError
	require.True(t, errors.As(err, &damaged))
	require.Equal(t, ref.SHA1, damaged.SHA1)
	require.NoError(t, store.Close())
}

// Many that open one file for the first time wait for one another, and who does not want to wait any longer goes.
func TestOneCheckForMany(t *testing.T) {
	folder := t.TempDir()
	store, err := content.Dir(folder)
	require.NoError(t, err)
	data, ref := payload(3_000_000, 9)
	require.NoError(t, store.Put(t.Context(), ref, bytes.NewReader(data)))
	require.NoError(t, store.Close())
	store, err = content.Dir(folder)
	require.NoError(t, err)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			ctx := t.Context()
			if i%2 == 1 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, time.Microsecond)
				defer cancel()
			}
			f, err := store.Open(ctx, ref.SHA1)
			if err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				return
			}
			require.NoError(t, f.Close())
		})
	}
	wg.Wait()
	require.Equal(t, data, read(t, store, ref))
	require.NoError(t, store.Close())
}
