package wsustest

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Outcome of one check.
type Outcome string

// The outcomes. Skipped ones have a reason.
const (
	Pass    Outcome = "pass"
	Fail    Outcome = "fail"
	Skipped Outcome = "skipped"
)

// Result is what came of one check.
type Result struct {
	// ID is short and stable: "sync-leaf".
	ID string `json:"id"`
	// Section is where the protocol says it: "MS-WUSP 3.1.5.7", or "observed" for what agents are known to insist on.
	Section string `json:"section"`
	// Says is what the protocol asks for.
	Says    string  `json:"says"`
	Outcome Outcome `json:"outcome"`
	// Messages say why it failed, or why it was skipped.
	Messages []string `json:"messages,omitempty"`
}

// Report is the outcome of an examination. It is JSON by its tags.
type Report struct {
	URL     string    `json:"url"`
	Started time.Time `json:"started"`
	// Changed says in words what the examination left on the server.
	Changed []string `json:"changed"`
	// Updates, Trips and Files count what was seen: revisions delivered, round trips of the first scan, files downloaded.
	Updates int      `json:"updates"`
	Trips   int      `json:"trips"`
	Files   int      `json:"files"`
	Results []Result `json:"results"`
}

// Failed lists the checks that failed.
func (r Report) Failed() []Result { return r.with(Fail) }

func (r Report) with(outcome Outcome) []Result {
	var list []Result
	for _, result := range r.Results {
		if result.Outcome == outcome {
			list = append(list, result)
		}
	}
	return list
}

// Result returns the check of that id.
func (r Report) Result(id string) (Result, bool) {
	for _, result := range r.Results {
		if result.ID == id {
			return result, true
		}
	}
	return Result{}, false
}

// WriteTo prints the report as text: one line for a check that passed, and the messages of those that did not. Checks that were skipped for the
// same reason, one after the other, share a line. The last lines have the sums and name what failed.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d updates in %d round trips, %d files downloaded\n", r.URL, r.Updates, r.Trips, r.Files)
	for _, change := range r.Changed {
		fmt.Fprintf(&b, "changed on the server: %s\n", change)
	}
	for i := 0; i < len(r.Results); i++ {
		result, alike := r.Results[i], []string{r.Results[i].ID}
		for ; i+1 < len(r.Results) && result.sharesLine(r.Results[i+1]); i++ {
			alike = append(alike, r.Results[i+1].ID)
		}
		if len(alike) == 1 {
			fmt.Fprintf(&b, "%-7s  %-20s  %s (%s)\n", result.Outcome, result.ID, result.Says, result.Section)
		} else {
			fmt.Fprintf(&b, "%-7s  %s\n", result.Outcome, strings.Join(alike, ", "))
		}
		for _, message := range result.Messages {
			fmt.Fprintf(&b, "         %s\n", message)
		}
	}
	failed := r.Failed()
	fmt.Fprintf(&b, "%d passed, %d failed, %d skipped\n", len(r.with(Pass)), len(failed), len(r.with(Skipped)))
	if len(failed) > 0 {
		ids := make([]string, len(failed))
		for i, result := range failed {
			ids[i] = result.ID
		}
		fmt.Fprintf(&b, "failed: %s\n", strings.Join(ids, ", "))
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}

// sharesLine says that both were skipped for the same reason.
func (r Result) sharesLine(next Result) bool {
	return r.Outcome == Skipped && next.Outcome == Skipped && slices.Equal(r.Messages, next.Messages)
}
