// Package durable writes files so that a crash of the machine leaves the old or the new one, never a piece.
//
// It is deliberately thin: an interface over one folder, the folder of the operating system, and the one operation that
// everybody gets wrong, replacing a file. Package durabletest has the folder that forgets what was not synced.
package durable

import (
	"io"
	"io/fs"
)

// FS is a folder with its subfolders. Names are slash-separated and relative ([fs.ValidPath]); nothing outside of the folder
// can be reached. Methods are safe for concurrent use.
//
// What a method has done survives a crash only after a sync: the bytes of a file after File.Sync, and names (creations,
// renames, removals, new folders) after SyncDir of the folder that holds them.
type FS interface {
	// OpenFile takes the flags of os.OpenFile. Absent without os.O_CREATE is fs.ErrNotExist; there with os.O_EXCL is fs.ErrExist.
	OpenFile(name string, flag int, perm fs.FileMode) (File, error)
	// Mkdir makes one folder; fs.ErrExist when the name is taken.
	Mkdir(name string, perm fs.FileMode) error
	// Rename replaces newName atomically.
	Rename(oldName, newName string) error
	// Remove deletes a file; fs.ErrNotExist when absent.
	Remove(name string) error
	// ReadDir lists a folder, ordered by name.
	ReadDir(name string) ([]fs.DirEntry, error)
	// SyncDir makes the names in a folder durable; "." is the folder itself.
	SyncDir(name string) error
}

// File is an open file of an FS.
type File interface {
	io.Reader
	io.ReaderAt
	io.Seeker
	io.Writer
	io.WriterAt
	io.Closer
	Stat() (fs.FileInfo, error)
	Sync() error
	Truncate(size int64) error
}
