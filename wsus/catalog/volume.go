package catalog

import "io"

// Volume is the flat folder in which a catalogue keeps its segments and generations. Names are plain file names. A write
// counts only after Sync of the file and, for new and renamed files, SyncDir. A volume has one catalogue at a time; keeping
// other processes out is up to whoever makes the volume.
type Volume interface {
	// Open opens an existing file for reading; fs.ErrNotExist when absent.
	Open(name string) (Reader, error)
	// Append opens a file for appending and creates it when absent.
	Append(name string) (Appender, error)
	// Rename replaces newName atomically.
	Rename(oldName, newName string) error
	// Remove deletes a file; absent is no error.
	Remove(name string) error
	// SyncDir makes creations, renames and removals durable.
	SyncDir() error
}

// Reader reads at any offset; safe for concurrent use. It sees what is appended after it was opened.
type Reader interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Appender writes at the end of a file.
type Appender interface {
	io.Writer
	io.Closer
	Size() int64
	Sync() error
	// Truncate cuts off what a crash left behind a known good end.
	Truncate(size int64) error
}
