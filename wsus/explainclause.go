package wsus

import (
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// explainClause says which of the prerequisites is not satisfied, and how it stands with its alternatives.
func (e *explainer) explainClause(x *Explanation, r *catalog.Revision, entry *entry, clause int) {
	if e.satisfied(entry.prerequisites[clause]) {
		return
	}
	reason := Reason{Kind: PrerequisiteUnsatisfied, Clause: clause + 1}
	for _, m := range r.Prerequisites[clause].Members {
		a := Alternative{UpdateID: m.UpdateID}
		if p, other, ok := e.find(m.UpdateID); p != nil {
			a.Title = p.Title
			a.Stage, a.Kind = e.stageOf(p, other, ok)
		} else {
			a.Kind = NotSynchronized
		}
		reason.Alternatives = append(reason.Alternatives, a)
	}
	texts := reason.nameAlternatives()
	x.stop(Sent, reason, "Prerequisite %d of %d is not satisfied. One of these must be installed: %s.",
		clause+1, len(r.Prerequisites), texts)
}

// nameAlternatives takes the ids of the alternatives, and says how it stands with each.
func (r *Reason) nameAlternatives() string {
	texts := make([]string, len(r.Alternatives))
	for i, a := range r.Alternatives {
		r.IDs, texts[i] = append(r.IDs, a.UpdateID), a.String()
	}
	return strings.Join(texts, "; ")
}

func (e *explainer) satisfied(members []int32) bool {
	for _, i := range members {
		if e.installed.has(i) {
			return true
		}
	}
	return false
}

// stageOf tells whether a prerequisite is sent itself, and when not, what the first reason is.
func (e *explainer) stageOf(r *catalog.Revision, entry *entry, inScope bool) (Stage, ReasonKind) {
	switch {
	case !inScope && e.view.declined[r.UpdateID]:
		return NotSent, UpdateDeclined
	case !inScope && r.Expired:
		return NotSent, UpdateExpired
	case !inScope:
		return NotSent, NotNeeded
	}
	for _, members := range entry.prerequisites {
		if !e.satisfied(members) {
			return NotSent, PrerequisiteUnsatisfied
		}
	}
	return Sent, ""
}

// String says how it stands with the alternative.
func (a Alternative) String() string {
	name := a.UpdateID.String()
	if a.Title != "" {
		name = fmt.Sprintf("%q (%s)", a.Title, a.UpdateID)
	}
	switch a.Kind {
	case "":
		return name + ", which the computer gets and does not report as installed"
	case NotSynchronized:
		return name + ", which the server does not have"
	case UpdateDeclined:
		return name + ", which is declined"
	case UpdateExpired:
		return name + ", which has expired"
	case PrerequisiteUnsatisfied:
		return name + ", which waits for a prerequisite itself"
	case BundleIncomplete:
		return name + ", which is a bundle without a member for the computer"
	}
	return name + ", which the computer does not get"
}
