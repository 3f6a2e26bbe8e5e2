package clientagent_test

import (
	"github.com/seed599db172/softwareupdates/clientagent"
)

var simGroups = []string{"A", "B", "C"}

// drawGroups puts the servers into boundary groups, and has neighbors among them. Without other servers there is nothing to choose.
func (w *simWorld) drawGroups() error {
	if len(w.points) == 0 {
		return nil
	}
	w.fallback = map[string]int{}
	for _, from := range simGroups {
		for _, to := range simGroups {
			if from != to {
				w.fallback[from+to] = []int{0, 30, 120, 180, 600, clientagent.NeverFallback}[w.extra.IntN(6)]
			}
		}
	}
	for _, p := range w.points {
		p.group = simGroups[w.extra.IntN(len(simGroups))]
	}
	return nil
}

// groupOf is the boundary group of a server; the site's own is in the first.
func (w *simWorld) groupOf(server string) string {
	for _, p := range w.points {
		if p.name == server {
			return p.group
		}
	}
	return simGroups[0]
}

// planMoves has machines that are carried from one boundary group to another.
func (a *simAgent) planMoves() {
	if a.world.fallback == nil {
		return
	}
	for range a.extra.IntN(4) {
		a.some(func() {
			a.group = simGroups[a.extra.IntN(len(simGroups))]
			a.moves++
			a.world.happened("group: moved")
			a.log("is in boundary group %s now", a.group)
		})
	}
}
