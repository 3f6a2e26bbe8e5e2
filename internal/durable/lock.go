package durable

import (
	"errors"
	"fmt"
	"os"
)

// ErrLocked answers LockFile for a file that another open file has locked, in this process or another.
var ErrLocked = errors.New("file is locked")

// LockFile opens a file, created when absent, and holds a lock of the operating system on it until it is closed or the process ends,
// however that happens. The file is never removed: that would let a third process lock a new one while a second waits for the old. On
// ErrLocked the file is answered all the same, open for reading what its owner wrote, and the caller closes it.
func LockFile(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	switch err := tryLock(file); {
	case errors.Is(err, ErrLocked):
		return file, ErrLocked
	case err != nil:
		return nil, errors.Join(fmt.Errorf("lock %s: %w", name, err), file.Close())
	}
	return file, nil
}
