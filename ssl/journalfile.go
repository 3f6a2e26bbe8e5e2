package ssl

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// ErrJournalInUse says that another Apply or Rollback works with the same journal.
var ErrJournalInUse = errors.New("the journal is in use")

// journalFile is a journal on disk. One program works with it at a time.
type journalFile struct {
	fsys  durable.FS
	name  string
	close func()
}

// openJournal makes the folder when it is absent. A file system of the caller's stands for the folder, without a lock.
func openJournal(path string, fsys durable.FS) (*journalFile, error) {
	if path == "" {
		return nil, errors.New("a journal is needed: without one nothing could be resumed or rolled back")
	}
	name := filepath.Base(path)
	if fsys != nil {
		return &journalFile{fsys, name, func() {}}, nil
	}
	folder, err := durable.OpenFolder(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	lock, err := durable.LockFile(path + ".lock")
	if err != nil {
		if lock != nil {
			lock.Close()
		}
		folder.Close()
		if errors.Is(err, durable.ErrLocked) {
			return nil, fmt.Errorf("%w: %s: wait for the other program", ErrJournalInUse, path)
		}
		return nil, err
	}
	return &journalFile{folder, name, func() { lock.Close(); folder.Close() }}, nil
}

// load answers fs.ErrNotExist where nothing was ever applied.
func (f *journalFile) load() (Journal, error) {
	data, err := durable.ReadFile(f.fsys, f.name, maxJournal)
	switch {
	case errors.Is(err, durable.ErrTooLarge):
		return Journal{}, fmt.Errorf("%w: %w", ErrJournal, err)
	case err != nil:
		return Journal{}, err
	}
	return ParseJournal(data)
}

// save returns when a crash can no longer take the journal away.
func (f *journalFile) save(j Journal) error {
	data, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := durable.WriteFile(f.fsys, f.name, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("write journal: %w", err)
	}
	return nil
}

// ReadJournal reads the journal at path. It answers fs.ErrNotExist where there is none and [ErrJournal] for what is no journal.
func ReadJournal(path string) (Journal, error) {
	file, err := os.Open(path)
	if err != nil {
		return Journal{}, fmt.Errorf("read journal: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxJournal+1))
	if err != nil {
		return Journal{}, fmt.Errorf("read journal: %w", err)
	}
	return ParseJournal(data)
}
