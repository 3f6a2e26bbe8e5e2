package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// report is what the program prints: what a scan found and, for a client of a site, what the agent has learned from its policy.
type report struct {
	Machine string    `json:"machine"`
	Server  string    `json:"server"`
	Scanned time.Time `json:"scanned"`
	Updates []line    `json:"updates"`
	// Restart is there while one is pending.
	Restart *clientagent.RestartNotice `json:"restart,omitempty"`
	// Offered are the updates that deployments offer now and that are not installed. This and what follows come from a site only.
	Offered     []offer                        `json:"offered,omitempty"`
	Deployments []deployment                   `json:"deployments,omitempty"`
	Window      *clientagent.MaintenanceWindow `json:"maintenanceWindow,omitempty"`
	Settings    []setting                      `json:"settings,omitempty"`
}

// line is one update in the output, in the words of compliance.State.
type line struct {
	ID       uuid.UUID        `json:"id"`
	Revision int32            `json:"revision"`
	Title    string           `json:"title"`
	State    compliance.State `json:"state"`
	// Error says why the last installation failed.
	Error *failure `json:"error,omitempty"`
}

// failure is a code with its meaning, and what to do about it.
type failure struct {
	Code    string `json:"code"`
	Meaning string `json:"meaning,omitempty"`
	// Reason is what the installer or the download said.
	Reason string `json:"reason,omitempty"`
	Advice string `json:"advice,omitempty"`
}

// offer is one update in Software Center.
type offer struct {
	ID       uuid.UUID `json:"id"`
	Title    string    `json:"title"`
	Deadline time.Time `json:"deadline,omitzero"`
	Job      string    `json:"job"`
}

// deployment is how one deployment stands. Reason says what it waits for, until then if that is known.
type deployment struct {
	Name     string    `json:"name"`
	Required bool      `json:"required"`
	Missing  int       `json:"missing"`
	Reason   string    `json:"reason"`
	Until    time.Time `json:"until,omitzero"`
}

func newReport(ctx context.Context, agent *clientagent.Agent, machine string, o options) (report, error) {
	scan, err := agent.LastScan(ctx)
	if err != nil {
		return report{}, err
	}
	r := report{Machine: machine, Server: scan.Server, Scanned: scan.Time.UTC(), Updates: make([]line, 0, len(scan.Updates))}
	for _, u := range scan.Updates {
		l := line{ID: u.ID, Revision: u.Revision, Title: u.Title, State: u.State}
		if u.ErrorCode != 0 && u.State != compliance.Installed {
			l.Error = &failure{Code: fmt.Sprintf("0x%08X", uint32(u.ErrorCode)), Meaning: clientagent.CodeMeaning(u.ErrorCode),
				Reason: flat(u.ErrorReason), Advice: adviseCode(u.ErrorCode)}
		}
		r.Updates = append(r.Updates, l)
	}
	restart, err := agent.PendingRestart(ctx)
	if err != nil {
		return r, err
	}
	if restart.Pending {
		r.Restart = &restart
	}
	if o.site == "" {
		return r, nil
	}
	return r, r.addPolicy(ctx, agent)
}

func (r *report) addPolicy(ctx context.Context, agent *clientagent.Agent) error {
	offered, err := agent.Updates(ctx)
	if err != nil {
		return err
	}
	for _, u := range offered {
		r.Offered = append(r.Offered, offer{ID: u.ID, Title: titleOf(u), Deadline: u.Deadline.UTC(), Job: u.Job.String()})
	}
	deployments, err := agent.Deployments(ctx)
	if err != nil {
		return err
	}
	for _, d := range deployments {
		r.Deployments = append(r.Deployments, deployment{d.Name, d.Required, d.Missing, d.Reason, d.Until.UTC()})
	}
	window, err := agent.MaintenanceWindow(ctx)
	if err != nil {
		return err
	}
	settings, err := agent.Settings(ctx)
	r.Window, r.Settings = &window, followed(settings)
	return err
}

func (r *report) printJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	out.SetEscapeHTML(false)
	return out.Encode(r)
}
