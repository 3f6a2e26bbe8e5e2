package clientagent

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Marks of an update of the servicing stack: the package that brings it, and the title when the package is not told.
const (
	servicingPackage = "Package_for_ServicingStack"
	servicingTitle   = "Servicing Stack Update"
)

const impactExclusive = "RequiresExclusiveHandling"

// candidate looks up what decides when an update may install. One whose details are not here is taken for a plain one: its installation
// will tell what is wrong.
func (a *Agent) candidate(ctx context.Context, t *turn, w *workshop, id uuid.UUID) candidate {
	c := candidate{id: id, runTime: t.policy.maxRunTime(id)}
	if r := w.latest()[id]; r != nil {
		if d, found, err := a.detail(ctx, r.identity()); err == nil && found {
			extended, err := metadata.ParseExtended(d.Extended)
			c.note(r.core, extended, err, d.title())
		}
	}
	parts, err := a.parts(ctx, w, id)
	if err != nil {
		return c
	}
	for _, p := range parts {
		c.note(p.core, p.extended, nil, p.detail.title())
	}
	return c
}

// note takes in what one revision says; a bundle is what its parts are.
func (c *candidate) note(core *metadata.Core, extended *metadata.Extended, unread error, title string) {
	if unread == nil && extended.Installation != nil && extended.Installation.Impact == impactExclusive {
		c.exclusive = true
	}
	c.servicing = c.servicing || isServicing(core, title)
}

// isServicing says that a revision renews the servicing stack.
func isServicing(core *metadata.Core, title string) bool {
	if strings.Contains(title, servicingTitle) {
		return true
	}
	pack, err := core.Rules.CBSPackage()
	return err == nil && pack != nil && strings.HasPrefix(pack.Identity.Name, servicingPackage)
}

// servicingFirst puts the parts of a bundle that renew the servicing stack before the others, which may need the new one.
func servicingFirst(parts []part) {
	rank := func(p part) int {
		if isServicing(p.core, p.detail.title()) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(parts, func(a, b part) int { return rank(a) - rank(b) })
}
