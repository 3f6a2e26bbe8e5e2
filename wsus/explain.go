package wsus

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Explain says why a computer gets an update or does not. What is installed on the computer is what it said in its last software pass; an
// update that it holds already counts as sent. It answers ErrNotFound for a computer that is not known; an update that is not known is a
// reason.
func (s *Server) Explain(ctx context.Context, computerID string, update uuid.UUID) (Explanation, error) {
	c, err := s.Computer(ctx, computerID)
	if err != nil {
		return Explanation{}, fmt.Errorf("explain: %w", err)
	}
	v := s.view.Load()
	groups := s.groupsOf(v, c)
	e := explainer{view: v, scope: v.scope(groups), computer: c, drivers: s.clients.driversOf(c), regrouped: s.regroupedFor(v, c.ID)}
	e.installed = newBitset(len(e.scope.entries))
	e.scope.set(e.installed, nil, c.InstalledNonLeaf)
	x := Explanation{ComputerID: c.ID, UpdateID: update, Groups: slices.Clone(groups)}
	r, here := v.generation.Latest(update)
	if !here {
		if err := s.explainAbsence(ctx, v, &x); err != nil {
			return Explanation{}, fmt.Errorf("explain %s: %w", update, err)
		}
		x.settle()
		return x, nil
	}
	if err := e.explain(&x); err != nil {
		return Explanation{}, fmt.Errorf("explain %s: %w", update, err)
	}
	if err := s.explainContent(ctx, &x); err != nil {
		return Explanation{}, fmt.Errorf("explain: %w", err)
	}
	e.notes(&x, r)
	if x.State, err = s.InstallationState(ctx, c.ID, update); err != nil {
		return Explanation{}, fmt.Errorf("explain: %w", err)
	}
	x.settle()
	return x, nil
}

// explainContent looks for the files of what is to be installed.
func (s *Server) explainContent(ctx context.Context, x *Explanation) error {
	if x.Action != string(clientsync.Install) && x.Action != string(clientsync.OptionalInstall) {
		return nil
	}
	missing, err := s.MissingContent(ctx, x.UpdateID)
	if err == nil && len(missing) > 0 {
		x.stop(Installable, Reason{Kind: ContentMissing, Files: missing}, "These files are not here, so that nobody can download them: %s. "+
			"Import the update with its files.", strings.Join(missing, ", "))
	}
	return err
}

// explainer knows what one computer gets.
type explainer struct {
	view      *view
	scope     *scope
	computer  Computer
	installed bitset // entries
	drivers   driverNote
	regrouped int64
}

// explain finds what keeps an update that the catalogue has from being sent and from being offered.
func (e *explainer) explain(x *Explanation) error {
	r, entry, inScope := e.find(x.UpdateID)
	x.Revision, x.Title = r.Identity.Revision, r.Title
	if !inScope {
		return e.explainOutOfScope(x, r)
	}
	for i := range entry.prerequisites {
		e.explainClause(x, r, entry, i)
	}
	if r.Type == metadata.Driver {
		e.explainDriver(x, r, entry)
	}
	return e.explainAction(x, r, entry)
}

// find returns the revision of an update that the computer gets or would get. A bundle may bring another one than what is deployed.
func (e *explainer) find(update uuid.UUID) (*catalog.Revision, *entry, bool) {
	r, ok := e.view.deployedRevision(update, e.scope.reach)
	if !ok {
		return nil, nil, false
	}
	if i, ok := e.scope.entryOf(r.ID); ok {
		return r, &e.scope.entries[i], true
	}
	for i := range e.scope.entries {
		if entry := &e.scope.entries[i]; entry.revision.UpdateID == update {
			return entry.revision, entry, true
		}
	}
	return r, nil, false
}

// explainOutOfScope says why no computer of these groups gets a revision, whatever is installed and whichever devices it has.
func (e *explainer) explainOutOfScope(x *Explanation, r *catalog.Revision) error {
	declined := e.view.declined[r.UpdateID]
	if declined {
		x.stop(Sent, Reason{Kind: UpdateDeclined}, "The update is declined, which hides it from every computer. Approve it to bring it back.")
	}
	if r.Expired {
		x.stop(Sent, Reason{Kind: UpdateExpired}, "Its publisher has withdrawn revision %d, and no older one takes its place. "+
			"Import a newer one.", r.Identity.Revision)
	}
	if r.Type == metadata.Driver && r.Deployable && decidedAlone(r) {
		return e.explainApproval(x, r, Sent)
	}
	if !decidedAlone(r) || !r.Deployable {
		users := e.users(r)
		x.stop(Sent, Reason{Kind: NotNeeded, IDs: users}, "It is a %s, and the computer gets none of the %d updates that need it.", kindOf(r), len(users))
	}
	return nil
}

// users are the updates that name a revision as a prerequisite or bundle it, each once.
func (e *explainer) users(r *catalog.Revision) []uuid.UUID {
	return updatesOf(slices.Concat(e.view.generation.Dependents(r.UpdateID), e.bundles(r)))
}

func (e *explainer) bundles(r *catalog.Revision) (all []*catalog.Revision) {
	if !r.BundledIn {
		return nil
	}
	for b := range e.view.generation.All() {
		if slices.ContainsFunc(b.Bundled, func(c metadata.Clause) bool { return slices.Contains(c.Members, r.Identity) }) {
			all = append(all, b)
		}
	}
	return all
}

// updatesOf are the updates of revisions, each once.
func updatesOf(revisions []*catalog.Revision) (ids []uuid.UUID) {
	for _, r := range revisions {
		if !slices.Contains(ids, r.UpdateID) {
			ids = append(ids, r.UpdateID)
		}
	}
	return ids
}

func kindOf(r *catalog.Revision) string {
	switch {
	case r.BundledIn:
		return "member of a bundle"
	case r.Type == metadata.Category:
		return "category"
	case r.Type == metadata.Detectoid:
		return "detectoid"
	case r.Type == metadata.Driver:
		return "driver"
	}
	return "software update"
}
