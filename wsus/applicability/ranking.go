package applicability

import (
	"bytes"
	"slices"

	"github.com/seed599db172/softwareupdates/internal/circles"
)

// rank looks up what supersedes the entries, and where updates supersede each other in circles.
func (c *catalogue) rank() {
	if c.ranked {
		return
	}
	for _, e := range c.entries {
		e.above = nil
	}
	for _, e := range c.entries {
		if e.outdated {
			continue
		}
		for _, id := range e.core.Relationships.Superseded {
			if victim := c.highest[id]; victim != nil {
				victim.above = append(victim.above, e)
			}
		}
	}
	for _, e := range c.entries {
		slices.SortFunc(e.above, func(a, b *entry) int { return bytes.Compare(a.core.UpdateID[:], b.core.UpdateID[:]) })
	}
	numbers, _ := circles.Number(len(c.entries), func(place, k int) (int, bool) {
		above := c.entries[place].above
		if k == len(above) {
			return 0, false
		}
		return above[k].place, true
	})
	for _, e := range c.entries {
		e.circle = numbers[e.place]
	}
	c.ranked = true
}
