package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// loseAndRepair takes an installed update off a machine, behind the back of its agent, and waits until the agent's re-evaluation
// has found and repaired that.
func (h *house) loseAndRepair(ctx context.Context, m *machine, deployed updatepoint.Deployment) error {
	candidates, err := installedUpdates(ctx, m, deployed.Updates)
	if err != nil {
		return err
	}
	var faults []error // not every rule can be made false; any update will do
	for _, u := range candidates {
		if err := m.Remove(ctx, &u.Core); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", u.Localized[0].Title, err))
			continue
		}
		if err := m.Save(m.file); err != nil {
			return err
		}
		h.progress.say("%s has lost %q", m.Name(), u.Localized[0].Title)
		for {
			installed, err := isInstalled(ctx, m, u)
			if err != nil {
				return err
			}
			if installed {
				h.progress.say("%s has it again", m.Name())
				return nil
			}
			h.progress.show("updates repaired", 0, 1)
			if err := pause(ctx, pace/5); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("none of %d updates could be taken off %s: %w", len(candidates), m.Name(), errors.Join(faults...))
}

// installedUpdates are the updates of the sample catalogue that are deployed, stand on their own, and are installed there.
func installedUpdates(ctx context.Context, m *machine, deployed []uuid.UUID) ([]*metadata.Update, error) {
	names, err := fs.Glob(catalog.Files(), "updates/*.xml")
	if err != nil {
		return nil, err
	}
	states := make(map[uuid.UUID]compliance.State)
	scan, err := m.agent.LastScan(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range scan.Updates {
		states[u.ID] = u.State
	}
	var found []*metadata.Update
	for _, name := range names {
		doc, err := fs.ReadFile(catalog.Files(), name)
		if err != nil {
			return nil, err
		}
		u, err := metadata.Parse(doc)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if states[u.UpdateID] == compliance.Installed && slices.Contains(deployed, u.UpdateID) && u.Rules.IsInstalled != nil {
			found = append(found, u)
		}
	}
	return found, nil
}

// isInstalled asks the machine itself, not its agent.
func isInstalled(ctx context.Context, m *machine, u *metadata.Update) (bool, error) {
	result, err := applicability.Evaluate(ctx, m, u.Rules.IsInstalled, u.Rules.Metadata, applicability.Options{})
	return result.Truth == applicability.True, err
}
