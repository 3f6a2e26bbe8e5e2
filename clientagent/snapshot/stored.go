package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// Stored yields the machines of a folder: every file whose name ends with .json, at any depth, in the order of their paths, which are
// also their names. Each is read when it is opened. A damaged one then answers a [*SyntaxError], and a folder that cannot be read
// stands among the machines with its error.
func Stored(fsys fs.FS) iter.Seq[applicability.Machine] {
	return func(yield func(applicability.Machine) bool) {
		stop := errors.New("no more are wanted")
		_ = fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
			m := applicability.Machine{Name: name, Open: func(context.Context) (applicability.Facts, error) {
				if err != nil {
					return nil, fmt.Errorf("list machines: %w", err)
				}
				return loadFrom(fsys, name)
			}}
			wanted := err != nil || !entry.IsDir() && strings.EqualFold(path.Ext(name), ".json")
			if wanted && !yield(m) {
				return stop
			}
			return nil // an error has been yielded, and the walk goes on beside it
		})
	}
}

func loadFrom(fsys fs.FS, name string) (applicability.Facts, error) {
	info, err := fs.Stat(fsys, name)
	if err == nil && !info.Mode().IsRegular() { // opening a pipe would wait for somebody to write
		err = fmt.Errorf("%s is no regular file", name)
	}
	if err != nil {
		return nil, fmt.Errorf("load machine: %w", err)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("load machine: %w", err)
	}
	defer f.Close()
	m, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("load machine: %w", err)
	}
	return m, nil
}
