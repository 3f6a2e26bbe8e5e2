package sqlite

import (
	"errors"
	"fmt"
)

// Sentinels that callers branch on.
var (
	// ErrLocked is what Open answers while another DB, of this process or another, has the folder; see LockedError.
	ErrLocked = errors.New("data folder is in use")
	// ErrNewerSchema is what Open answers for a folder that a newer version of the program has written.
	ErrNewerSchema = errors.New("data folder was written by a newer version: use that version or another folder")
	// ErrSchemaChanged is what Open answers when a migration that the folder has gone through is not the one of this program.
	ErrSchemaChanged = errors.New("data folder was written by a program with another schema history")
	// ErrNotDurable is what Open answers when the file system does not let the database be durable.
	ErrNotDurable = errors.New("database would not be durable on this file system: use a local disk")
	// ErrClosed is what every method answers after Close.
	ErrClosed = errors.New("database is closed")
)

// LockedError says who has the folder. errors.Is finds ErrLocked in it.
type LockedError struct {
	Dir string
	// PID of the process that has the folder; 0 when it is not known.
	PID int
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s by another process: stop it, or choose another folder than %s", ErrLocked, e.Dir)
	}
	return fmt.Sprintf("%s by process %d: stop it, or choose another folder than %s", ErrLocked, e.PID, e.Dir)
}

// Is makes a LockedError an ErrLocked.
func (e *LockedError) Is(target error) bool { return target == ErrLocked }
