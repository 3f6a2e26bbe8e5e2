package catalog

import (
	"errors"
	"fmt"
)

// Errors that callers branch on.
var (
	// ErrConflict: the metadata contradicts what the catalogue has.
	ErrConflict = errors.New("contradicts the catalogue")
	// ErrInvalid: the update lacks what every update has.
	ErrInvalid = errors.New("not a usable update")
	// ErrReopen: an import failed while the new generation was being swapped in, so that only the disk knows which one is in
	// force. Readers go on with the old one; open the catalogue again before the next import.
	ErrReopen = errors.New("the catalogue must be opened again after a failed import")
)

// DamageError says that a file of the catalogue is not as it was written. The catalogue repairs nothing: restore the file.
type DamageError struct {
	File   string
	Offset int64
	Reason string
}

// Error names file and offset.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%s is damaged at offset %d: %s", e.File, e.Offset, e.Reason)
}
