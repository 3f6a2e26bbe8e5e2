package applicability

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// WriteText writes the impact for people to read: a table of the updates with the machines in each state, then the facts that are
// missing with what they would settle, and what is wrong with rules and machines.
func (m *Impact) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	m.writeUpdates(out)
	writeGaps(out, "Missing facts, and how many of the unknown states each would settle", "FACT", m.Missing)
	writeGaps(out, "Rules that no fact would help", "FAULT", m.Faults)
	if len(m.Damaged) > 0 {
		fmt.Fprintf(out, "\nNot counted, because the facts could not be read:\n")
	}
	for _, d := range m.Damaged {
		fmt.Fprintf(out, "  %s: %s\n", oneLine(d.Machine), oneLine(d.Err.Error()))
	}
	fmt.Fprintf(out, "\n%s\n", m.summary())
	return out.Flush()
}

func (m *Impact) writeUpdates(out *bufio.Writer) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "REQUIRED\tINSTALLED\tNOT APPLICABLE\tSUPERSEDED\tUNKNOWN\t  UPDATE")
	for _, u := range m.Updates {
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t  %s\n", u.Required, u.Installed, u.NotApplicable, u.Superseded, u.Unknown, oneLine(titled(u.Update, u.Title)))
	}
	table.Flush() // out keeps the error
}

func writeGaps(out *bufio.Writer, heading, what string, gaps []Gap) {
	if len(gaps) == 0 {
		return
	}
	fmt.Fprintf(out, "\n%s:\n\n", heading)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "SETTLES\tINVOLVED\tMACHINES\t  %s\n", what)
	for _, g := range gaps {
		fmt.Fprintf(table, "%d\t%d\t%d\t  %s\n", g.Settles, g.Involved, g.Machines, oneLine(g.Fact+g.Fault+" ("+g.examples()+")"))
	}
	table.Flush() // out keeps the error
}

func (g Gap) examples() string {
	names := strings.Join(g.Examples, ", ")
	if g.Machines > len(g.Examples) {
		names += ", …"
	}
	return names
}

// summary is the whole in one line.
func (m *Impact) summary() string {
	var sum UpdateImpact
	for _, u := range m.Updates {
		sum.Required += u.Required
		sum.Installed += u.Installed
		sum.NotApplicable += u.NotApplicable
		sum.Superseded += u.Superseded
		sum.Unknown += u.Unknown
	}
	line := fmt.Sprintf("%s, %s: %d required, %d installed, %d not applicable, %d superseded, %d unknown",
		plural(m.Machines, "machine"), plural(len(m.Updates), "update"), sum.Required, sum.Installed, sum.NotApplicable, sum.Superseded, sum.Unknown)
	if len(m.Damaged) > 0 {
		line += "; " + plural(len(m.Damaged), "machine") + " not counted"
	}
	return line
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
