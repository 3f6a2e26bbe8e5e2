package wsus

import (
	"context"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// driverNote is what came of the last driver pass of a computer, for Explain. A pass names all devices of a computer, which would be far too
// much to keep; the note is a few numbers, and is kept in memory only.
type driverNote struct {
	// heard is the anchor that the pass ended with; 0: there was none.
	heard int64
	// chosen are the revisions that the computer was to have, beaten those that have an id of one of its devices and are not chosen.
	chosen, beaten []int32
}

// maxBeaten bounds what is noted of a computer that names as many hardware ids as there are drivers.
const maxBeaten = 256

// outcome is what there is to note after all devices.
func (c *driverContest) outcome(v *view) driverNote {
	n := driverNote{heard: v.anchor()}
	c.room.wanted.each(func(i int32) bool {
		n.chosen = append(n.chosen, c.sc.entries[i].revision.ID)
		return true
	})
	slices.Sort(c.met)
	for _, i := range slices.Compact(c.met) {
		if len(n.beaten) < maxBeaten && !c.room.wanted.has(i) {
			n.beaten = append(n.beaten, c.sc.entries[i].revision.ID)
		}
	}
	return n
}

// noteDrivers keeps the outcome of a pass.
func (s *Server) noteDrivers(ctx context.Context, b clientsync.Bearer, n driverNote) {
	c, err := s.lock(ctx, b.ID)
	if err != nil {
		return // the request itself has read the same a moment ago
	}
	defer c.mu.Unlock()
	if m := c.of(b); m != nil {
		m.drivers = n
	}
}

// driversOf returns the note of a computer.
func (r *clients) driversOf(computer Computer) driverNote {
	r.mu.RLock()
	c := r.byID[computer.ClientID()]
	r.mu.RUnlock()
	if c == nil {
		return driverNote{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.machines {
		if m.ID == computer.ID {
			return m.drivers
		}
	}
	return driverNote{}
}

// knows says that the pass was made with the entry as it is now, and in groups that have not changed since regrouped.
func (n driverNote) knows(e *entry, regrouped int64) bool {
	_, sequence := splitAnchor(n.heard)
	return n.heard != 0 && sequence >= regrouped && !e.changedSince(n.heard)
}

// isExtension says that a driver only adds to those of devices, which no pass compares.
func isExtension(r *catalog.Revision) bool {
	return !slices.ContainsFunc(r.Drivers, func(d catalog.Driver) bool { return !extends(&d) })
}
