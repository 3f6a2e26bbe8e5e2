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
	// ErrNotRemovable answers the approval for removal of an update that does not say that it can be removed.
	ErrNotRemovable = errors.New("the update does not declare that it can be removed")
	// ErrBuiltIn answers the change of a target group that every server has.
	ErrBuiltIn = errors.New("the target group is built in")
	// ErrGroupTree answers a change after which target groups would lie in themselves, or too many in one another.
	ErrGroupTree = errors.New("no such tree of target groups")
	// ErrTargetingMode answers who puts computers into groups while computers name their groups themselves.
	ErrTargetingMode = errors.New("targeting is client-side: set Configuration.TargetingMode to ServerTargeting first")
)
