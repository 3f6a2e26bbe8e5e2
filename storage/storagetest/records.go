package storagetest

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Record is the shape of the records of updatepoint and clientagent.
type Record interface {
	~struct {
		Key   string
		Value []byte
	}
}

// RecordStore is the shape of updatepoint.Store and clientagent.Store.
type RecordStore[R Record] interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, records map[string][]byte) error
	List(ctx context.Context, prefix string) iter.Seq2[R, error]
}

// Records tests an updatepoint.Store or a clientagent.Store; notFound is the ErrNotFound of that package.
func Records[R Record](t *testing.T, open Open[RecordStore[R]], notFound error, f Features) {
	cases(t, open, f, map[string]func(*subject[RecordStore[R]]){
		"absent":      func(s *subject[RecordStore[R]]) { recordAbsent(s, notFound) },
		"replace":     recordReplace[R],
		"delete":      func(s *subject[RecordStore[R]]) { recordDelete(s, notFound) },
		"order":       recordOrder[R],
		"binary":      recordBinary[R],
		"own copies":  recordCopies[R],
		"cancelled":   func(s *subject[RecordStore[R]]) { recordCancelled(s, notFound) },
		"break off":   recordBreakOff[R],
		"many":        recordMany[R],
		"atomic":      recordAtomic[R],
		"concurrent":  recordConcurrent[R],
		"random walk": recordWalk[R],
	})
}

func put[R Record](s *subject[RecordStore[R]], pairs ...string) {
	s.Helper()
	records := map[string][]byte{}
	for i := 0; i < len(pairs); i += 2 {
		records[pairs[i]] = []byte(pairs[i+1])
	}
	require.NoError(s, s.store.Put(s.Context(), records))
}

// listed shows the records with a prefix as key=value.
func listed[R Record](s *subject[RecordStore[R]], prefix string) []string {
	s.Helper()
	texts := []string{}
	for _, r := range collect(s, s.store.List(s.Context(), prefix)) {
		record := struct {
			Key   string
			Value []byte
		}(r)
		texts = append(texts, record.Key+"="+string(record.Value))
	}
	return texts
}

func recordAbsent[R Record](s *subject[RecordStore[R]], notFound error) {
	_, err := s.store.Get(s.Context(), "nothing")
	require.ErrorIs(s, err, notFound)
	require.Empty(s, listed(s, ""))
	require.NoError(s, s.store.Put(s.Context(), nil))
	require.NoError(s, s.store.Put(s.Context(), map[string][]byte{"nothing": nil}), "deleting what is not there")
}

func recordReplace[R Record](s *subject[RecordStore[R]]) {
	put(s, "a", "1", "b", "2")
	put(s, "b", "3", "c", "4")
	s.reopen()
	require.Equal(s, []string{"a=1", "b=3", "c=4"}, listed(s, ""))
	value, err := s.store.Get(s.Context(), "b")
	require.NoError(s, err)
	require.Equal(s, "3", string(value))
}

func recordDelete[R Record](s *subject[RecordStore[R]], notFound error) {
	put(s, "a", "1", "b", "2")
	require.NoError(s, s.store.Put(s.Context(), map[string][]byte{"a": nil, "c": {}}))
	s.reopen()
	_, err := s.store.Get(s.Context(), "a")
	require.ErrorIs(s, err, notFound)
	value, err := s.store.Get(s.Context(), "c")
	require.NoError(s, err)
	require.NotNil(s, value, "an empty value is there")
	require.Empty(s, value)
	require.Equal(s, []string{"b=2", "c="}, listed(s, ""))
}

func recordOrder[R Record](s *subject[RecordStore[R]]) {
	put(s, "b/2", "", "b/10", "", "a", "", "b", "", "b/", "", "bb", "", "B/1", "", "ä", "", "b/\xff", "", "c%", "", "c_", "")
	require.Equal(s, []string{"b/=", "b/10=", "b/2=", "b/\xff="}, listed(s, "b/"))
	require.Equal(s, []string{"B/1=", "a=", "b=", "b/=", "b/10=", "b/2=", "b/\xff=", "bb=", "c%=", "c_=", "ä="}, listed(s, ""), "by bytes")
	require.Equal(s, []string{"b/\xff="}, listed(s, "b/\xff"))
	require.Equal(s, []string{"c%="}, listed(s, "c%"), "no patterns")
	require.Empty(s, listed(s, "d"))
}

