package iis

import (
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// PoolAttribute shows one row of the table of the attributes of application pools, in the words of the schema file.
type PoolAttribute struct {
	Path, Default, Type, Bounds string
	Names                       []string
}

// PoolAttributes returns the table.
func PoolAttributes() []PoolAttribute {
	types := map[valueKind]string{kindString: "string", kindBool: "bool", kindUint: "uint", kindEnum: "enum", kindFlags: "flags",
		kindTimeSpan: "timeSpan"}
	var out []PoolAttribute
	for _, a := range poolAttributes() {
		row := PoolAttribute{Path: a.path, Default: a.deflt, Type: types[a.kind], Names: a.names}
		switch a.kind {
		case kindUint:
			row.Bounds = fmt.Sprintf("%d,%d", a.min, a.max)
		case kindTimeSpan:
			row.Bounds = fmt.Sprintf("%d,%d,%d", a.min, a.max, a.step)
		}
		out = append(out, row)
	}
	return out
}

// OpenOn is Open of a file on any file system, without locks.
func OpenOn(fsys durable.FS, name string, o Options) (*File, error) {
	return open(testFolder{fsys}, path.Base(name), o)
}

type testFolder struct{ fsys durable.FS }

func (d testFolder) path() string { return "config" }

func (d testFolder) open() (durable.FS, func() error, error) {
	return d.fsys, func() error { return nil }, nil
}

func (d testFolder) lstat(name string) (fs.FileInfo, error) {
	f, err := d.fsys.OpenFile(name, 0, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Stat()
}

func (d testFolder) lock() (io.Closer, error)  { return io.NopCloser(nil), nil }
func (d testFolder) protect(_, _ string) error { return nil }

// LockFolder is the lock of a folder of the operating system.
func LockFolder(path string) (io.Closer, error) { return osFolder(path).lock() }
