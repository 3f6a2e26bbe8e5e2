package clientagent_test

import (
	"context"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// simStore is the disk of a simulated machine as far as the agent's records go. What Put has acknowledged stays; the process can be killed at any
// write, before it or behind it with the acknowledgement lost, and then writes and reads nothing more. It hands values out uncopied, for speed.
type simStore struct {
	keys   []string // in order
	values map[string][]byte
	// kill is how many writes are left to the process; negative: as many as it wants. behind lets the last one through.
	kill   int
	behind bool
	dead   bool
	full   bool
	trace  *simTrace
	// watch sees each record as it was and as it will be.
	watch    func(key string, was, is []byte)
	happened func(format string, args ...any)
	// disk nil acknowledges what it holds in memory; batch is what was being written when the power went.
	disk  *simDisk
	batch map[string][]byte
}

func newSimStore(trace *simTrace) *simStore {
	return &simStore{values: map[string][]byte{}, kill: -1, trace: trace}
}

func (s *simStore) Get(_ context.Context, key string) ([]byte, error) {
	if s.dead {
		return nil, errDead
	}
	value, found := s.values[key]
	if !found {
		return nil, clientagent.ErrNotFound
	}
	return value, nil
}

func (s *simStore) Put(ctx context.Context, records map[string][]byte) error {
	switch {
	case s.dead:
		return errDead
	case s.full:
		s.happened("fault: disk of the records is full")
		return syscall.ENOSPC
	case s.kill == 0:
		s.dead = true
		if s.behind && s.disk == nil {
			s.write(records)
		}
		return errDead
	}
	s.kill = max(s.kill-1, -1)
	if s.disk != nil && !s.disk.put(ctx, records) {
		s.dead, s.batch = true, records
		return errDead
	}
	s.write(records)
	return nil
}

func (s *simStore) write(records map[string][]byte) {
	for _, key := range slices.Sorted(maps.Keys(records)) {
		value := records[key]
		if key != "identity" && key != "session" { // a secret and a cookie, the same in no two runs
			s.trace.count("%s %s", key, value)
		}
		s.watch(key, s.values[key], value)
		at, found := slices.BinarySearch(s.keys, key)
		switch {
		case value == nil && found:
			s.keys = slices.Delete(s.keys, at, at+1)
			delete(s.values, key)
		case value != nil && !found:
			s.keys = slices.Insert(s.keys, at, key)
			s.values[key] = value
		case value != nil:
			s.values[key] = value
		}
	}
}

func (s *simStore) List(_ context.Context, prefix string) iter.Seq2[clientagent.Record, error] {
	return func(yield func(clientagent.Record, error) bool) {
		if s.dead {
			yield(clientagent.Record{}, errDead)
			return
		}
		at, _ := slices.BinarySearch(s.keys, prefix)
		var found []clientagent.Record
		for ; at < len(s.keys) && strings.HasPrefix(s.keys[at], prefix); at++ {
			found = append(found, clientagent.Record{Key: s.keys[at], Value: s.values[s.keys[at]]})
		}
		for _, record := range found {
			if !yield(record, nil) {
				return
			}
		}
	}
}

// revive is the start of the next process. A machine with a disk has lost its power; false when something is gone that was acknowledged.
func (s *simStore) revive(ctx context.Context, r *rand.Rand) bool {
	died := s.dead
	s.dead, s.kill = false, -1
	if s.disk == nil || !died {
		return true
	}
	found, err := s.disk.crash(ctx, r)
	if err != nil || !simSurvived(s.values, s.batch, found) {
		return false
	}
	s.batch, s.values, s.keys = nil, found, slices.Sorted(maps.Keys(found))
	return true
}
