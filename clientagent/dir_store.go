package clientagent

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/seed599db172/softwareupdates/internal/durable"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// DirStore is a Store in a folder: a journal of batches, each synced before Put returns, and the cache of update files. One process
// at a time can have it open. Values stay on disk; memory holds the keys.
type DirStore struct {
	*journalStore
	content *content.DirStore
	folder  *durable.Folder
	lock    *os.File
	closed  atomic.Bool
}

// Names in the folder of a DirStore.
const (
	lockName    = "lock"
	contentName = "content"
)

// Dir opens the folder at path, creating it when it is not there. A batch that a crash has torn is dropped: it was never
// acknowledged. ErrLocked tells that another process has the folder, ErrDamaged that acknowledged batches cannot be read.
func Dir(path string) (*DirStore, error) {
	d := &DirStore{}
	if err := d.open(path); err != nil {
		return nil, errors.Join(fmt.Errorf("open agent folder %s: %w", path, err), d.Close())
	}
	return d, nil
}

func (d *DirStore) open(path string) (err error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return err
	}
	d.lock, err = durable.LockFile(filepath.Join(path, lockName))
	if errors.Is(err, durable.ErrLocked) {
		return ErrLocked
	}
	if err != nil {
		return err
	}
	if d.folder, err = durable.OpenFolder(path); err != nil {
		return err
	}
	if d.content, err = content.Dir(filepath.Join(path, contentName)); err != nil {
		return err
	}
	d.journalStore, err = openJournal(d.folder)
	return err
}

// Content is the cache of update files in the same folder.
func (d *DirStore) Content() content.Store { return d.content }

// Close gives the folder free; calls after it fail. Closing twice does nothing, at the same time as well.
func (d *DirStore) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	var faults []error
	if d.journalStore != nil {
		faults = append(faults, d.close())
	}
	if d.content != nil {
		faults = append(faults, d.content.Close())
	}
	if d.folder != nil {
		faults = append(faults, d.folder.Close())
	}
	if d.lock != nil {
		faults = append(faults, d.lock.Close())
	}
	return errors.Join(faults...)
}
