package console

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// Limits of one page.
const (
	// PageRows is how many updates and how many computers one page shows.
	PageRows = 200
	// PageDeployments is how many deployments it shows, the newest first.
	PageDeployments = 20
)

// page is what the template shows.
type page struct {
	User        string
	Code        string
	Mode        updatepoint.Mode
	Agent       clientagent.Settings
	Systems     []updatepoint.SiteSystem
	Missing     string // why there is nothing below
	Point       point
	Sync        updatepoint.SyncStatus
	Table       updatepoint.ComplianceTable
	Updates     pager
	Computers   pager
	Deployments []deployment
	Older       int // deployments that are not shown
}

// point is the software update point with its channel; URL is empty while it is not connected.
type point struct {
	URL       string
	Connected bool
	Channel   updatepoint.Channel
}

// gather reads all that the page shows. Without a software update point it answers ErrNoSoftwareUpdatePoint with what there is.
func (c *console) gather(r *http.Request) (page, error) {
	ctx := r.Context()
	p := page{User: userOf(ctx).Name, Code: c.site.Code(), Mode: c.site.Mode()}
	var err error
	if p.Agent, err = c.site.ClientAgent(ctx); err != nil {
		return p, err
	}
	if p.Systems, err = c.site.SiteSystems(ctx); err != nil {
		return p, err
	}
	if p.Sync, err = c.site.SyncStatus(ctx); err != nil {
		return p, err
	}
	if p.Point, err = c.point(ctx); err != nil {
		return p, err
	}
	if err := c.compliance(r, &p); err != nil {
		return p, err
	}
	return p, c.deployments(ctx, &p)
}

func (c *console) point(ctx context.Context) (point, error) {
	sup, err := c.site.SoftwareUpdatePoint(ctx)
	if errors.Is(err, updatepoint.ErrNotConnected) {
		return point{Channel: updatepoint.Channel{Reason: err.Error()}}, nil
	}
	if err != nil {
		return point{}, err
	}
	return point{URL: sup.URL(), Connected: true, Channel: sup.LastChannel()}, nil
}

// compliance asks only for the computers of the page: the whole table is updates times computers.
func (c *console) compliance(r *http.Request, p *page) error {
	ctx := r.Context()
	var err error
	if p.Table, err = c.site.ComplianceSummary(ctx); err != nil {
		return err
	}
	clients, err := c.site.Clients(ctx)
	if err != nil {
		return err
	}
	p.Computers = newPager(r, "computers", len(clients))
	if shown := clients[p.Computers.From:p.Computers.To]; len(shown) > 0 {
		ids := make([]string, len(shown))
		for i, client := range shown {
			ids[i] = client.ID
		}
		table, err := c.site.Compliance(ctx, ids...)
		if err != nil {
			return err
		}
		p.Table.Computers = table.Computers
	}
	p.Updates = newPager(r, "updates", len(p.Table.Updates))
	p.Table.Updates = p.Table.Updates[p.Updates.From:p.Updates.To]
	return nil
}

func (c *console) deployments(ctx context.Context, p *page) error {
	all, err := c.site.Deployments(ctx)
	if err != nil {
		return err
	}
	slices.Reverse(all)
	p.Older = max(0, len(all)-PageDeployments)
	for _, d := range all[:len(all)-p.Older] {
		status, err := c.site.DeploymentStatus(ctx, d.ID)
		if errors.Is(err, updatepoint.ErrNotFound) {
			continue // removed while the page was made
		}
		if err != nil {
			return err
		}
		row := deployment{Deployment: d, Clients: len(status.Clients), Reached: status.Reached}
		for _, client := range status.Clients {
			if client.Status == updatepoint.Success {
				row.Done++
			}
		}
		p.Deployments = append(p.Deployments, row)
	}
	return nil
}

// Date writes a time for the page; a zero time is a dash.
func (page) Date(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04 UTC")
}

// Phase says what a status message of the synchronization means.
func (page) Phase(id int) string {
	switch id {
	case updatepoint.SyncStarted:
		return "started"
	case updatepoint.SyncWSUSPhase:
		return "synchronizing WSUS Server"
	case updatepoint.SyncCatalogPhase:
		return "synchronizing site database"
	case updatepoint.SyncDone:
		return "done"
	}
	return "failed"
}

// Class is the style of a condition.
func (page) Class(condition any) string {
	switch condition {
	case updatepoint.StatusOK, updatepoint.ConfigSuccess, ssl.Ready:
		return "good"
	case updatepoint.StatusWarning, updatepoint.ConfigNone, updatepoint.ConfigPending, updatepoint.ConfigSubscriptionPending:
		return "fair"
	}
	return "bad"
}

// Lines splits a reason into its lines.
func (page) Lines(text string) []string { return strings.Split(text, "\n") }
