package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

const (
	// serverCollection has a maintenance window, fieldCollection custom client settings.
	serverCollection = "Servers"
	fieldCollection  = "Field staff"
	// grace is how long a machine of the field staff leaves a deadline to its user.
	grace = 4 * time.Hour
)

// makeRules gives servers a maintenance window that is far off, and the second machine a grace period after deadlines.
func (h *house) makeRules(ctx context.Context, fleet []*machine) error {
	night := time.Now().UTC().Truncate(time.Minute).Add(6 * time.Hour)
	if err := h.putServers(ctx, fleet, night); err != nil {
		return err
	}
	field := updatepoint.Collection{Name: fieldCollection}
	if len(fleet) > 1 {
		field.Members = []string{fleet[1].Name()}
	}
	if err := h.site.PutCollection(ctx, field); err != nil {
		return err
	}
	own := clientagent.DefaultSettings()
	own.ComputerAgent.GracePeriod = grace
	if err := h.site.PutCustomSettings(ctx, updatepoint.CustomSettings{Name: "Grace for field staff", Priority: 1,
		Groups: []string{clientagent.GroupComputerAgent}, Settings: own, Collections: []string{fieldCollection}}); err != nil {
		return fmt.Errorf("custom client settings: %w", oneLine(err))
	}
	if len(fleet) > 1 {
		h.progress.say("custom client settings: %s has %.0f hours of grace after deadlines", fleet[1].Name(), grace.Hours())
	}
	return nil
}

// putServers gives all servers one window of four hours each day.
func (h *house) putServers(ctx context.Context, fleet []*machine, opens time.Time) error {
	servers := updatepoint.Collection{Name: serverCollection, ServiceWindows: clientagent.ServiceWindows{{ID: "servers", Name: "Servers",
		Type: clientagent.SoftwareUpdateWindow, Schedule: clientagent.Daily(1, opens).InUTC().Lasting(4 * time.Hour)}}}
	for _, m := range fleet {
		if isServer(m) {
			servers.Members = append(servers.Members, m.Name())
		}
	}
	if err := h.site.PutCollection(ctx, servers); err != nil {
		return fmt.Errorf("collection %q: %w", serverCollection, oneLine(err))
	}
	if len(servers.Members) > 0 {
		h.progress.say("maintenance window of servers (%d here): from %s on", len(servers.Members), opens.Format("15:04 MST"))
	}
	return nil
}

func isServer(m *machine) bool { return strings.HasPrefix(m.model, "server") }

// followRules waits until the deadline has passed and the rules hold back those that they are for. Then the operator moves the servers'
// window to now, and the user with grace installs by hand.
func (h *house) followRules(ctx context.Context, fleet []*machine, required updatepoint.Deployment) error {
	for time.Now().Before(required.Deadline.Add(pace)) {
		if err := pause(ctx, pace/5); err != nil {
			return err
		}
	}
	waiting, err := h.stillToInstall(ctx, fleet, required.Updates, isServer)
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		h.progress.say("the deadline has passed, and servers (%d here) wait for their maintenance window", len(waiting))
		if err := h.putServers(ctx, fleet, time.Now().UTC().Truncate(time.Minute)); err != nil {
			return err
		}
	}
	late, err := h.stillToInstall(ctx, fleet, required.Updates, func(m *machine) bool { return len(fleet) > 1 && m == fleet[1] })
	if err != nil {
		return err
	}
	for _, m := range late {
		h.progress.say("%s is in its grace period", m.Name())
		if err := h.installAllByHand(ctx, m, required); err != nil {
			return err
		}
	}
	return nil
}

// stillToInstall are the machines of a kind that lack one of the updates.
func (h *house) stillToInstall(ctx context.Context, fleet []*machine, updates []uuid.UUID, kind func(*machine) bool) ([]*machine, error) {
	var late []*machine
	for _, m := range fleet {
		if !kind(m) {
			continue
		}
		missing, err := offeredTo(ctx, m, updates)
		if err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			late = append(late, m)
		}
	}
	return late, nil
}

// installAllByHand installs until nothing more is required, since some updates become needed only by others.
func (h *house) installAllByHand(ctx context.Context, m *machine, offered updatepoint.Deployment) error {
	const rounds = 5
	for range rounds {
		missing, err := offeredTo(ctx, m, offered.Updates)
		if err != nil || len(missing) == 0 {
			return err
		}
		if err := h.installByHand(ctx, m, offered); err != nil {
			return err
		}
		if err := m.agent.Restart(ctx); err != nil {
			return fmt.Errorf("restart %s: %w", m.Name(), err)
		}
		if _, err := m.agent.Scan(ctx); err != nil {
			return fmt.Errorf("scan %s: %w", m.Name(), err)
		}
	}
	return nil
}

// offeredTo are those of the updates that a machine requires, as its last scan found.
func offeredTo(ctx context.Context, m *machine, updates []uuid.UUID) ([]uuid.UUID, error) {
	scan, err := m.agent.LastScan(ctx)
	if err != nil {
		return nil, err
	}
	wanted := make(map[uuid.UUID]bool, len(updates))
	for _, id := range updates {
		wanted[id] = true
	}
	var now []uuid.UUID
	for _, u := range scan.Updates {
		if u.State == compliance.Required && wanted[u.ID] {
			now = append(now, u.ID)
		}
	}
	return now, nil
}
