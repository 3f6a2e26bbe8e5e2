//go:build unix

package durable

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes a lock that belongs to the open file: closing it, also by a kill, gives it back.
func tryLock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrLocked
		default:
			return err
		}
	}
}
