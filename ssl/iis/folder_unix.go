//go:build unix

package iis

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// lockFolder locks the folder itself, so that no file is left behind. Closing it, also by a kill, gives the lock back.
func lockFolder(path string) (io.Closer, error) {
	d, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(d.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return d, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			err = ErrBusy
		default:
			err = fmt.Errorf("lock %s: %w", path, err)
		}
		return nil, errors.Join(err, d.Close())
	}
}

// copyProtection gives a file the owner, the group and the mode of another. A process without the right to give files away keeps
// its own owner: the mode then gives nobody more than before.
func copyProtection(path, like string) error {
	info, err := os.Lstat(like)
	if err != nil {
		return err
	}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok {
		if err := os.Lchown(path, int(owner.Uid), int(owner.Gid)); err != nil && !errors.Is(err, fs.ErrPermission) {
			return err
		}
	}
	return os.Chmod(path, info.Mode().Perm())
}
