package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// printText prints the report for people, with times as the machine's clock shows them.
func (r *report) printText(w io.Writer, zone *time.Location) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	counts := make(map[compliance.State]int)
	fmt.Fprintln(out, "STATE\tTITLE\tID")
	for _, l := range r.Updates {
		counts[l.State]++
		fmt.Fprintf(out, "%v\t%s\t%s\n", l.State, l.Title, l.ID)
	}
	fmt.Fprintf(out, "\n%s: %d updates: %d installed, %d required, %d not required, %d unknown\n", r.Machine, len(r.Updates),
		counts[compliance.Installed], counts[compliance.Required], counts[compliance.NotRequired], counts[compliance.Unknown])
	r.printFailures(out)
	r.printOffers(out, zone)
	r.printDeployments(out, zone)
	if r.Restart != nil || r.Window != nil {
		fmt.Fprintln(out)
	}
	if r.Restart != nil {
		fmt.Fprintf(out, "Restart:\t%s\n", restartWords(*r.Restart, zone))
	}
	if r.Window != nil {
		fmt.Fprintf(out, "Maintenance window:\t%s\n", windowWords(*r.Window, zone))
	}
	for _, s := range r.Settings {
		fmt.Fprintf(out, "%s:\t%s\n", s.Name, s.Value)
	}
	return out.Flush()
}

func (r *report) printFailures(w io.Writer) {
	for _, l := range r.Updates {
		if l.Error == nil {
			continue
		}
		fmt.Fprintf(w, "\nNot installed: %s\n  %s %s\n", l.Title, l.Error.Code, l.Error.Meaning)
		if l.Error.Reason != "" {
			fmt.Fprintf(w, "  %s\n", l.Error.Reason)
		}
		if l.Error.Advice != "" {
			fmt.Fprintf(w, "  What to do: %s\n", l.Error.Advice)
		}
	}
}

func (r *report) printOffers(w io.Writer, zone *time.Location) {
	if r.Window == nil {
		return
	}
	if len(r.Offered) == 0 {
		fmt.Fprintln(w, "\nNo deployment offers anything that is not installed.")
		return
	}
	fmt.Fprintln(w, "\nOFFERED\tTITLE\tDEADLINE")
	for _, o := range r.Offered {
		deadline := "optional"
		if !o.Deadline.IsZero() {
			deadline = moment(o.Deadline, zone)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", o.Job, o.Title, deadline)
	}
}

func (r *report) printDeployments(w io.Writer, zone *time.Location) {
	if len(r.Deployments) == 0 {
		return
	}
	fmt.Fprintln(w, "\nDEPLOYMENT\tTYPE\tMISSING\tSTANDS")
	for _, d := range r.Deployments {
		kind := "optional"
		if d.Required {
			kind = "required"
		}
		until := ""
		if !d.Until.IsZero() {
			until = ", " + moment(d.Until, zone)
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s%s\n", d.Name, kind, d.Missing, d.Reason, until)
	}
}

func windowWords(m clientagent.MaintenanceWindow, zone *time.Location) string {
	next := ""
	if !m.Next.Start.IsZero() {
		next = fmt.Sprintf("next from %s to %s", moment(m.Next.Start, zone), moment(m.Next.End, zone))
	}
	switch {
	case !m.Limited:
		return "none; updates install at their deadline"
	case m.OpenUntil.IsZero() && next == "":
		return "closed, and none will open any more: what is required never installs"
	case m.OpenUntil.IsZero():
		return "closed, " + next
	case next == "":
		return "open until " + moment(m.OpenUntil, zone)
	}
	return "open until " + moment(m.OpenUntil, zone) + ", " + next
}

func restartWords(n clientagent.RestartNotice, zone *time.Location) string {
	switch {
	case n.Suppressed:
		return "pending, and left to the user by the deployment"
	case !n.At.IsZero():
		return "pending, by itself at " + moment(n.At, zone)
	case !n.Since.IsZero():
		return "pending since " + moment(n.Since, zone) + ", and never by itself"
	}
	return "pending, at the user's choice until the deadline"
}
