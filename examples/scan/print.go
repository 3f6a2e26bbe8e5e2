package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"
)

func writeJSON(stdout io.Writer, findings []finding) error {
	return encode(stdout, struct {
		Updates []finding `json:"updates"`
	}{findings})
}

// encode writes JSON for people to read, too: indented, and with <, > and & as they are.
func encode(stdout io.Writer, v any) error {
	encoder := json.NewEncoder(stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// writeText is a table and, behind an empty line, one line that sums it up.
func writeText(stdout io.Writer, machine string, findings []finding) error {
	table := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "STATE\tUPDATE\tREVISION\tTITLE")
	counts := map[state]int{}
	for _, f := range findings {
		counts[f.State]++
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", f.State, f.ID, f.Revision, oneLine(f.Title))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	summary := make([]string, 0, len(counts))
	for _, s := range states() {
		summary = append(summary, fmt.Sprintf("%d %s", counts[s], strings.ToLower(s.String())))
	}
	_, err := fmt.Fprintf(stdout, "\n%s: %d updates: %s\n", oneLine(machine), len(findings), strings.Join(summary, ", "))
	if err == nil && len(findings) == 0 {
		_, err = fmt.Fprintln(stdout, "None of the documents is an update that can be deployed alone; -all lists the others, -why explains any of them.")
	}
	return err
}

// oneLine keeps foreign text from breaking lines and from steering a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
}
