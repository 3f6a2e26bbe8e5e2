package content

import "github.com/seed599db172/softwareupdates/internal/durable"

// DirOn is Dir on any file system.
func DirOn(fsys durable.FS) (*DirStore, error) {
	return openDir(fsys, func() error { return nil })
}
