package clientagent_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/internal/durable/durabletest"
)

func TestDirRefusesASecondOwner(t *testing.T) {
	dir := t.TempDir()
	first, err := clientagent.Dir(dir)
	require.NoError(t, err)
	_, err = clientagent.Dir(dir)
	require.ErrorIs(t, err, clientagent.ErrLocked)
	var closing sync.WaitGroup
	for range 4 { // more than once, at once: for the race detector
		closing.Go(func() {
			if err := first.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	closing.Wait()
	require.Error(t, first.Put(t.Context(), map[string][]byte{"a": {1}}))

	second, err := clientagent.Dir(dir)
	require.NoError(t, err)
	require.NoError(t, second.Close())
}

// A torn end was never acknowledged; a batch damaged in the middle was.
func TestJournalTellsATornEndFromDamage(t *testing.T) {
	frames := [][]byte{}
	for i := range 3 {
		key := fmt.Sprint(i)
		frames = append(frames, clientagent.AppendFrame(nil, []string{key}, map[string][]byte{key: bytes.Repeat([]byte{'x'}, 100)}))
	}
	whole := bytes.Join(frames, nil)
	two := len(frames[0]) + len(frames[1])
	for cut := two; cut < len(whole); cut++ {
		records, end, err := clientagent.ReadJournal(bytes.NewReader(whole[:cut]), int64(cut))
		require.NoError(t, err)
		require.Equal(t, 2, records)
		require.EqualValues(t, two, end)
		zeros := append(bytes.Clone(whole[:cut]), make([]byte, 300)...)
		_, end, err = clientagent.ReadJournal(bytes.NewReader(zeros), int64(len(zeros)))
		require.NoError(t, err)
		require.EqualValues(t, two, end)
	}
	for at := range two {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x10
		_, _, err := clientagent.ReadJournal(bytes.NewReader(damaged), int64(len(damaged)))
		require.ErrorIs(t, err, clientagent.ErrDamaged, "byte %d", at)
	}
}

// A file of somebody else, or of a later version, is not taken for a torn batch and emptied.
func TestDirLeavesAForeignFileAsItIs(t *testing.T) {
	for _, text := range []string{`{"a":1}`, strings.Repeat("text\n", 1000), "\x89SUB\r\n\x1a\n" + strings.Repeat("x", 500)} {
		dir := t.TempDir()
		path := filepath.Join(dir, "records.journal")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := clientagent.Dir(dir)
		require.ErrorIs(t, err, clientagent.ErrDamaged)
		left, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(left))
	}
}

func TestDirDropsATornEnd(t *testing.T) {
	dir := t.TempDir()
	store, err := clientagent.Dir(dir)
	require.NoError(t, err)
	require.NoError(t, store.Put(t.Context(), map[string][]byte{"a": []byte("1")}))
	require.NoError(t, store.Close())

	f, err := os.OpenFile(filepath.Join(dir, "records.journal"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	torn := clientagent.AppendFrame(nil, []string{"a"}, map[string][]byte{"a": []byte("2")})
	_, err = f.Write(torn[:len(torn)-1])
	require.NoError(t, errors.Join(err, f.Close()))

	store, err = clientagent.Dir(dir)
	require.NoError(t, err)
	defer store.Close() //nolint:errcheck // the test is over
	value, err := store.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, "1", string(value))
	require.NoError(t, store.Put(t.Context(), map[string][]byte{"a": []byte("3")}), "the store goes on behind the cut")
}

// Whatever the moment of a crash, what was acknowledged is there and a batch is there as a whole or not at all, through compactions.
func TestJournalSurvivesCrashes(t *testing.T) {
	acknowledged := 0
	for point := 1; ; point++ {
		disk := durabletest.New()
		disk.FailAt(point)
		model, next, done := fillUntilCrash(t, disk)
		if done {
			require.Greater(t, point, 50, "the walk has that many fail points")
			require.Positive(t, acknowledged, "no crash fell behind an acknowledgement")
			return
		}
		if len(model) > 0 {
			acknowledged++
		}
		for seed := range uint64(1) {
			restarted := disk.CrashTorn(rand.New(rand.NewPCG(seed, uint64(point))))
			store, err := clientagent.OpenJournal(restarted)
			require.NoError(t, err, "point %d", point)
			got := map[string]string{}
			for record, err := range store.List(t.Context(), "") {
				require.NoError(t, err)
				got[record.Key] = string(record.Value)
			}
			if !maps.Equal(got, model) {
				require.Equal(t, next, got, "point %d: neither the acknowledged state nor the one that was being written", point)
			}
		}
	}
}

// fillUntilCrash writes batches until one fails: model is what was acknowledged, next what the failed batch would have made of it.
func fillUntilCrash(t *testing.T, disk *durabletest.Disk) (model, next map[string]string, done bool) {
	model = map[string]string{}
	store, err := clientagent.OpenJournal(disk)
	if err != nil {
		return model, model, false
	}
	for step := range 14 {
		batch := map[string][]byte{"even": nil}
		for _, key := range []string{"a", "b"} {
			batch[key] = bytes.Repeat([]byte{byte('0' + step)}, 90_000) // a compaction after some
		}
		if step%2 == 0 {
			batch["even"] = []byte("yes")
		}
		next = maps.Clone(model)
		for key, value := range batch {
			if value == nil {
				delete(next, key)
			} else {
				next[key] = string(value)
			}
		}
		if err := store.Put(t.Context(), batch); err != nil {
			require.ErrorIs(t, err, durabletest.ErrCrash)
			return model, next, false
		}
		model = next
	}
	return model, model, true
}

func TestJournalIsCompacted(t *testing.T) {
	dir := t.TempDir()
	store, err := clientagent.Dir(dir)
	require.NoError(t, err)
	defer store.Close() //nolint:errcheck // the test is over
	for i := range 200 {
		require.NoError(t, store.Put(t.Context(), map[string][]byte{"a": bytes.Repeat([]byte{byte(i)}, 50_000)}))
	}
	info, err := os.Stat(filepath.Join(dir, "records.journal"))
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(2<<20), "200 batches of 50 kB")
	value, err := store.Get(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, bytes.Repeat([]byte{199}, 50_000), value)
}

func TestPutRefusesWhatAJournalCannotHold(t *testing.T) {
	store, err := clientagent.OpenJournal(durabletest.New())
	require.NoError(t, err)
	require.ErrorContains(t, store.Put(t.Context(), map[string][]byte{string(make([]byte, 1<<10+1)): {1}}), "longer than")
	require.Empty(t, slices.Collect(func(yield func(string) bool) {
		for record := range store.List(t.Context(), "") {
			yield(record.Key)
		}
	}))
}

func FuzzJournal(f *testing.F) {
	one := clientagent.AppendFrame(nil, []string{"a", "b"}, map[string][]byte{"a": []byte("value"), "b": nil})
	f.Add(one)
	f.Add(append(bytes.Clone(one), one[:20]...))
	f.Add(append(bytes.Clone(one[:30]), one...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		_, end, err := clientagent.ReadJournal(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			require.ErrorIs(t, err, clientagent.ErrDamaged)
			return
		}
		require.LessOrEqual(t, end, int64(len(text)))
		records, again, err := clientagent.ReadJournal(bytes.NewReader(text[:end]), end)
		require.NoError(t, err)
		require.Equal(t, end, again)
		require.GreaterOrEqual(t, records, 0)
	})
}
