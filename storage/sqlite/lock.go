package sqlite

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// lockName is the file in the data folder that the process holds a lock on. It has the owner's process id, for messages only.
const lockName = "lock"

func lockDir(dir string) (*os.File, error) {
	file, err := durable.LockFile(filepath.Join(dir, lockName))
	if errors.Is(err, durable.ErrLocked) {
		defer file.Close()
		return nil, &LockedError{Dir: dir, PID: readPID(file)}
	}
	if err != nil {
		return nil, err
	}
	if err := writePID(file); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func readPID(file *os.File) int {
	text := make([]byte, 32)
	n, _ := file.ReadAt(text, 0)
	pid, err := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	if err != nil {
		return 0 // being written at this moment
	}
	return pid
}

func writePID(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}
