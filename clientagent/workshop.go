package clientagent

import (
	"context"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// workshop is the catalogue with the facts of the machine at one moment, for what happens without a server.
type workshop struct {
	agent *Agent
	all   catalogue
	facts *applicability.Scan
	// highest is the catalogue by update, once it was asked for.
	highest map[uuid.UUID]*revision
}

func (a *Agent) openWorkshop(ctx context.Context) (*workshop, error) {
	all, err := a.readCatalogue(ctx)
	if err != nil {
		return nil, err
	}
	w := &workshop{agent: a, all: all}
	w.look()
	return w, nil
}

// look takes a new look at the machine: what was asked before is asked again.
func (w *workshop) look() {
	w.facts = w.agent.newScan()
	w.facts.Add(w.all.cores()...)
}

// latest maps every update to its highest revision.
func (w *workshop) latest() map[uuid.UUID]*revision {
	if w.highest == nil {
		w.highest = w.all.latest()
	}
	return w.highest
}

// newScan begins a look at the machine.
func (a *Agent) newScan() *applicability.Scan {
	return applicability.NewScan(a.machine, applicability.Options{Logic: a.config.Logic})
}
