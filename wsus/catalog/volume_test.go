package catalog_test

import (
	"errors"
	"io"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

func TestVolume(t *testing.T) {
	forEachVolume(t, func(t *testing.T, vol catalog.Volume) {
		_, err := vol.Open("a")
		require.ErrorIs(t, err, fs.ErrNotExist)
		require.NoError(t, vol.Remove("a"))
		require.ErrorIs(t, vol.Rename("a", "b"), fs.ErrNotExist)
		for _, name := range []string{"", ".", "..", "../a", "a/b", `a\b`, ".hidden", "a b"} {
			_, err := vol.Append(name)
			require.ErrorIs(t, err, fs.ErrInvalid, name)
		}

		w, err := vol.Append("a")
		require.NoError(t, err)
		r, err := vol.Open("a")
		require.NoError(t, err)
		_, err = w.Write([]byte("hello, world"))
		require.NoError(t, err)
		require.NoError(t, w.Sync())
		require.EqualValues(t, 12, r.Size(), "a reader sees what is appended later")
		require.NoError(t, w.Truncate(5))
		_, err = w.Write([]byte("!"))
		require.NoError(t, err)
		require.EqualValues(t, 6, w.Size())
		require.NoError(t, w.Close())

		w, err = vol.Append("a")
		require.NoError(t, err)
		_, err = w.Write([]byte("?"))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, vol.Rename("a", "b"))
		require.NoError(t, vol.SyncDir())
		b, err := vol.Open("b")
		require.NoError(t, err)
		buf := make([]byte, 10)
		n, err := b.ReadAt(buf, 0)
		require.ErrorIs(t, err, io.EOF)
		require.Equal(t, "hello!?", string(buf[:n]))
		_, err = b.ReadAt(buf, 100)
		require.ErrorIs(t, err, io.EOF)
		require.NoError(t, b.Close())
		require.NoError(t, r.Close())
		require.NoError(t, vol.Remove("b"))
		_, err = vol.Open("b")
		require.ErrorIs(t, err, fs.ErrNotExist)
	})
}

var errFull = errors.New("the disk is full")

// failingVolume fails at the n-th change, once.
type failingVolume struct {
	catalog.Volume
	failAt int
}

func (v *failingVolume) fails() error {
	if v.failAt > 0 {
		if v.failAt--; v.failAt == 0 {
			return errFull
		}
	}
	return nil
}

func (v *failingVolume) Append(name string) (catalog.Appender, error) {
	if err := v.fails(); err != nil {
		return nil, err
	}
	a, err := v.Volume.Append(name)
	return failingAppender{a, v}, err
}

func (v *failingVolume) Rename(oldName, newName string) error {
	if err := v.fails(); err != nil {
		return err
	}
	return v.Volume.Rename(oldName, newName)
}

func (v *failingVolume) SyncDir() error {
	if err := v.fails(); err != nil {
		return err
	}
	return v.Volume.SyncDir()
}

type failingAppender struct {
	catalog.Appender
	vol *failingVolume
}

// Write fails in the middle, as a full disk does.
func (a failingAppender) Write(p []byte) (int, error) {
	if err := a.vol.fails(); err != nil {
		n, _ := a.Appender.Write(p[:len(p)/2])
		return n, err
	}
	return a.Appender.Write(p)
}

func (a failingAppender) Sync() error {
	if err := a.vol.fails(); err != nil {
		return err
	}
	return a.Appender.Sync()
}
