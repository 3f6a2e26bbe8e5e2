package applicability

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteText writes the explanation for people to read: the verdict, then the prerequisites, the rules and the members of the
// update, each with what came of it. Updates that it depends on are shown with their own rules where these decided.
func (x *Explanation) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	x.writeText(out, "")
	return out.Flush()
}

func (x *Explanation) writeText(out *bufio.Writer, margin string) {
	fmt.Fprintf(out, "%s%v: %s\n", margin, x.Verdict.State, x.name())
	margin += "  "
	fmt.Fprintf(out, "%s%s\n", margin, x.because())
	if x.Repeated {
		return
	}
	writeClauses(out, margin, "prerequisite", x.Prerequisites)
	for _, r := range x.Rules {
		fmt.Fprintf(out, "%s%s:\n", margin, r.Name)
		r.Trace.writeText(out, margin+"  ", 0)
	}
	writeClauses(out, margin, "member", x.Bundled)
}

func (x *Explanation) name() string {
	id := fmt.Sprintf("%v revision %d", x.Update.UpdateID, x.Update.Revision)
	if x.Title == "" {
		return id
	}
	return x.Title + " (" + id + ")"
}

func (x *Explanation) because() string {
	switch {
	case x.Repeated:
		return "as explained above"
	case x.Verdict.Err != nil:
		return "cannot be judged: " + x.Verdict.Reason
	}
	return "because " + x.Verdict.Reason
}

func writeClauses(out *bufio.Writer, margin, kind string, clauses []ExplainedClause) {
	for i, c := range clauses {
		fmt.Fprintf(out, "%s%s %d of %d: %s\n", margin, kind, i+1, len(clauses), c.summary())
		for _, member := range c.Members {
			member.writeText(out, margin+"  ")
		}
		for _, id := range c.Unknown {
			fmt.Fprintf(out, "%s  not known: %v\n", margin, id.UpdateID)
		}
	}
}

// summary is a clause in one line.
func (c ExplainedClause) summary() string {
	if c.Skipped {
		return "skipped, one before it decided"
	}
	parts := []string{c.State.String()}
	if n := len(c.Members) + c.Others + len(c.Unknown); n > 1 {
		parts = append(parts, fmt.Sprintf("one of %d is enough", n))
	}
	if c.Others > 0 {
		parts = append(parts, fmt.Sprintf("%d more make no difference", c.Others))
	}
	return strings.Join(parts, ", ")
}
