package clientagent

import (
	"errors"
	"fmt"
)

// Errors that callers branch on.
var (
	// ErrNotFound answers for a record that a Store does not hold, for an update that no scan of this agent has seen, and for what there
	// was not yet: a policy, a scan.
	ErrNotFound = errors.New("not found")
	// ErrNotModified answers Site.Policy when the policy still has the given ETag.
	ErrNotModified = errors.New("policy not modified")
	// ErrNotAuthorized answers a client whose token the site does not accept. A known client id without its token gets it too.
	ErrNotAuthorized = errors.New("not authorized")
	// ErrNotReady answers while the site has no software update point: there is nothing to scan against yet.
	ErrNotReady = errors.New("site has no software update point")
	// ErrDisabled answers Scan and Install while the policy keeps the software updates components dormant.
	ErrDisabled = errors.New("software updates are disabled by policy")
	// ErrNotAvailable answers for an update whose deployments all have their available time ahead.
	ErrNotAvailable = errors.New("not available yet")
	// ErrRestartFirst answers for an update that installs alone while another one waits for a restart.
	ErrRestartFirst = errors.New("it installs alone: restart the machine first")
	// ErrDeadlineOver answers CancelDownload for a required update that installs without the user by now.
	ErrDeadlineOver = errors.New("its deadline is over: its download cannot be cancelled any more")
	// ErrNoBusinessHours answers Postpone when no non-business hours are ahead.
	ErrNoBusinessHours = errors.New("no non-business hours are ahead: set them first")
	// ErrNoLocation answers Scan when the policy names no WSUS server that holds the content version.
	ErrNoLocation = errors.New("policy names no WSUS server")
	// ErrGroupPolicyConflict is inside the error of a scan on a machine whose domain names another update server than the site does.
	ErrGroupPolicyConflict = errors.New("group policy settings were overwritten by a higher authority")
	// ErrLocked answers Dir when another process holds the folder.
	ErrLocked = errors.New("folder is in use by another process")
)

// InstallError is a failure with the product's code; state messages 402 and 301 carry the code.
type InstallError struct {
	// Code is an HRESULT as a signed 32-bit number, such as CodeExecutionTimeout or the code of the installer itself.
	Code   int32
	Reason string
}

// Error names the code in hexadecimal, with its meaning when it is one of the constants of this package.
func (e *InstallError) Error() string {
	text := fmt.Sprintf("install failed with 0x%08X", uint32(e.Code))
	if meaning := CodeMeaning(e.Code); meaning != "" {
		text += " (" + meaning + ")"
	}
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}
