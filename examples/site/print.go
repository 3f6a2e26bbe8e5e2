package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/ssl"
)

// summary is what -json prints.
type summary struct {
	Updates          int               `json:"updates"`
	Clients          int               `json:"clients"`
	States           compliance.Counts `json:"states"`
	CompliantClients int               `json:"compliantClients"`
	Seconds          float64           `json:"seconds"`
	Diagnosis        *ssl.Diagnosis    `json:"diagnosis,omitempty"` // with -doctor
}

func (h *house) printJSON(ctx context.Context, w io.Writer, took time.Duration) error {
	table, err := h.site.ComplianceSummary(ctx)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(summary{
		Updates: len(table.Updates), Clients: table.Clients.Total(), States: table.States,
		CompliantClients: table.Clients.Compliant, Seconds: took.Round(10 * time.Millisecond).Seconds(),
		Diagnosis: h.diagnosis,
	})
}

// printTable prints compliance for each update and for each computer, in the product's words.
func (h *house) printTable(ctx context.Context, w io.Writer) error {
	table, err := h.site.Compliance(ctx)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "KB\tUPDATE\tINSTALLED\tREQUIRED\tNOT REQUIRED\tUNKNOWN")
	for _, u := range table.Updates {
		fmt.Fprintf(out, "%s\t%s\t%d\t%d\t%d\t%d\n", u.KB, short(strings.TrimSuffix(u.Title, " (KB"+u.KB+")")), u.Counts.Installed, u.Counts.Required, u.Counts.NotRequired, u.Counts.Unknown)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	fmt.Fprintln(out, "COMPUTER\tINSTALLED\tREQUIRED\tNOT REQUIRED\tUNKNOWN")
	for _, c := range table.Computers {
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\n", c.Name, c.Counts.Installed, c.Counts.Required, c.Counts.NotRequired, c.Counts.Unknown)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%d of %d computers are compliant.\n", table.Clients.Compliant, table.Clients.Total())
	return err
}

// short cuts a title to what fits beside the counts.
func short(title string) string {
	const width = 64
	if runes := []rune(title); len(runes) > width {
		return string(runes[:width-1]) + "…"
	}
	return title
}
