package wsus

import (
	"cmp"
	"time"

	"github.com/google/uuid"
)

// approvalFor picks the approval that counts for a computer, by the table at Approval.
func (v *view) approvalFor(update uuid.UUID, r reach) (Approval, bool) {
	var best Approval
	found := false
	for _, a := range v.approvals[update] {
		if _, ok := r[a.Group]; ok && !a.Dead && (!found || r.compare(a, best) < 0) {
			best, found = a, true
		}
	}
	return best, found
}

// compare is negative when a counts before b.
func (r reach) compare(a, b Approval) int {
	return cmp.Or(
		cmp.Compare(r[a.Group], r[b.Group]),
		cmp.Compare(rank(a.Action), rank(b.Action)),
		compareDeadlines(a.Deadline, b.Deadline),
		cmp.Compare(a.Action, b.Action),
		cmp.Compare(a.DeploymentID, b.DeploymentID),
	)
}

// rank orders actions: what agents do by themselves, what they offer, what they only look at, what they are kept from.
func rank(a Action) int {
	switch a {
	case Install, Uninstall:
		return 0
	case OptionalInstall:
		return 1
	case Scan:
		return 2
	}
	return 3
}

func compareDeadlines(a, b time.Time) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Compare(b)
}

// acts says that agents do it by themselves.
func acts(a Action) bool { return a == Install || a == Uninstall }

// offers says that the update is installed or offered, for which its license must be accepted.
func offers(a Action) bool { return a == Install || a == OptionalInstall }

// approves says that the update is installed, offered or removed.
func approves(a Action) bool { return acts(a) || offers(a) }

// sequenceFor is that of the newest approval of an update that reaches a computer, whether it is the one that counts or not, or dead:
// taking one back changes which one counts.
func (v *view) sequenceFor(update uuid.UUID, r reach) int64 {
	var newest int64
	for _, a := range v.approvals[update] {
		if _, ok := r[a.Group]; ok {
			newest = max(newest, a.Sequence)
		}
	}
	return newest
}
