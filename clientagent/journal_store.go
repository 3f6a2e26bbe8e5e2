package clientagent

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// journalStore is a Store in one file of a folder.
type journalStore struct {
	folder durable.FS

	mu      sync.RWMutex
	journal *journalFile
	end     int64 // of the last whole batch
	live    int64 // bytes of keys and values that are not replaced
	spared  int64 // end at which the last compaction failed
	index   map[string]span
	failed  error // set when the journal may no longer be written
}

const (
	journalName    = "records.journal"
	newJournalName = "records.journal.new"
)

// errClosed answers every call after Close.
var errClosed = errors.New("store is closed")

func openJournal(folder durable.FS) (*journalStore, error) {
	j := &journalStore{folder: folder, index: make(map[string]span)}
	if err := folder.Remove(newJournalName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := folder.OpenFile(journalName, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	j.journal = &journalFile{File: file}
	if err := j.replay(); err != nil {
		return nil, errors.Join(err, j.journal.Close())
	}
	return j, nil
}

// replay reads the journal and cuts off a torn end.
func (j *journalStore) replay() error {
	info, err := j.journal.Stat()
	if err != nil {
		return err
	}
	if j.end, err = readJournal(j.journal, info.Size(), j.apply); err != nil {
		return err
	}
	if err := j.journal.Truncate(j.end); err != nil {
		return err
	}
	return errors.Join(j.journal.Sync(), j.folder.SyncDir("."))
}

func (j *journalStore) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed == errClosed {
		return nil
	}
	j.failed = errClosed
	return j.journal.retire()
}

// Get implements Store.
func (j *journalStore) Get(ctx context.Context, key string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	if j.failed == errClosed {
		return nil, errClosed
	}
	at, ok := j.index[key]
	if !ok {
		return nil, ErrNotFound
	}
	value, err := j.journal.value(at)
	if err != nil {
		return nil, fmt.Errorf("read record %q: %w", key, err)
	}
	return value, nil
}

// Put implements Store. It writes all records as one batch and syncs it. A key has up to 1,024 bytes, a batch up to 256 MB and 1,048,576
// records.
func (j *journalStore) Put(ctx context.Context, records map[string][]byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	keys := slices.Sorted(maps.Keys(records))
	if err := checkBatch(keys, records); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	frame, spans := appendFrame(nil, keys, records)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return fmt.Errorf("write records: %w", j.failed)
	}
	if err := j.append(frame); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	for i, key := range keys {
		spans[i].offset += j.end
		j.apply(key, spans[i])
	}
	j.end += int64(len(frame))
	if j.wasteful() && j.compact() != nil {
		// The batch is safe; the next try comes when the journal has grown by half.
		j.spared = j.end
	}
	return nil
}

// append writes and syncs a frame. When that fails the journal is cut back, so that the next batch does not follow a torn one;
// when that fails too, nothing more is written: what is on disk is no longer known.
func (j *journalStore) append(frame []byte) error {
	_, err := j.journal.WriteAt(frame, j.end)
	if err == nil {
		err = j.journal.Sync()
	}
	if err == nil {
		return nil
	}
	if back := errors.Join(j.journal.Truncate(j.end), j.journal.Sync()); back != nil {
		j.failed = fmt.Errorf("journal could not be cut back after a failed write: %w", back)
	}
	return err
}

// List implements Store. It yields the records as they were when it began.
func (j *journalStore) List(ctx context.Context, prefix string) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
			return
		}
		file, keys, spans, err := j.snapshot(prefix)
		if err != nil {
			yield(Record{}, err)
			return
		}
		defer j.release(file)
		for i, key := range keys {
			value, err := file.value(spans[i])
			if !yield(Record{Key: key, Value: value}, err) || err != nil {
				return
			}
		}
	}
}

// snapshot finds where the records are now. Journals are only appended to, so they stay there as long as the file is open.
func (j *journalStore) snapshot(prefix string) (file *journalFile, keys []string, spans []span, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed == errClosed {
		return nil, nil, nil, errClosed
	}
	for key := range j.index {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		spans = append(spans, j.index[key])
	}
	j.journal.readers++
	return j.journal, keys, spans, nil
}

func (j *journalStore) release(file *journalFile) {
	j.mu.Lock()
	defer j.mu.Unlock()
	file.readers--
	_ = file.closeUnused() // it was read only; what was written is synced
}

// apply notes a record that is in the journal.
func (j *journalStore) apply(key string, at span) {
	if old, ok := j.index[key]; ok {
		j.live -= int64(len(key) + old.size)
	}
	if at.size < 0 {
		delete(j.index, key)
		return
	}
	j.index[key] = at
	j.live += int64(len(key) + at.size)
}

func checkBatch(keys []string, records map[string][]byte) error {
	if len(keys) > maxBatchRecords {
		return fmt.Errorf("%d records are more than %d", len(keys), maxBatchRecords)
	}
	const numbers = 2 * 10 // the longest two uvarints of a record
	size := numbers
	for _, key := range keys {
		if len(key) > maxKey {
			return fmt.Errorf("key of %d bytes is longer than %d", len(key), maxKey)
		}
		size += len(key) + len(records[key]) + numbers
	}
	if size > maxBatch {
		return fmt.Errorf("%d bytes are more than %d", size, maxBatch)
	}
	return nil
}
