package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/seed599db172/softwareupdates/ssl"
)

func (r *result) write(stdout io.Writer, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(stdout)
		encoder.SetIndent("", "  ")
		encoder.SetEscapeHTML(false)
		return encoder.Encode(r)
	}
	var out strings.Builder
	writeReport(&out, r.Audit)
	switch {
	case r.Applied != nil:
		r.writeApplied(&out)
	case r.Plan != nil:
		fmt.Fprintf(&out, "\nPLAN\n\n%s", r.Plan.Checklist())
	default:
		out.WriteString("\nPLAN\n\nGive -name, the full name of the server that clients use, for a plan.\n")
	}
	_, err := io.WriteString(stdout, out.String())
	return err
}

// writeReport is a table of the nine virtual roots, then what is wrong, then what nobody looked at.
func writeReport(out *strings.Builder, report ssl.AuditReport) {
	fmt.Fprintf(out, "Web site %s, ports %s\n\n", report.Site, report.Ports)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tVIRTUAL ROOT\tSHOULD BE\tIS\tSTATED IN")
	for _, root := range report.Roots {
		mark, should, is, from := "ok", "answer HTTP", root.Flags, root.From
		if root.RequireSSL {
			should = "require SSL"
		}
		if !root.OK {
			mark = "WRONG"
		}
		if !root.Present {
			is, from = "missing", ""
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", mark, root.Name, should, is, from)
	}
	table.Flush() // a strings.Builder does not fail
	writeFindings(out, report.Findings)
	if len(report.NotLookedAt) > 0 {
		out.WriteString("\nNOT LOOKED AT\n\n")
		for _, text := range report.NotLookedAt {
			paragraph(out, "  - ", text)
		}
	}
}

func writeFindings(out *strings.Builder, findings []ssl.Finding) {
	out.WriteString("\nFINDINGS\n")
	if len(findings) == 0 {
		out.WriteString("\nNothing is wrong.\n")
	}
	for i, f := range findings {
		fmt.Fprintf(out, "\n%2d. %s %s", i+1, f.Severity, f.Kind)
		if f.Root != "" {
			fmt.Fprintf(out, " %s", f.Root)
		}
		if f.ClientError != 0 {
			fmt.Fprintf(out, " (clients show %s)", f.ClientError)
		}
		out.WriteString("\n")
		paragraph(out, "    Cause:  ", f.Cause)
		paragraph(out, "    Remedy: ", f.Remedy)
	}
}

// writeApplied tells what was changed and what remains.
func (r *result) writeApplied(out *strings.Builder) {
	done := r.Applied
	out.WriteString("\nAPPLIED\n\n")
	if !done.Changed {
		out.WriteString("The file already holds all that can be set in it; nothing was changed.\n")
	} else {
		for _, edit := range done.Edits {
			paragraph(out, "  - ", edit)
		}
		fmt.Fprintf(out, "\nBackup: %s\n\n%s", done.Backup, done.Diff)
	}
	left := *r.Plan
	left.Steps = nil
	for _, step := range r.Plan.Steps {
		if step.Edit == nil {
			left.Steps = append(left.Steps, step)
		}
	}
	if len(left.Steps) > 0 {
		fmt.Fprintf(out, "\nREMAINS TO BE DONE\n\n%s", left.Checklist())
	}
	if after := done.After.Findings; done.Changed && len(after) > 0 {
		out.WriteString("\nFINDINGS NOW\n\n")
		for _, f := range after {
			paragraph(out, "  - ", strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Severity, f.Kind, f.Root)))
		}
	}
}

// width is where lines of text are broken.
const width = 100

// paragraph writes text behind a lead, with further lines indented as far.
func paragraph(out *strings.Builder, lead, text string) {
	line := lead
	for _, word := range strings.Fields(text) {
		if len(line) > len(lead) && len(line)+1+len(word) > width {
			out.WriteString(line + "\n")
			line = strings.Repeat(" ", len(lead))
			lead = line
		}
		if len(line) > len(lead) {
			line += " "
		}
		line += word
	}
	out.WriteString(line + "\n")
}
