package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Names of the two deployments; a site that is started again on its folder finds them there.
const (
	requiredDeployment = "Monthly updates"
	optionalDeployment = "Optional software"
	// notice is how long before the deadline the required deployment becomes known.
	notice = 4 * time.Second
)

// play is what the people of a site do: the operator synchronizes, sets rules and deploys, users install what is offered to them, a machine
// loses an update, and everybody watches until all is well.
func (h *house) play(ctx context.Context, fleet []*machine) error {
	defer h.progress.clear()
	if err := h.site.Synchronize(ctx); err != nil {
		return fmt.Errorf("synchronize: %w", err)
	}
	if len(fleet) == 0 {
		return nil
	}
	if err := h.waitForScans(ctx, len(fleet)); err != nil {
		return err
	}
	if err := h.makeRules(ctx, fleet); err != nil {
		return err
	}
	required, optional, err := h.deploy(ctx)
	if err != nil {
		return err
	}
	users, usersCtx := errgroup.WithContext(ctx)
	users.SetLimit(8)
	for _, m := range fleet {
		users.Go(func() error { return h.installByHand(usersCtx, m, optional) })
	}
	if err := users.Wait(); err != nil {
		return err
	}
	if err := h.followRules(ctx, fleet, required); err != nil {
		return err
	}
	if err := h.waitForDeployments(ctx, required.ID, optional.ID); err != nil {
		return err
	}
	if err := h.loseAndRepair(ctx, fleet[0], required); err != nil {
		return err
	}
	return h.waitForDeployments(ctx, required.ID, optional.ID)
}

// deploy gives everything that keeps machines safe to all of them with a deadline, and offers the rest.
func (h *house) deploy(ctx context.Context) (required, optional updatepoint.Deployment, err error) {
	existing, err := h.site.Deployments(ctx)
	if err != nil {
		return required, optional, err
	}
	updates, err := h.site.Updates(ctx)
	if err != nil {
		return required, optional, err
	}
	var must, may []uuid.UUID
	for _, u := range updates {
		missing, err := h.server.MissingContent(ctx, u.ID)
		if err != nil {
			return required, optional, err
		}
		switch {
		case u.Expired:
		case len(missing) > 0:
			h.progress.say("not deployed: %q, whose content is not here (%s)", short(u.Title), strings.Join(missing, ", "))
		case u.Classification == "Feature Packs" || u.Classification == "Tools":
			may = append(may, u.ID)
		default:
			must = append(must, u.ID)
		}
	}
	if required, err = h.ensureDeployment(ctx, existing, updatepoint.Deployment{
		Name: requiredDeployment, Updates: must, Collection: updatepoint.AllSystems, Deadline: time.Now().Add(notice),
		DeploymentOptions: clientagent.DeploymentOptions{SoftDeadlineEnabled: true}}); err != nil {
		return required, optional, err
	}
	optional, err = h.ensureDeployment(ctx, existing, updatepoint.Deployment{
		Name: optionalDeployment, Updates: may, Collection: updatepoint.AllSystems})
	return required, optional, err
}

func (h *house) ensureDeployment(ctx context.Context, existing []updatepoint.Deployment, d updatepoint.Deployment) (updatepoint.Deployment, error) {
	if i := slices.IndexFunc(existing, func(e updatepoint.Deployment) bool { return e.Name == d.Name }); i >= 0 {
		if sameUpdates(existing[i].Updates, d.Updates) {
			return existing[i], nil
		}
		d.ID = existing[i].ID // the catalogue has grown since
	}
	given, err := h.site.Deploy(ctx, d)
	if err != nil {
		return d, fmt.Errorf("deploy %q: %w", d.Name, oneLine(err))
	}
	d.ID = given.ID
	kind := "optional"
	if d.Required() {
		kind = "required, deadline in " + notice.String()
	}
	h.progress.say("deployment %q: %d updates to %s, %s", d.Name, len(d.Updates), d.Collection, kind)
	return d, nil
}

func sameUpdates(a, b []uuid.UUID) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(id uuid.UUID) bool { return !slices.Contains(b, id) })
}

// installByHand is the user of a machine who opens Software Center and installs what is offered, before any deadline.
func (h *house) installByHand(ctx context.Context, m *machine, offered updatepoint.Deployment) error {
	now, err := offeredTo(ctx, m, offered.Updates)
	if err != nil {
		return err
	}
	if len(now) == 0 {
		return nil
	}
	h.progress.say("the user of %s installs %d updates by hand", m.Name(), len(now))
	if err := m.agent.Install(ctx, now...); err != nil {
		return fmt.Errorf("%s: %w", m.Name(), oneLine(err))
	}
	return nil
}
