package clientagent

import "fmt"

// Choice is a setting of three values. The zero value, NotConfigured, is the product's default of the setting, whatever that is.
type Choice uint8

// The values of a Choice.
const (
	NotConfigured Choice = iota
	Yes
	No
)

// String is the word of the console.
func (c Choice) String() string {
	switch c {
	case NotConfigured:
		return "Not Configured"
	case Yes:
		return "Yes"
	case No:
		return "No"
	}
	return fmt.Sprintf("Choice(%d)", uint8(c))
}

// or is the choice, or preset when nothing is configured or the number means nothing.
func (c Choice) or(preset Choice) Choice {
	if c == NotConfigured || c > No {
		return preset
	}
	return c
}

// ThreadPriority is the thread priority of feature updates.
type ThreadPriority uint8

// The values of ThreadPriority.
const (
	PriorityNotConfigured ThreadPriority = iota
	PriorityNormal
	PriorityLow
)

// String is the word of the console.
func (p ThreadPriority) String() string {
	switch p {
	case PriorityNotConfigured:
		return "Not Configured"
	case PriorityNormal:
		return "Normal"
	case PriorityLow:
		return "Low"
	}
	return fmt.Sprintf("ThreadPriority(%d)", uint8(p))
}

// MeteredUse says how far a client may use a metered internet connection.
type MeteredUse uint8

// The values of MeteredUse. The zero value is Block, the product's default.
const (
	// MeteredBlock keeps the client silent, but for what a user asks for.
	MeteredBlock MeteredUse = iota
	// MeteredLimit lets policy, state messages and the required content of deadlines through.
	MeteredLimit
	// MeteredAllow makes no difference between connections.
	MeteredAllow
)

// String is the word of the console.
func (m MeteredUse) String() string {
	switch m {
	case MeteredBlock:
		return "Block"
	case MeteredLimit:
		return "Limit"
	case MeteredAllow:
		return "Allow"
	}
	return fmt.Sprintf("MeteredUse(%d)", uint8(m))
}

// InstallPermission says who may start an installation in Software Center.
type InstallPermission uint8

// The values of InstallPermission.
const (
	AllUsers InstallPermission = iota
	OnlyAdministrators
	OnlyAdministratorsAndPrimaryUsers
	NoUsers
)

// String is the text of the console.
func (p InstallPermission) String() string {
	switch p {
	case AllUsers:
		return "All Users"
	case OnlyAdministrators:
		return "Only Administrators"
	case OnlyAdministratorsAndPrimaryUsers:
		return "Only Administrators and primary users"
	case NoUsers:
		return "No Users"
	}
	return fmt.Sprintf("InstallPermission(%d)", uint8(p))
}
