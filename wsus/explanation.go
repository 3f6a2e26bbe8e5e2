package wsus

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Explanation says how far an update comes on its way to a computer, and why not farther.
type Explanation struct {
	ComputerID string    `json:"computer"`
	UpdateID   uuid.UUID `json:"update"`
	// Revision is the number of the one that the computer gets or would get, and Title its title; zero for an update that is not here.
	Revision int32  `json:"revision,omitempty"`
	Title    string `json:"title,omitempty"`
	// Stage is how far it comes.
	Stage Stage `json:"stage"`
	// Action is what the computer is told to do with it (MS-WUSP §2.2.2.2.4), empty when it is not sent.
	Action string `json:"action,omitempty"`
	// State is what the computer has reported.
	State UpdateInstallationState `json:"state"`
	// Groups are those that the computer is in.
	Groups []uuid.UUID `json:"groups"`
	// Reasons say what keeps it from going farther, the first obstacle first, and then what is good to know.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Stage is how far an update comes.
type Stage uint8

// The stages, one after the other.
const (
	// NotSent: the answers to SyncUpdates do not have it.
	NotSent Stage = iota
	// Sent: the computer gets it, evaluates it, and reports.
	Sent
	// Offered: it is to be installed or removed, by the agent or by the user.
	Offered
	// Installable: and nothing that the server knows of stands in the way.
	Installable
)

var stages = [...]string{"NotSent", "Sent", "Offered", "Installable"}

// String returns the name of the stage.
func (s Stage) String() string {
	if int(s) < len(stages) {
		return stages[s]
	}
	return fmt.Sprintf("Stage(%d)", uint8(s))
}

// MarshalText returns the name.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Reason is one of the reasons of an Explanation.
type Reason struct {
	Kind ReasonKind `json:"kind"`
	// Stops is the stage that is not reached because of it; NotSent for what stands in the way of nothing.
	Stops Stage `json:"stops,omitempty"`
	// IDs are the updates concerned: for Superseded those that replace it, for BundleMember the bundles, for NotNeeded what would need
	// it, for DriverNotBest the drivers that the computer gets.
	IDs []uuid.UUID `json:"ids,omitempty"`
	// Clause is which of the prerequisites, or for BundleIncomplete of the parts of the bundle, is meant, from 1, and Alternatives are its
	// members: one of them must be installed.
	Clause       int           `json:"clause,omitempty"`
	Alternatives []Alternative `json:"alternatives,omitempty"`
	// Approvals are those that exist, of which none counts here.
	Approvals []Approval `json:"-"`
	// Files are the names of those that are missing.
	Files []string `json:"files,omitempty"`
	// EulaID is the license agreement that nobody has accepted.
	EulaID uuid.UUID `json:"eula,omitzero"`
	// Deadline is when the agent acts by itself.
	Deadline time.Time `json:"deadline,omitzero"`
	// Text says it all for people.
	Text string `json:"text"`
}

// String is the kind and the text.
func (r Reason) String() string { return string(r.Kind) + ": " + r.Text }

// ReasonKind is what kind of reason it is.
type ReasonKind string

// The kinds of reasons.
const (
	// NotSynchronized: the update was never imported.
	NotSynchronized ReasonKind = "NotSynchronized"
	// ProductNotSelected: an import has left it out, because of the Subscription; the ids are its products and classifications.
	ProductNotSelected ReasonKind = "ProductNotSelected"
	// UpdateDeclined: an administrator has declined it.
	UpdateDeclined ReasonKind = "Declined"
	// UpdateExpired: its publisher has withdrawn it.
	UpdateExpired ReasonKind = "Expired"
	// NotNeeded: it is sent with what needs it only, a category, a detectoid or a member of a bundle, and this computer gets nothing of that.
	NotNeeded ReasonKind = "NotNeeded"
	// PrerequisiteUnsatisfied: none of the alternatives of a clause is installed, by what the computer said last.
	PrerequisiteUnsatisfied ReasonKind = "PrerequisiteUnsatisfied"
	// DriverPassDue: the computer has not asked for drivers since what it gets was decided, or since the server was started.
	DriverPassDue ReasonKind = "DriverPassDue"
	// NoMatchingDevice: no device of the last driver pass has one of the driver's hardware ids or, for removal, has it from the agent.
	NoMatchingDevice ReasonKind = "NoMatchingDevice"
	// DriverNotBest: a device has one of its hardware ids, and has or gets what fits as well or better, or may not have this one.
	DriverNotBest ReasonKind = "DriverNotBest"
	// ExtensionDriver: it adds to the driver of a device, and no driver pass brings such drivers.
	ExtensionDriver ReasonKind = "ExtensionDriver"
	// PrinterCatalog: users who add a printer are offered the driver, whatever a driver pass brings.
	PrinterCatalog ReasonKind = "PrinterCatalog"
	// NotDeployableAlone: nobody installs it on its own.
	NotDeployableAlone ReasonKind = "NotDeployable"
	// BundleMember: it comes with a bundle, and is installed with that.
	BundleMember ReasonKind = "BundleMember"
	// BundleIncomplete: of a clause of a bundle the computer gets no member, or of a bundle in it.
	BundleIncomplete ReasonKind = "BundleIncomplete"
	// NoApproval: no approval that offers it reaches any group of the computer. A driver is not even sent then.
	NoApproval ReasonKind = "NotApproved"
	// LicenseNotAccepted: it cannot be approved, or its approval cannot follow to the revision in force, before that.
	LicenseNotAccepted ReasonKind = "LicenseNotAccepted"
	// ContentMissing: files are not here.
	ContentMissing ReasonKind = "ContentMissing"
	// ApprovalStale: another revision is in force than the one that is approved and sent.
	ApprovalStale ReasonKind = "StaleApproval"
	// HasDeadline: the agent acts by itself from then on.
	HasDeadline ReasonKind = "Deadline"
	// Superseded: others replace it. Agents decide what that means; the server sends it all the same.
	Superseded ReasonKind = "Superseded"
	// NeverSynchronized: the computer has not asked for updates since it introduced itself, so that what is installed is not known.
	NeverSynchronized ReasonKind = "NeverSynchronized"
)

// Alternative is a member of a prerequisite or of a bundle.
type Alternative struct {
	UpdateID uuid.UUID `json:"update"`
	Title    string    `json:"title,omitempty"`
	// Stage is how far it comes itself: when it is Sent, the computer has evaluated it and does not say that it is installed; before, ask
	// Explain about it.
	Stage Stage `json:"stage"`
	// Kind is the first reason for it not being sent, empty when it is.
	Kind ReasonKind `json:"kind,omitempty"`
}

// stop adds an obstacle.
func (x *Explanation) stop(stage Stage, r Reason, format string, args ...any) {
	r.Stops, r.Text = stage, fmt.Sprintf(format, args...)
	x.Reasons = append(x.Reasons, r)
}

// note adds what stands in the way of nothing.
func (x *Explanation) note(r Reason, format string, args ...any) { x.stop(NotSent, r, format, args...) }

// settle derives the stage from the obstacles and puts those first, in the order of the stages that they stop.
func (x *Explanation) settle() {
	x.Stage = Installable
	for _, r := range x.Reasons {
		if r.Stops != NotSent {
			x.Stage = min(x.Stage, r.Stops-1)
		}
	}
	slices.SortStableFunc(x.Reasons, func(a, b Reason) int {
		return cmp.Compare(a.Stops-1, b.Stops-1) // one before the first stage is the last number of all
	})
}
