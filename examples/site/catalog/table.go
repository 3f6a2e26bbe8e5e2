package catalog

import (
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/google/uuid"
)

// The states of the table, in the product's words.
const (
	Required    = "Required"
	NotRequired = "Not Required"
	Installed   = "Installed"
)

// Row is what the table says of one update that an administrator can deploy. Expired updates have no row: they are not offered.
type Row struct {
	ID    uuid.UUID
	KB    string // with the letters KB
	Title string
	// Optional updates are deployed without a deadline: they are installed when a user asks.
	Optional bool
	// Before and After are states by the name of a machine, such as windows10-22h2: before any deployment, and once all updates
	// were deployed, the users have installed the optional ones, and nothing is left to do.
	Before, After map[string]string
	// Why is a short reason for people.
	Why string
}

// Table reads states.csv. The rows are ordered by KB number.
func Table() ([]Row, error) {
	f, err := embedded.Open("states.csv")
	if err != nil {
		return nil, fmt.Errorf("read table of states: %w", err)
	}
	defer f.Close()

	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read table of states: %w", err)
	}
	rows := make([]Row, 0, len(lines))
	for i, line := range lines[1:] {
		row, err := parseRow(lines[0], line)
		if err != nil {
			return nil, fmt.Errorf("read table of states: line %d: %w", i+2, err)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// parseRow finds the machines by their columns: "server2022 before".
func parseRow(header, line []string) (Row, error) {
	row := Row{Before: map[string]string{}, After: map[string]string{}}
	for i, column := range header {
		value := line[i]
		machine, when, _ := strings.Cut(column, " ")
		switch {
		case when != "":
			if value != Required && value != NotRequired && value != Installed {
				return Row{}, fmt.Errorf("%s: %q is no state", column, value)
			}
			if when == "before" {
				row.Before[machine] = value
			} else {
				row.After[machine] = value
			}
		case column == "id":
			id, err := uuid.Parse(value)
			if err != nil {
				return Row{}, fmt.Errorf("id: %w", err)
			}
			row.ID = id
		case column == "kb":
			row.KB = value
		case column == "title":
			row.Title = value
		case column == "deployment":
			row.Optional = value == "optional"
		case column == "why":
			row.Why = value
		}
	}
	return row, nil
}
