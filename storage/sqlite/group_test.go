package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/sqlite"
)

var errWrong = errors.New("wrong")

func insert(key string) func(*sqlite.Tx) error {
	return func(t *sqlite.Tx) error {
		return t.Exec("INSERT INTO records (space, key, value) VALUES ('test', CAST(? AS BLOB), x'')", key)
	}
}

func keys(t *testing.T, db *sqlite.DB) []string {
	t.Helper()
	list, err := sqlite.RecordKeys(t.Context(), db, "test")
	require.NoError(t, err)
	return list
}

// Writers that wait while a group is written become one group; what fails in it, or has given up, is undone alone.
func TestGroup(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		db := open(t, dir)
		defer db.Close()
		begun, proceed := make(chan bool), make(chan bool)
		outcomes := sync.Map{}
		var wg sync.WaitGroup
		write := func(name string, ctx context.Context, fn func(*sqlite.Tx) error) {
			wg.Go(func() { outcomes.Store(name, sqlite.Do(ctx, db, fn)) })
		}
		write("first", t.Context(), func(tx *sqlite.Tx) error {
			close(begun)
			<-proceed
			return insert("first")(tx)
		})
		<-begun
		patience, cancel := context.WithCancel(t.Context())
		for i := range 10 {
			write(fmt.Sprint("good", i), t.Context(), insert(fmt.Sprint("good", i)))
		}
		write("impatient", patience, insert("impatient"))
		write("wrong", t.Context(), func(tx *sqlite.Tx) error {
			return errors.Join(insert("wrong")(tx), errWrong)
		})
		write("conflict", t.Context(), insert("first"))
		synctest.Wait() // all are in the queue
		cancel()
		synctest.Wait()
		outcome, left := outcomes.Load("impatient")
		require.True(t, left, "it leaves while the first is still writing")
		require.ErrorIs(t, outcome.(error), context.Canceled)
		close(proceed)
		wg.Wait()

		require.Equal(t, sqlite.Stats{Writes: 1 + 12, Groups: 2}, db.Stats(), "one transaction for the first, one for the others")
		want := []string{"first"}
		for i := range 10 {
			want = append(want, fmt.Sprint("good", i))
			outcome, _ := outcomes.Load(fmt.Sprint("good", i))
			require.Nil(t, outcome)
		}
		require.Equal(t, want, keys(t, db))
		wrong, _ := outcomes.Load("wrong")
		require.ErrorIs(t, wrong.(error), errWrong)
		conflict, _ := outcomes.Load("conflict")
		require.ErrorContains(t, conflict.(error), "UNIQUE constraint")
	})
}

// When SQLite has lost the transaction, nobody in the group may believe to be written, and the next group works.
func TestGroupLost(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		db := open(t, dir)
		defer db.Close()
		begun, proceed := make(chan bool), make(chan bool)
		var failed, succeeded atomic.Int32
		var wg sync.WaitGroup
		write := func(fn func(*sqlite.Tx) error) {
			wg.Go(func() {
				if sqlite.Do(t.Context(), db, fn) != nil {
					failed.Add(1)
				} else {
					succeeded.Add(1)
				}
			})
			synctest.Wait()
		}
		write(func(tx *sqlite.Tx) error {
			close(begun)
			<-proceed
			return nil
		})
		<-begun
		write(insert("before"))
		write(func(tx *sqlite.Tx) error { return errors.Join(tx.Exec("ROLLBACK"), errWrong) })
		write(insert("after"))
		close(proceed)
		wg.Wait()
		require.Equal(t, int32(1), succeeded.Load(), "the first, which was alone")
		require.Equal(t, int32(3), failed.Load())
		require.Empty(t, keys(t, db))
		require.NoError(t, sqlite.Do(t.Context(), db, insert("next")))
		require.Equal(t, []string{"next"}, keys(t, db))
	})
}

// Whoever is given the lead at the moment of giving up leads all the same.
func TestGroupUnderCancellation(t *testing.T) {
	db := open(t, t.TempDir())
	defer db.Close()
	var written sync.Map
	var acknowledged atomic.Int32
	var wg sync.WaitGroup
	for writer := range 32 {
		wg.Go(func() {
			for i := range 40 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration((writer*7+i*13)%900)*time.Microsecond)
				key := fmt.Sprintf("%02d/%02d", writer, i)
				err := sqlite.Do(ctx, db, insert(key))
				cancel()
				switch {
				case err == nil:
					acknowledged.Add(1)
					written.Store(key, true)
				case !errors.Is(err, context.DeadlineExceeded):
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	list := keys(t, db)
	require.Len(t, list, int(acknowledged.Load()), "written is what was acknowledged, and nothing else")
	for _, key := range list {
		_, ok := written.Load(key)
		require.True(t, ok, key)
	}
}

// Close lets those finish who have begun.
func TestCloseWaitsForWriters(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		db := open(t, dir)
		begun, proceed := make(chan bool), make(chan bool)
		var wg sync.WaitGroup
		wg.Go(func() {
			err := sqlite.Do(t.Context(), db, func(tx *sqlite.Tx) error {
				close(begun)
				<-proceed
				return insert("begun")(tx)
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-begun
		wg.Go(func() {
			if err := sqlite.Do(t.Context(), db, insert("queued")); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait()
		require.ErrorIs(t, sqlite.Do(t.Context(), db, insert("late")), sqlite.ErrClosed)
		close(proceed)
		wg.Wait()
		db = open(t, dir)
		require.Equal(t, []string{"begun", "queued"}, keys(t, db))
		require.NoError(t, db.Close())
	})
}
