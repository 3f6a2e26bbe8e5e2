package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

const (
	// wholeCatalogue is what -whatif takes in place of an update.
	wholeCatalogue = "all"
	// progressEvery is after how many machines a line tells how far the work is.
	progressEvery = 1000
)

// whatIf prints how many of the machines need the updates, how many do not, and for how many that is not known for want of which
// facts.
func whatIf(ctx context.Context, documents *documents, options options, stdout, stderr io.Writer) error {
	settings := applicability.WhatIfOptions{Progress: func(done int) {
		if done%progressEvery == 0 {
			fmt.Fprintf(stderr, "scan: %d machines done\n", done)
		}
	}}
	cores := make([]*metadata.Core, 0, len(documents.updates))
	for _, update := range documents.updates {
		cores = append(cores, &update.Core)
		if isExpired(update) {
			settings.Withheld = append(settings.Withheld, update.UpdateID)
		}
	}
	for _, name := range options.whatIf {
		if name == wholeCatalogue {
			settings.Updates = nil
			break
		}
		update, err := documents.find(name)
		if err != nil {
			return fmt.Errorf("-whatif %s: %w", name, err)
		}
		settings.Updates = append(settings.Updates, update.UpdateID)
	}
	impact, err := applicability.WhatIf(ctx, cores, machinesOf(options.facts), settings)
	if impact == nil {
		return err
	}
	impact.Titles(func(id uuid.UUID) string { return title(documents.updates[id]) })
	// What was found before an interruption is not lost.
	return errors.Join(writeImpact(stdout, options.json, impact), err, readable(impact))
}

func writeImpact(stdout io.Writer, asJSON bool, impact *applicability.Impact) error {
	if !asJSON {
		return impact.WriteText(stdout)
	}
	return encode(stdout, impact)
}

// readable tells when there is nothing to count.
func readable(impact *applicability.Impact) error {
	if impact.Machines > 0 {
		return nil
	}
	return errors.New("no snapshot could be read; -facts names a snapshot (.json) or a folder of them")
}

// machinesOf are the machines of every folder, file and shipped snapshot.
func machinesOf(names []string) iter.Seq[applicability.Machine] {
	return func(yield func(applicability.Machine) bool) {
		for _, name := range names {
			if !isFolder(name) {
				m := applicability.Machine{Name: name, Open: func(context.Context) (applicability.Facts, error) { return loadMachine(name) }}
				if !yield(m) {
					return
				}
				continue
			}
			for m := range snapshot.Stored(os.DirFS(name)) {
				m.Name = filepath.Join(name, filepath.FromSlash(m.Name))
				if !yield(m) {
					return
				}
			}
		}
	}
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// checkMachines refuses a name that is neither a folder nor a file nor a shipped snapshot before anything is read.
func checkMachines(names []string) error {
	for _, name := range names {
		if _, err := os.Stat(name); err == nil {
			continue
		}
		if _, err := loadMachine(name); err != nil {
			return err
		}
	}
	return nil
}
