package wsus

import "fmt"

// UpdateInstallationState is how an update is doing on a computer, with the numbers of the product's administration API.
type UpdateInstallationState uint8

// The states of an update on a computer.
const (
	// Unknown: the computer has reported nothing since the update is here.
	Unknown UpdateInstallationState = iota
	// NotApplicable: the computer has reported, and does not need the update. A driver that no driver pass has brought is none of its
	// devices': it is not applicable too, approved or not.
	NotApplicable
	// NotInstalled: it is needed.
	NotInstalled
	// Downloaded: it is needed and its files are on the computer.
	Downloaded
	Installed
	// Failed: the last installation failed.
	Failed
	// InstalledPendingReboot: it is installed once the computer has restarted.
	InstalledPendingReboot
)

var installationStates = [...]string{"Unknown", "NotApplicable", "NotInstalled", "Downloaded", "Installed", "Failed", "InstalledPendingReboot"}

// String returns the product's name of the state.
func (s UpdateInstallationState) String() string {
	if int(s) < len(installationStates) {
		return installationStates[s]
	}
	return fmt.Sprintf("UpdateInstallationState(%d)", uint8(s))
}

// MarshalText returns the name.
func (s UpdateInstallationState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes a name that MarshalText returned.
func (s *UpdateInstallationState) UnmarshalText(text []byte) error {
	for state, name := range installationStates {
		if name == string(text) {
			*s = UpdateInstallationState(state)
			return nil
		}
	}
	return fmt.Errorf("%.40q is not an installation state: want Unknown, NotApplicable, NotInstalled, Downloaded, Installed, Failed or "+
		"InstalledPendingReboot", text)
}

// needed says that the computer still has to do something for the update.
func (s UpdateInstallationState) needed() bool {
	return s == NotInstalled || s == Downloaded || s == Failed || s == InstalledPendingReboot
}
