package applicability

import (
	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Explanation is a verdict with all that led to it, down to the values on the machine.
type Explanation struct {
	Update metadata.Identity
	Type   metadata.UpdateType
	// Title is empty until Titles fills it in: evaluation needs no titles and does not have them.
	Title   string
	Verdict Verdict
	// Prerequisites are the clauses of the update in the order of the document. All must hold.
	Prerequisites []ExplainedClause
	// Rules are those that the update has, in the order in which they are asked.
	Rules []ExplainedRule
	// Bundled are the clauses of a bundle, in the order of the document.
	Bundled []ExplainedClause
	// SupersededBy is the update that takes the place of this one on the machine; uuid.Nil when none does.
	SupersededBy uuid.UUID
	// Superseders are the updates that may take its place but cannot be judged, where the verdict is [Undecided] for want of them.
	Superseders []*Explanation
	// Repeated says that the update has been explained before in the same Explanation; here it has only its verdict.
	Repeated bool
	// TooDeep says that the update stands more than MaxExplained levels below the one that was asked for; it has only its verdict.
	TooDeep bool

	// title is what Titles was given; nil before.
	title func(uuid.UUID) string
}

// ExplainedRule is one applicability rule of an update.
type ExplainedRule struct {
	// Name is IsInstalled, IsSuperseded or IsInstallable.
	Name  string
	Trace *Trace
}

// ExplainedClause is a clause of prerequisites, or of members of a bundle: alternatives of which one is enough.
type ExplainedClause struct {
	// State is [Installed] for prerequisites that hold, [NotApplicable] for those that do not, and [Undecided]. For members of
	// bundles it is the state of the clause.
	State  State
	Reason string
	// Skipped clauses make no difference, because one before them does not hold.
	Skipped bool
	// Members are the alternatives that the scan knows, in the order of the document, and of a clause of prerequisites that
	// holds only the one that makes it hold. Others counts those left out.
	Members []*Explanation
	Others  int
	// Unknown are the alternatives that were never added to the scan.
	Unknown []metadata.Identity
}

// Titles puts in the title of each update that is mentioned, as title tells it; empty for one that has none. WriteText then names
// updates by their titles also where a Reason has their ids.
func (x *Explanation) Titles(title func(uuid.UUID) string) {
	x.Title, x.title = title(x.Update.UpdateID), title
	for _, above := range x.Superseders {
		above.Titles(title)
	}
	for _, clauses := range [][]ExplainedClause{x.Prerequisites, x.Bundled} {
		for _, c := range clauses {
			for _, member := range c.Members {
				member.Titles(title)
			}
		}
	}
}

// Missing lists the facts for want of which the update cannot be judged, those of its prerequisites and members too, each once.
func (x *Explanation) Missing() []string {
	var facts []string
	x.missing(&facts)
	return facts
}

func (x *Explanation) missing(facts *[]string) {
	if x.Verdict.Err == nil {
		return
	}
	for _, r := range x.Rules {
		r.Trace.missing(facts)
	}
	for _, above := range x.Superseders {
		above.missing(facts)
	}
	for _, clauses := range [][]ExplainedClause{x.Prerequisites, x.Bundled} {
		for _, c := range clauses {
			for _, member := range c.Members {
				member.missing(facts)
			}
		}
	}
}
