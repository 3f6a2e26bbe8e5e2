package clientagent

import (
	"context"
	"time"
)

// HardwareReporter is an optional ability of a Machine: without it the registration at a WSUS server leaves these texts empty.
type HardwareReporter interface {
	Hardware() Hardware
}

// Hardware is what a computer's registration tells of its maker (MS-WUSP §2.2.2.2.3). All of it is for display only.
type Hardware struct {
	Manufacturer    string    `json:"manufacturer"`
	Model           string    `json:"model"`
	BIOSName        string    `json:"biosName"`
	BIOSVersion     string    `json:"biosVersion"`
	BIOSReleaseDate time.Time `json:"biosReleaseDate"`
	// OSDescription is the product name of the operating system, such as Windows 11 Pro.
	OSDescription string `json:"osDescription"`
}

// Restarter is an optional ability of a Machine: without it a needed restart waits for the user.
type Restarter interface {
	// Restart returns when the machine is up again; on a real machine the process ends with the old session instead.
	Restart(ctx context.Context) error
}

// RestartWatcher is an optional ability of a Machine. With it the agent notices a restart that happened while it was running, and
// tells an interrupted installation that only waits for a restart from one that failed.
type RestartWatcher interface {
	// RestartPending says that an installation waits for a restart to be complete.
	RestartPending(ctx context.Context) (bool, error)
}

// UserWatcher is an optional ability of a Machine: without it nobody is logged on, and a restart that a deadline forces needs no countdown.
type UserWatcher interface {
	// UserLoggedOn says that there is somebody to show a countdown to.
	UserLoggedOn(ctx context.Context) (bool, error)
}
