package wsus

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Update is an update as an administrator sees it: the revision in force of something that can be deployed.
type Update struct {
	ID             uuid.UUID
	Revision       int32
	Title          string
	KBArticleID    string // digits only; empty when none
	MsrcSeverity   string // Critical, Important, Moderate, Low; empty when none
	Classification uuid.UUID
	// ClassificationTitle is the classification's name as the catalogue has it.
	ClassificationTitle string
	CreationDate        time.Time
	Superseded          bool
	Expired             bool
	Declined            bool
	Bundle              bool
	// Since is the catalogue version in which the update appeared.
	Since int64
}

// Query selects updates. The zero value selects all that can be deployed and are neither declined nor expired.
type Query struct {
	// Classification such as SecurityUpdates; the zero value means any.
	Classification uuid.UUID
	// Product is the id of a product category; the zero value means any.
	Product uuid.UUID
	// Text must occur in the title or the KB article id, without regard to case.
	Text string
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

func (v *view) inForce(r *catalog.Revision) bool {
	latest, ok := v.generation.Latest(r.UpdateID)
	return ok && latest.ID == r.ID
}

func (v *view) update(r *catalog.Revision) Update {
	u := Update{
		ID: r.UpdateID, Revision: r.Identity.Revision, Title: r.Title, KBArticleID: r.KB, MsrcSeverity: r.Severity,
		CreationDate: r.CreationDate, Superseded: len(r.SupersededBy) > 0, Expired: r.Expired,
		Declined: v.declined[r.UpdateID], Bundle: len(r.Bundled) > 0, Since: r.Since,
	}
	if c := v.category(r, "UpdateClassification"); c != nil {
		u.Classification, u.ClassificationTitle = c.UpdateID, c.Title
	}
	return u
}

// category finds the first category of a type among the prerequisites. Flagged or not: members of bundles name their product
// without IsCategory.
func (v *view) category(r *catalog.Revision, categoryType string) *catalog.Revision {
	for _, clause := range r.Prerequisites {
		for _, m := range clause.Members {
			if c, ok := v.generation.Latest(m.UpdateID); ok && c.Type == metadata.Category && c.CategoryType == categoryType {
				return c
			}
		}
	}
	return nil
}

func (q Query) selects(u Update, r *catalog.Revision) bool {
	switch {
	case u.Declined && !q.IncludeDeclined, u.Expired && !q.IncludeExpired:
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
