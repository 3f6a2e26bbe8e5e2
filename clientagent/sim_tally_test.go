package clientagent_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// simTally counts what happened in worlds, by kind: "fault: dropped", "job: Downloading", "told: 301/10". A simulation in which nothing happens
// proves nothing.
type simTally map[string]int

func (t simTally) add(other simTally) {
	for kind, n := range other {
		t[kind] += n
	}
}

// without are those of the kinds that never happened.
func (t simTally) without(kinds []string) (never []string) {
	for _, kind := range kinds {
		if t[kind] == 0 {
			never = append(never, kind)
		}
	}
	return never
}

// String is a line for each sort of kind.
func (t simTally) String() string {
	lines := map[string][]string{}
	for _, kind := range slices.Sorted(maps.Keys(t)) {
		sort, name, _ := strings.Cut(kind, ": ")
		lines[sort] = append(lines[sort], fmt.Sprintf("%s %d", name, t[kind]))
	}
	var text strings.Builder
	for _, sort := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintf(&text, "\n%s: %s", sort, strings.Join(lines[sort], ", "))
	}
	return text.String()
}

// happened counts something that a world has seen.
func (w *simWorld) happened(format string, args ...any) { w.tally[fmt.Sprintf(format, args...)]++ }
