package clientagent

import (
	"context"
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
	if strings.Contains(title, servicingTitle) {
		c.servicing = true
	}
	if pack, err := core.Rules.CBSPackage(); err == nil && pack != nil && strings.HasPrefix(pack.Identity.Name, servicingPackage) {
		c.servicing = true
	}
}
