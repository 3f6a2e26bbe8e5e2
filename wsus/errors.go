package wsus

import "errors"

// Sentinels that callers branch on.
var (
	// ErrNotFound answers a question about something that is not there.
	ErrNotFound = errors.New("not found")
	// ErrConflict answers a write that contradicts what is there.
	ErrConflict = errors.New("conflict")
	// ErrNotDeployable answers the approval of something that nobody installs on its own: a category, a detectoid, a member
	// of a bundle, an expired revision.
	ErrNotDeployable = errors.New("not deployable")
)
