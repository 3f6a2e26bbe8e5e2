package content

import (
	"errors"
	"fmt"
)

// ErrBusy says that somebody else is writing the partial file.
var ErrBusy = errors.New("the file is being downloaded already")

// MismatchError says that bytes are not the file that the metadata announces.
type MismatchError struct {
	Ref Ref
	// What differs: "size", "SHA-1" or "SHA-256".
	What string
	// Want is what the metadata says and Got what the bytes are. Got of a size may be a lower bound: reading stops early.
	Want, Got string
}

// Error names the file and what differs.
func (e *MismatchError) Error() string {
	return fmt.Sprintf("file %s (%q): %s is %s instead of %s", e.Ref.SHA1, e.Ref.Name, e.What, e.Got, e.Want)
}
