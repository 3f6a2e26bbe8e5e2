package clientagent

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

const (
	// smallJournal is not worth a compaction.
	smallJournal = 1 << 20
	// compactFrame is about how large the batches of a compacted journal are.
	compactFrame = 4 << 20
)

// wasteful says that three quarters of the journal are replaced records.
func (j *journalStore) wasteful() bool {
	return j.end > smallJournal && j.end > 4*j.live && j.end > j.spared+j.spared/2
}

// compact writes the live records to a new journal and puts it in the old one's place. Until the rename the old one counts.
func (j *journalStore) compact() error {
	next, err := j.folder.OpenFile(newJournalName, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	index, end, err := j.copyLive(next)
	if err == nil {
		err = next.Sync()
	}
	if err == nil {
		err = j.folder.Rename(newJournalName, journalName)
	}
	if err != nil {
		return errors.Join(err, next.Close())
	}
	// From here on the new file is the journal, whether or not the folder can be synced.
	old := j.journal
	j.journal, j.index, j.end, j.spared = &journalFile{File: next}, index, end, 0
	if err := j.folder.SyncDir("."); err != nil {
		j.failed = fmt.Errorf("journal was replaced but its folder could not be synced: %w", err)
	}
	return errors.Join(j.failed, old.retire())
}

func (j *journalStore) copyLive(to durable.File) (index map[string]span, end int64, err error) {
	index = make(map[string]span, len(j.index))
	batch, size := map[string][]byte{}, 0
	flush := func() error {
		keys := slices.Sorted(maps.Keys(batch))
		frame, spans := appendFrame(nil, keys, batch)
		if _, err := to.WriteAt(frame, end); err != nil {
			return err
		}
		for i, key := range keys {
			index[key] = span{offset: end + spans[i].offset, size: spans[i].size}
		}
		end += int64(len(frame))
		batch, size = map[string][]byte{}, 0
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(j.index)) {
		if batch[key], err = j.journal.value(j.index[key]); err != nil {
			return nil, 0, err
		}
		if size += len(key) + len(batch[key]); size >= compactFrame {
			if err := flush(); err != nil {
				return nil, 0, err
			}
		}
	}
	if err := flush(); err != nil {
		return nil, 0, err
	}
	return index, end, nil
}
