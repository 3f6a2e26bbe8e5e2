package content

import (
	"io/fs"
	"time"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// openFile is an open file of a DirStore. Files at their place do not change, so that size and time are those of opening.
type openFile struct {
	durable.File
	info fs.FileInfo
}

func (f openFile) Size() int64        { return f.info.Size() }
func (f openFile) ModTime() time.Time { return f.info.ModTime() }
