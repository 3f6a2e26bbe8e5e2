package storagetest

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus"
)

// reporters is how many goroutines per processor write at once: the store may write them in one group.
const reporters = 16

// BenchmarkCompliance measures reports of 100 rows each, from one computer after the other and from many at once, and a read of
// all rows. It reports rows per second.
func BenchmarkCompliance(b *testing.B, open Open[compliance.Store]) {
	const rows = 100
	changes := func(computer int) compliance.Changes {
		id := fmt.Sprintf("%06d", computer)
		c := compliance.Changes{Computer: compliance.Computer{ID: id}, Rows: make([]compliance.Row, rows)}
		for i := range c.Rows {
			c.Rows[i] = row(id, i, compliance.Required)
		}
		return c
	}
	b.Run("Apply", func(b *testing.B) {
		store := openBench(b, open)
		for i := 0; b.Loop(); i++ {
			require.NoError(b, store.Apply(b.Context(), changes(i)))
		}
		perSecond(b, rows)
	})
	b.Run("ApplyAtOnce", func(b *testing.B) {
		store := openBench(b, open)
		var computer atomic.Int64
		b.SetParallelism(reporters)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := store.Apply(b.Context(), changes(int(computer.Add(1)))); err != nil {
					b.Error(err)
				}
			}
		})
		perSecond(b, rows)
	})
	b.Run("States", func(b *testing.B) {
		store := openBench(b, open)
		const computers = 100
		for i := range computers {
			require.NoError(b, store.Apply(b.Context(), changes(i)))
		}
		for b.Loop() {
			require.Len(b, collect(b, store.States(b.Context(), "")), computers*rows)
		}
		perSecond(b, computers*rows)
	})
}

// BenchmarkWSUS measures events in batches of 50, from one client after the other and from many at once.
func BenchmarkWSUS(b *testing.B, open Open[wsus.Store]) {
	const events = 50
	batch := func() []wsus.Event {
		list := make([]wsus.Event, events)
		for i := range list {
			list[i] = wsus.Event{ID: uuid.New(), ComputerID: "a", At: at, Received: at, MiscData: []string{"D=1"}}
		}
		return list
	}
	b.Run("AppendEvents", func(b *testing.B) {
		store := openBench(b, open)
		for b.Loop() {
			_, err := store.AppendEvents(b.Context(), batch()...)
			require.NoError(b, err)
		}
		perSecond(b, events)
	})
	b.Run("AppendEventsAtOnce", func(b *testing.B) {
		store := openBench(b, open)
		b.SetParallelism(reporters)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := store.AppendEvents(b.Context(), batch()...); err != nil {
					b.Error(err)
				}
			}
		})
		perSecond(b, events)
	})
}

// BenchmarkRecords measures small records, written one after the other, from many at once, and read.
func BenchmarkRecords[R Record](b *testing.B, open Open[RecordStore[R]]) {
	value := make([]byte, 500)
	b.Run("Put", func(b *testing.B) {
		store := openBench(b, open)
		for i := 0; b.Loop(); i++ {
			require.NoError(b, store.Put(b.Context(), map[string][]byte{fmt.Sprint(i % 1000): value}))
		}
		perSecond(b, 1)
	})
	b.Run("PutAtOnce", func(b *testing.B) {
		store := openBench(b, open)
		var key atomic.Int64
		b.SetParallelism(reporters)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if err := store.Put(b.Context(), map[string][]byte{fmt.Sprint(key.Add(1) % 1000): value}); err != nil {
					b.Error(err)
				}
			}
		})
		perSecond(b, 1)
	})
	b.Run("Get", func(b *testing.B) {
		store := openBench(b, open)
		require.NoError(b, store.Put(b.Context(), map[string][]byte{"a": value}))
		for b.Loop() {
			_, err := store.Get(b.Context(), "a")
			require.NoError(b, err)
		}
		perSecond(b, 1)
	})
}

func openBench[S any](b *testing.B, open Open[S]) S {
	b.Helper()
	store, closeStore := open(b, b.TempDir())
	b.Cleanup(func() { require.NoError(b, closeStore()) })
	return store
}

func perSecond(b *testing.B, rows int) {
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