func recordBinary[R Record](s *subject[RecordStore[R]]) {
	value := make([]byte, 1<<20)
	for i := range value {
		value[i] = byte(i * i)
	}
	require.NoError(s, s.store.Put(s.Context(), map[string][]byte{"": {0}, "big": value}))
	s.reopen()
	got, err := s.store.Get(s.Context(), "big")
	require.NoError(s, err)
	require.True(s, bytes.Equal(value, got))
	got, err = s.store.Get(s.Context(), "")
	require.NoError(s, err)
	require.Equal(s, []byte{0}, got)
}

func recordCopies[R Record](s *subject[RecordStore[R]]) {
	value := []byte("one")
	require.NoError(s, s.store.Put(s.Context(), map[string][]byte{"a": value}))
	value[0] = 'X'
	got, err := s.store.Get(s.Context(), "a")
	require.NoError(s, err)
	require.Equal(s, "one", string(got))
	got[0] = 'Y'
	require.Equal(s, []string{"a=one"}, listed(s, ""))
}

func recordCancelled[R Record](s *subject[RecordStore[R]], notFound error) {
	require.ErrorIs(s, s.store.Put(cancelled(), map[string][]byte{"a": {1}}), context.Canceled)
	_, err := s.store.Get(s.Context(), "a")
	require.ErrorIs(s, err, notFound)
	put(s, "a", "1")
	_, err = s.store.Get(cancelled(), "a")
	require.ErrorIs(s, err, context.Canceled)
	endsWith(s, context.Canceled, s.store.List(cancelled(), ""))
}

// A consumer may write while it reads, stop early, and start again, often.
func recordBreakOff[R Record](s *subject[RecordStore[R]]) {
	put(s, "a", "1", "b", "2", "c", "3")
	for i := range 50 {
		next, stop := iter.Pull2(s.store.List(s.Context(), ""))
		_, err, more := next()
		require.True(s, more)
		require.NoError(s, err)
		s.Cleanup(stop) // not yet
		for range s.store.List(s.Context(), "") {
			put(s, "a", fmt.Sprint(i))
			break
		}
	}
	require.Equal(s, []string{"a=49", "b=2", "c=3"}, listed(s, ""))
}

func recordMany[R Record](s *subject[RecordStore[R]]) {
	records, want := map[string][]byte{}, []string{}
	for i := range 5000 {
		key := fmt.Sprintf("key/%05d", i)
		records[key] = []byte(strings.Repeat("v", i%40))
		want = append(want, key+"="+strings.Repeat("v", i%40))
	}
	require.NoError(s, s.store.Put(s.Context(), records))
	s.reopen()
	require.Equal(s, want, listed(s, "key/"))
}

// Two records always change together; no reader may see them differ.
func recordAtomic[R Record](s *subject[RecordStore[R]]) {
	put(s, "pair/a", "0", "pair/b", "0")
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range 200 {
			value := []byte(fmt.Sprint(i))
			if err := s.store.Put(s.Context(), map[string][]byte{"pair/a": value, "pair/b": value}); err != nil {
				s.Error(err)
			}
		}
	})
	for range 200 {
		pair := listed(s, "pair/")
		require.Len(s, pair, 2)
		require.Equal(s, strings.TrimPrefix(pair[0], "pair/a"), strings.TrimPrefix(pair[1], "pair/b"))
	}
	wg.Wait()
}

func recordConcurrent[R Record](s *subject[RecordStore[R]]) {
	var wg sync.WaitGroup
	for writer := range 16 {
		wg.Go(func() {
			for i := range 25 {
				key := fmt.Sprintf("%02d/%02d", writer, i)
				if err := s.store.Put(s.Context(), map[string][]byte{key: []byte(key)}); err != nil {
					s.Error(err)
				}
				if value, err := s.store.Get(s.Context(), key); err != nil || string(value) != key {
					s.Errorf("%s: %q, %v", key, value, err)
				}
			}
		})
	}
	wg.Wait()
	s.reopen()
	require.Len(s, listed(s, ""), 16*25)
}

// Any sequence of writes gives what a map gives.
func recordWalk[R Record](s *subject[RecordStore[R]]) {
	random := rand.New(rand.NewPCG(1, 2))
	model := map[string]string{}
	for step := range 300 {
		records := map[string][]byte{}
		for range random.IntN(5) {
			key := fmt.Sprint(random.IntN(20))
			if random.IntN(3) == 0 {
				records[key] = nil
				delete(model, key)
			} else {
				records[key] = []byte(fmt.Sprint(step))
				model[key] = fmt.Sprint(step)
			}
		}
		require.NoError(s, s.store.Put(s.Context(), records))
		if step%100 == 50 {
			s.reopen()
		}
		if step%10 == 0 {
			want := []string{}
			for _, key := range slices.Sorted(maps.Keys(model)) {
				want = append(want, key+"="+model[key])
			}
			require.Equal(s, want, listed(s, ""))
		}
	}
}
