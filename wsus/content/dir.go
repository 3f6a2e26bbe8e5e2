package content

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// The folder of partial files, and what marks a file that Put was writing when the process ended.
const (
	partialFolder = "partial"
	putMark       = ".put-"
)

// DirStore keeps files in a folder: <XX>/<SHA1>, XX the last two hexadecimal digits, and downloads in progress in partial. It
// is a Store and a Resumer. What is at its place was verified and synced first, and is verified again when it is opened for the
// first time in a process or has another size or time than it had: what a disk has damaged is not served. A folder has one
// process at a time.
type DirStore struct {
	fsys  durable.FS
	close func() error
	puts  atomic.Int64

	mu       sync.Mutex
	folders  map[string]bool        // that are durable
	busy     map[SHA1]bool          // that have a Partial
	trusted  map[SHA1]stamp         // as they were when their digest held
	checking map[SHA1]chan struct{} // closed at the end of a check
}

// Dir opens a folder as a store, makes it when absent, and removes what writers left that ended in the middle; downloads that
// can be resumed are kept.
func Dir(path string) (*DirStore, error) {
	folder, err := durable.OpenFolder(path)
	if err != nil {
		return nil, fmt.Errorf("open content folder: %w", err)
	}
	return openDir(folder, folder.Close)
}

func openDir(fsys durable.FS, closeFolder func() error) (*DirStore, error) {
	d := &DirStore{fsys: fsys, close: closeFolder, folders: make(map[string]bool), busy: make(map[SHA1]bool),
		trusted: make(map[SHA1]stamp), checking: make(map[SHA1]chan struct{})}
	if err := d.recover(); err != nil {
		return nil, errors.Join(fmt.Errorf("open content folder: %w", err), closeFolder())
	}
	return d, nil
}

// Close ends the use of the folder; files that are open stay so. The store answers errors from then on.
func (d *DirStore) Close() error { return d.close() }

// recover also removes the partial file of a file that is at its place: after a crash both names may be of the same bytes, and
// writing to the one would change the other.
func (d *DirStore) recover() error {
	if err := d.ensureFolder(partialFolder); err != nil {
		return err
	}
	leftovers, err := d.fsys.ReadDir(partialFolder)
	if err != nil {
		return err
	}
	for _, l := range leftovers {
		stale := strings.Contains(l.Name(), putMark)
		if sha1, err := ParseSHA1(l.Name()); err == nil {
			if stale, err = d.has(sha1); err != nil {
				return err
			}
		}
		if stale {
			if err := d.fsys.Remove(partialFolder + "/" + l.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// Open implements Store. A file whose digest does not hold any more is set aside, once, and answers a [*DamagedError] that is
// fs.ErrNotExist: it can be put or downloaded anew. The first look at a large file takes as long as reading it.
func (d *DirStore) Open(ctx context.Context, sha1 SHA1) (File, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := d.fsys.OpenFile(placeOf(sha1), os.O_RDONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", sha1, err)
	}
	info, err := f.Stat()
	if err == nil {
		err = d.trust(ctx, sha1, openFile{f, info})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("file %s: %w", sha1, err), f.Close())
	}
	return openFile{f, info}, nil
}

// Put implements Store.
func (d *DirStore) Put(ctx context.Context, ref Ref, r io.Reader) error {
	there, err := d.settled(ctx, ref)
	if there || err != nil {
		return err
	}
	temp := fmt.Sprintf("%s/%s%s%d", partialFolder, ref.SHA1, putMark, d.puts.Add(1))
	f, err := d.fsys.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return fmt.Errorf("put file %s: %w", ref.SHA1, err)
	}
	err = copyVerified(ctx, ref, f, r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.place(temp, ref.SHA1)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("put file %s: %w", ref.SHA1, err), d.removeLeftover(temp))
	}
	return nil
}

// settled says whether the file of ref is there for good. One that another writer has just moved to its place is not yet
// durable by itself.
func (d *DirStore) settled(ctx context.Context, ref Ref) (bool, error) {
	f, err := d.Open(ctx, ref.SHA1)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if err := checkSize(ref, f.Size()); err != nil {
		return false, err
	}
	return true, d.fsys.SyncDir(folderOf(ref.SHA1))
}

// place moves a verified and synced file to where it is served from.
func (d *DirStore) place(temp string, sha1 SHA1) error {
	folder := folderOf(sha1)
	if err := d.ensureFolder(folder); err != nil {
		return err
	}
	if err := d.fsys.Rename(temp, placeOf(sha1)); err != nil {
		return err
	}
	return d.fsys.SyncDir(folder)
}

// ensureFolder returns once the folder is durable, whoever made it: another goroutine or a process that has ended.
func (d *DirStore) ensureFolder(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.folders[name] {
		return nil
	}
	if err := d.fsys.Mkdir(name, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := d.fsys.SyncDir("."); err != nil {
		return err
	}
	d.folders[name] = true
	return nil
}

func (d *DirStore) has(sha1 SHA1) (bool, error) {
	f, err := d.fsys.OpenFile(placeOf(sha1), os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, f.Close()
}

func (d *DirStore) removeLeftover(name string) error {
	if err := d.fsys.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func placeOf(sha1 SHA1) string { return folderOf(sha1) + "/" + sha1.String() }

func partialOf(sha1 SHA1) string { return partialFolder + "/" + sha1.String() }
