package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
)

// Entry is what a store holds of one file.
type Entry struct {
	SHA1 SHA1
	// Size is what it takes now, in bytes: of a download in progress what has come so far.
	Size int64
	// Partial says that the file is not wholly there: a download that goes on, or that broke off and can be resumed.
	Partial bool
}

// Files lists what the folder holds, in no order: files at their place, and downloads in progress. A file that comes or goes meanwhile
// may be left out or not; one that was put while its download was broken off is listed twice. What was set aside as damaged is not
// listed. An error ends it.
func (d *DirStore) Files(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		top, err := d.fsys.ReadDir(".")
		if err != nil {
			yield(Entry{}, fmt.Errorf("list content folder: %w", err))
			return
		}
		for _, folder := range top {
			if !folder.IsDir() {
				continue
			}
			found, err := d.list(ctx, folder.Name())
			for _, e := range found {
				if !yield(e, nil) {
					return
				}
			}
			if err != nil {
				yield(Entry{}, fmt.Errorf("list content folder: %w", err))
				return
			}
		}
	}
}

// list reads one folder. Names that no file of the store can have there are somebody else's.
func (d *DirStore) list(ctx context.Context, folder string) (entries []Entry, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	names, err := d.fsys.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		sha1, err := ParseSHA1(name.Name())
		if err != nil || sha1.String() != name.Name() || folder != partialFolder && folder != folderOf(sha1) {
			continue
		}
		info, err := name.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // it went meanwhile
		}
		if err != nil {
			return entries, err
		}
		entries = append(entries, Entry{SHA1: sha1, Size: info.Size(), Partial: folder == partialFolder})
	}
	return entries, nil
}

// Files lists the files, ordered by digest. None is ever partial.
func (m *MemoryStore) Files(ctx context.Context) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(Entry{}, err)
			return
		}
		for _, e := range m.entries() {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (m *MemoryStore) entries() []Entry {
	m.mu.RLock()
	defer m.mu.RUnlock()
	entries := make([]Entry, 0, len(m.files))
	for sha1, f := range m.files {
		entries = append(entries, Entry{SHA1: sha1, Size: int64(len(f.data))})
	}
	slices.SortFunc(entries, func(a, b Entry) int { return slices.Compare(a.SHA1[:], b.SHA1[:]) })
	return entries
}
