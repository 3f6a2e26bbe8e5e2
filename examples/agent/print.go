package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// line is one update in the output, in the words of compliance.State.
type line struct {
	ID       uuid.UUID        `json:"id"`
	Revision int32            `json:"revision"`
	Title    string           `json:"title"`
	State    compliance.State `json:"state"`
}

func printUpdates(w io.Writer, updates []clientagent.UpdateStatus, asJSON bool) error {
	lines := make([]line, 0, len(updates))
	counts := make(map[compliance.State]int)
	for _, u := range updates {
		lines = append(lines, line{u.ID, u.Revision, u.Title, u.State})
		counts[u.State]++
	}
	if asJSON {
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(struct {
			Updates []line `json:"updates"`
		}{lines})
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "STATE\tTITLE\tID")
	for _, l := range lines {
		fmt.Fprintf(table, "%v\t%s\t%s\n", l.State, l.Title, l.ID)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%d updates: %d installed, %d required, %d not required, %d unknown\n", len(lines),
		counts[compliance.Installed], counts[compliance.Required], counts[compliance.NotRequired], counts[compliance.Unknown])
	return err
}
