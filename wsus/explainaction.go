package wsus

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// explainAction says why an update that the computer may get is not offered, or when it will be acted upon.
func (e *explainer) explainAction(x *Explanation, r *catalog.Revision, entry *entry) error {
	x.Action = string(entry.deployment.Action)
	e.explainBundle(x, r)
	switch entry.deployment.Action {
	case clientsync.Install, clientsync.OptionalInstall, clientsync.Uninstall:
		if d := entry.deployment.Deadline; !d.IsZero() {
			x.note(Reason{Kind: HasDeadline, Deadline: d}, "Agents act by themselves from %s on.", d.Format("2006-01-02 15:04 MST"))
		}
		return e.explainStale(x, r)
	case clientsync.Bundle:
		bundles := updatesOf(e.bundles(r))
		x.stop(Offered, Reason{Kind: BundleMember, IDs: bundles}, "It is a member of bundles (%d), and is installed with one of them or not at all.",
			len(bundles))
		return nil
	}
	switch {
	case !r.Deployable || !decidedAlone(r):
		x.stop(Offered, Reason{Kind: NotDeployableAlone}, "It is a %s that nobody installs on its own.", kindOf(r))
	case e.view.declined[r.UpdateID]:
		x.stop(Offered, Reason{Kind: UpdateDeclined}, "The update is declined; it is sent because another one needs it. Approve it to bring it back.")
	case r.Expired:
		x.stop(Offered, Reason{Kind: UpdateExpired}, "Its publisher has withdrawn it; it is sent because another one needs it.")
	default:
		return e.explainApproval(x, r, Offered)
	}
	return nil
}

// explainApproval says which groups the computer is in, and where the update is approved instead. Without an approval software is sent and not
// offered, and a driver is not even sent.
func (e *explainer) explainApproval(x *Explanation, r *catalog.Revision, stops Stage) error {
	if err := e.explainLicense(x, r, stops); err != nil {
		return err
	}
	reason := Reason{Kind: NoApproval}
	where := "it is approved nowhere"
	var elsewhere []string
	for _, a := range e.view.approvals[r.UpdateID] {
		if !a.Dead {
			reason.Approvals = append(reason.Approvals, a)
			elsewhere = append(elsewhere, fmt.Sprintf("%v for %s", a.Action, e.view.nameOf(a.Group)))
		}
	}
	if len(elsewhere) > 0 {
		where = "what there is: " + strings.Join(elsewhere, ", ")
	}
	var names []string
	for _, g := range x.Groups {
		names = append(names, e.view.nameOf(g))
	}
	counts := "no approval reaches it there"
	if a, ok := e.view.approvalFor(r.UpdateID, e.scope.reach); ok {
		counts = fmt.Sprintf("%v of %s is what counts there", a.Action, e.view.nameOf(a.Group))
	}
	x.stop(stops, reason, "The computer is in %s, and %s; %s.", strings.Join(names, ", "), counts, where)
	return nil
}

// explainLicense names the license agreement of the revision in force when nobody has accepted it.
func (e *explainer) explainLicense(x *Explanation, r *catalog.Revision, stops Stage) error {
	u, err := documentOf(e.view.generation, r)
	if err != nil {
		return fmt.Errorf("license agreement: %w", err)
	}
	if !e.view.licensed(u) {
		x.stop(stops, Reason{Kind: LicenseNotAccepted, EulaID: u.EulaID},
			"Revision %d cannot be approved for installation before its license agreement is accepted.", u.Revision)
	}
	return nil
}

// explainStale says that the computer gets an older revision than the one in force.
func (e *explainer) explainStale(x *Explanation, r *catalog.Revision) error {
	latest, ok := e.view.generation.Latest(r.UpdateID)
	if !ok || latest.ID == r.ID {
		return nil
	}
	x.note(Reason{Kind: ApprovalStale}, "Revision %d is approved and sent; revision %d is in force and not approved.",
		r.Identity.Revision, latest.Identity.Revision)
	return e.explainLicense(x, latest, NotSent)
}

// notes add what stands in the way of nothing.
func (e *explainer) notes(x *Explanation, r *catalog.Revision) {
	if len(r.SupersededBy) > 0 {
		x.note(Reason{Kind: Superseded, IDs: slices.Clone(r.SupersededBy)}, "Newer updates replace it (%d). The server sends it all the same; "+
			"agents leave it out when a newer one applies to them.", len(r.SupersededBy))
	}
	if e.computer.LastSyncTime.IsZero() {
		x.note(Reason{Kind: NeverSynchronized}, "The computer has not asked for updates yet, so that nothing counts as installed on it.")
	}
}

// nameOf is the name of a group for people.
func (v *view) nameOf(group uuid.UUID) string {
	if g, ok := v.tree.byID[group]; ok {
		return fmt.Sprintf("%q", g.Name)
	}
	return group.String()
}
