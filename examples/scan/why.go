package main

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// why prints the rules and relationships that gave one update its state, down to the values on the machine.
func why(ctx context.Context, machine *snapshot.Machine, documents *documents, options options, stdout io.Writer) error {
	update, err := documents.find(options.why)
	if err != nil {
		return fmt.Errorf("-why %s: %w", options.why, err)
	}
	x, err := newScan(machine, documents, options.logic).Why(ctx, update.UpdateID)
	if err != nil {
		return err
	}
	x.Titles(func(id uuid.UUID) string {
		if u := documents.updates[id]; u != nil {
			return title(u)
		}
		return ""
	})
	if options.json {
		return writeWhyJSON(stdout, machine.Name(), options.logic, isExpired(update), &x)
	}
	return writeWhyText(stdout, machine.Name(), options.logic, isExpired(update), &x)
}

func writeWhyJSON(stdout io.Writer, machine string, logic applicability.Logic, expired bool, x *applicability.Explanation) error {
	return encode(stdout, struct {
		Machine string                     `json:"machine"`
		Logic   string                     `json:"logic"`
		Expired bool                       `json:"expired,omitempty"`
		Update  *applicability.Explanation `json:"update"`
	}{machine, logic.String(), expired, x})
}

func writeWhyText(stdout io.Writer, machine string, logic applicability.Logic, expired bool, x *applicability.Explanation) error {
	fmt.Fprintf(stdout, "%s, %v logic\n", oneLine(machine), logic)
	if expired {
		fmt.Fprintln(stdout, "The update has expired and is not offered, whatever its rules say.")
	}
	fmt.Fprintln(stdout)
	return x.WriteText(stdout)
}
