package clientagent_test

import (
	"context"
	"iter"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// timed is how long so many calls took. A benchmark has one for what it measures and one for its limit, and lets them take turns.
type timed struct {
	total time.Duration
	calls int
}

func (t *timed) run(calls int, all func()) {
	begin := time.Now()
	all()
	t.total += time.Since(begin)
	t.calls += calls
}

func (t *timed) each() float64 { return float64(t.total.Nanoseconds()) / float64(t.calls) }

func (t *timed) rate() float64 { return float64(t.calls) / t.total.Seconds() }

// onAllCores makes so many calls, as many at a time as there are cores.
func onAllCores(calls int, call func(i int) error) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range calls {
		group.Go(func() error { return call(i) })
	}
	return group.Wait()
}

// storeTape notes what an agent asks of its store, so that the same can be asked again with no agent in between: the limit of a step.
type storeTape struct {
	clientagent.Store
	calls         []storeCall
	read, written int // bytes of values
}

// storeCall is one of the three.
type storeCall struct {
	method string
	key    string // the prefix of List
	put    map[string][]byte
}

func (s *storeTape) Get(ctx context.Context, key string) ([]byte, error) {
	value, err := s.Store.Get(ctx, key)
	s.calls = append(s.calls, storeCall{method: "Get", key: key})
	s.read += len(value)
	return value, err
}

func (s *storeTape) Put(ctx context.Context, records map[string][]byte) error {
	s.calls = append(s.calls, storeCall{method: "Put", put: records})
	for _, value := range records {
		s.written += len(value)
	}
	return s.Store.Put(ctx, records)
}

func (s *storeTape) List(ctx context.Context, prefix string) iter.Seq2[clientagent.Record, error] {
	s.calls = append(s.calls, storeCall{method: "List", key: prefix})
	return func(yield func(clientagent.Record, error) bool) {
		for record, err := range s.Store.List(ctx, prefix) {
			s.read += len(record.Value)
			if !yield(record, err) {
				return
			}
		}
	}
}

// again asks a store the same and makes nothing of the answers, errors included: that a record is not there is an answer too.
func (s *storeTape) again(ctx context.Context, store clientagent.Store) {
	for _, call := range s.calls {
		switch call.method {
		case "Get":
			_, _ = store.Get(ctx, call.key)
		case "Put":
			_ = store.Put(ctx, call.put)
		case "List":
			for range store.List(ctx, call.key) {
			}
		}
	}
}

// tape is what a step of the agent asks of its store. The step before it is the first of a process, which asks for more; afterwards an agent
// without a tape has taken its first step too.
func (l *lab) tape(step func()) *storeTape {
	l.Helper()
	tape := &storeTape{Store: l.store}
	l.config.Store = tape
	l.start()
	step()
	*tape = storeTape{Store: l.store}
	step()
	l.config.Store = l.store
	l.start()
	step()
	return tape
}

// copied is a store with the same records, which can be written without the agent's taking notice.
func (l *lab) copied() *clientagent.MemoryStore {
	l.Helper()
	other, records := clientagent.Memory(), map[string][]byte{}
	for record, err := range l.store.List(l.Context(), "") {
		if err != nil {
			l.Fatal(err)
		}
		records[record.Key] = record.Value
	}
	if err := other.Put(l.Context(), records); err != nil {
		l.Fatal(err)
	}
	return other
}
