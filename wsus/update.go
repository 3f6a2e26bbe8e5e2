package wsus

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Update is an update as an administrator sees it: the revision in force of something that can be deployed.
type Update struct {
	ID       uuid.UUID
	Revision int32
	// Type is metadata.Software or metadata.Driver; what Update is asked for by id may also be a category or a detectoid.
	Type           metadata.UpdateType
	Title          string
	KBArticleID    string // digits only; empty when none
	MsrcSeverity   string // Critical, Important, Moderate, Low; empty when none
	Classification uuid.UUID
	// ClassificationTitle is the classification's name as the catalogue has it.
	ClassificationTitle string
	CreationDate        time.Time
	// Products are the categories of type Product to one of which the computer must belong; UpdateCategories has their titles.
	Products   []uuid.UUID
	Superseded bool
	// SupersededBy are the updates that replace it, Supersedes those that it replaces, here or not.
	SupersededBy, Supersedes []uuid.UUID
	Expired                  bool
	Declined                 bool
	// ApprovedStates say whether some group has an approval of it.
	ApprovedStates ApprovedStates
	Bundle         bool
	// Since is the catalogue version in which the update appeared.
	Since int64
}

// Query selects updates. The zero value selects all that can be deployed and are neither declined nor expired.
type Query struct {
	// Classification such as SecurityUpdates; the zero value means any.
	Classification uuid.UUID
	// Product is the id of a product category; the zero value means any.
	Product uuid.UUID
	// Type is metadata.Software or metadata.Driver; the zero value means both.
	Type metadata.UpdateType
	// ApprovedStates are the states of which an update must have one, together with |; 0 means any.
	ApprovedStates ApprovedStates
	// Text must occur in the title or the KB article id, without regard to case.
	Text string
	// SinceVersion selects updates that appeared in a later version of the catalogue than this one; see CatalogVersion.
	SinceVersion int64
	// CreatedFrom and CreatedTo, both included, are when the publisher made the revision; zero: no bound.
	CreatedFrom, CreatedTo time.Time
	// IncludeDeclined and IncludeExpired widen the answer.
	IncludeDeclined, IncludeExpired bool
}

// Updates yields the updates that a query selects, in the order in which the catalogue learnt of them. The sequence shows one
// moment: approvals and imports during the walk do not change it.
func (s *Server) Updates(ctx context.Context, q Query) iter.Seq2[Update, error] {
	v := s.view.Load()
	return func(yield func(Update, error) bool) {
		for r := range v.generation.All() {
			if err := ctx.Err(); err != nil {
				yield(Update{}, err)
				return
			}
			if !r.Deployable || !v.inForce(r) {
				continue
			}
			u := v.update(r)
			if q.selects(u, r) && !yield(u, nil) {
				return
			}
		}
	}
}

// Update returns the revision in force of one update; ErrNotFound when the catalogue has none.
func (s *Server) Update(_ context.Context, id uuid.UUID) (Update, error) {
	v := s.view.Load()
	r, ok := v.generation.Latest(id)
	if !ok {
		return Update{}, ErrNotFound
	}
	return v.update(r), nil
}

// Document returns all that the publisher says of the revision of an update that is in force: descriptions by language, articles, files,
// license agreement, behaviour, rules. It reads the document from the catalogue. It answers ErrNotFound for an unknown update.
func (s *Server) Document(_ context.Context, update uuid.UUID) (*metadata.Update, error) {
	u, err := s.view.Load().document(update)
	if err != nil {
		return nil, fmt.Errorf("document of %s: %w", update, err)
	}
	return u, nil
}

func (v *view) inForce(r *catalog.Revision) bool {
	latest, ok := v.generation.Latest(r.UpdateID)
	return ok && latest.ID == r.ID
}

func (v *view) update(r *catalog.Revision) Update {
	u := Update{
		ID: r.UpdateID, Revision: r.Identity.Revision, Title: r.Title, KBArticleID: r.KB, MsrcSeverity: r.Severity,
		CreationDate: r.CreationDate, Superseded: len(r.SupersededBy) > 0, Expired: r.Expired,
		Declined: v.declined[r.UpdateID], Bundle: len(r.Bundled) > 0, Since: r.Since,
		Type: r.Type, SupersededBy: slices.Clone(r.SupersededBy), Supersedes: slices.Clone(r.Superseded),
		ApprovedStates: v.approvedStates(r, approves), Products: updatesOf(slices.Collect(v.namedCategories(r, "Product"))),
	}
	if c := v.category(r, "UpdateClassification"); c != nil {
		u.Classification, u.ClassificationTitle = c.UpdateID, c.Title
	}
	return u
}

// category is the first category of a type that a revision names; nil when there is none.
func (v *view) category(r *catalog.Revision, categoryType string) *catalog.Revision {
	for c := range v.namedCategories(r, categoryType) {
		return c
	}
	return nil
}

// namedCategories yields the categories of a type among the prerequisites. Flagged or not: members of bundles name their product without
// IsCategory.
func (v *view) namedCategories(r *catalog.Revision, categoryType string) iter.Seq[*catalog.Revision] {
	return func(yield func(*catalog.Revision) bool) {
		for _, clause := range r.Prerequisites {
			for _, m := range clause.Members {
				c, ok := v.generation.Latest(m.UpdateID)
				if ok && c.Type == metadata.Category && c.CategoryType == categoryType && !yield(c) {
					return
				}
			}
		}
	}
}

func (q Query) selects(u Update, r *catalog.Revision) bool {
	switch {
	case u.Declined && !q.IncludeDeclined, u.Expired && !q.IncludeExpired:
		return false
	case q.Type != "" && u.Type != q.Type, q.ApprovedStates != 0 && u.ApprovedStates&q.ApprovedStates == 0, u.Since <= q.SinceVersion:
		return false
	case u.CreationDate.Before(q.CreatedFrom), !q.CreatedTo.IsZero() && u.CreationDate.After(q.CreatedTo):
		return false
	case q.Classification != uuid.Nil && u.Classification != q.Classification:
		return false
	case q.Product != uuid.Nil && !requires(r, q.Product):
		return false
	}
	text := strings.ToLower(q.Text)
	return strings.Contains(strings.ToLower(u.Title), text) || strings.Contains(u.KBArticleID, text)
}

func requires(r *catalog.Revision, id uuid.UUID) bool {
	for _, clause := range r.Prerequisites {
		for _, m := range clause.Members {
			if m.UpdateID == id {
				return true
			}
		}
	}
	return false
}
