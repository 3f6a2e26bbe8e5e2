package applicability

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// anID finds what may be the id of an update in a reason.
var anID = regexp.MustCompile(`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)

// WriteText writes the explanation for people to read: the verdict, the facts that are missing where it cannot be judged, then the
// prerequisites, the rules, the members and the possible superseders of the update, each with what came of it. Updates that it
// depends on are shown with their own rules where these decided.
func (x *Explanation) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	x.writeVerdict(out, "")
	for _, fact := range x.Missing() {
		fmt.Fprintf(out, "  missing fact: %s\n", oneLine(fact))
	}
	x.writeParts(out, "  ")
	return out.Flush()
}

func (x *Explanation) writeVerdict(out *bufio.Writer, margin string) {
	fmt.Fprintf(out, "%s%v: %s\n", margin, x.Verdict.State, oneLine(titled(x.Update, x.Title)))
	fmt.Fprintf(out, "%s  %s\n", margin, oneLine(x.because()))
}

func (x *Explanation) writeParts(out *bufio.Writer, margin string) {
	if x.Repeated || x.TooDeep {
		return
	}
	for i, c := range x.Prerequisites {
		c.write(out, margin, fmt.Sprintf("prerequisite %d of %d", i+1, len(x.Prerequisites)), prerequisiteWord(c.State))
	}
	for _, r := range x.Rules {
		fmt.Fprintf(out, "%s%s:\n", margin, r.Name)
		r.Trace.writeText(out, margin+"  ", 0)
	}
	for i, c := range x.Bundled {
		c.write(out, margin, fmt.Sprintf("member %d of %d", i+1, len(x.Bundled)), c.State.String())
	}
	for _, above := range x.Superseders {
		fmt.Fprintf(out, "%smay be superseded by:\n", margin)
		above.writeVerdict(out, margin+"  ")
		above.writeParts(out, margin+"    ")
	}
}

// titled names an update by its title, where it has one, and its identity.
func titled(update metadata.Identity, title string) string {
	id := fmt.Sprintf("%v revision %d", update.UpdateID, update.Revision)
	if title == "" {
		return id
	}
	return title + " (" + id + ")"
}

func (x *Explanation) because() string {
	switch {
	case x.Repeated:
		return "as explained above"
	case x.TooDeep:
		return "nested too deep to be explained here: " + x.reason()
	case x.Verdict.Err != nil:
		return "cannot be judged: " + x.reason()
	case x.Verdict.State == Required && len(x.Bundled) == 0:
		// What decided is why it is not installed.
		return "because it is not installed: " + x.reason()
	}
	return "because " + x.reason()
}

// reason has titles for ids.
func (x *Explanation) reason() string {
	if x.title == nil {
		return x.Verdict.Reason
	}
	return anID.ReplaceAllStringFunc(x.Verdict.Reason, func(text string) string {
		id, err := uuid.Parse(text)
		if title := x.title(id); err == nil && title != "" {
			return `"` + title + `"`
		}
		return text
	})
}

func prerequisiteWord(s State) string {
	switch s {
	case Installed:
		return "holds"
	case Undecided:
		return "is unknown"
	}
	return "does not hold"
}

func (c ExplainedClause) write(out *bufio.Writer, margin, place, word string) {
	fmt.Fprintf(out, "%s%s: %s\n", margin, place, c.summary(word))
	for _, member := range c.Members {
		member.writeVerdict(out, margin+"  ")
		member.writeParts(out, margin+"    ")
	}
	for _, id := range c.Unknown {
		fmt.Fprintf(out, "%s  not known: %v\n", margin, id.UpdateID)
	}
}

// summary is a clause in one line.
func (c ExplainedClause) summary(word string) string {
	if c.Skipped {
		return "skipped, one before it decided"
	}
	parts := []string{word}
	if n := len(c.Members) + c.Others + len(c.Unknown); n > 1 {
		parts = append(parts, fmt.Sprintf("one of %d is enough", n))
	}
	switch {
	case c.Others == 1:
		parts = append(parts, "the other makes no difference")
	case c.Others > 1:
		parts = append(parts, fmt.Sprintf("the other %d make no difference", c.Others))
	}
	return strings.Join(parts, ", ")
}
