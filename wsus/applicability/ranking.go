package applicability

import (
	"bytes"
	"slices"
)

// rank looks up what supersedes the entries, and where updates supersede each other in circles.
func (c *catalogue) rank() {
	if c.ranked {
		return
	}
	victims := make([][]*entry, len(c.entries))
	for _, e := range c.entries {
		e.above, e.circular = nil, false
	}
	for _, e := range c.entries {
		if e.outdated {
			continue
		}
		for _, id := range e.core.Relationships.Superseded {
			if victim := c.highest[id]; victim != nil {
				victims[e.place] = append(victims[e.place], victim)
				victim.above = append(victim.above, e)
			}
		}
	}
	for _, e := range c.entries {
		slices.SortFunc(e.above, func(a, b *entry) int { return bytes.Compare(a.core.UpdateID[:], b.core.UpdateID[:]) })
	}
	c.findCircles(victims)
	c.ranked = true
}

// findCircles takes away one after the other what nothing supersedes any more. What is left is in a circle or below one; there is
// nothing of the kind in proper catalogues, and for all others nobody need look whether two updates supersede each other.
func (c *catalogue) findCircles(victims [][]*entry) {
	above := make([]int, len(c.entries))
	var free []*entry
	for _, e := range c.entries {
		above[e.place] = len(e.above)
		e.circular = len(e.above) > 0
		if !e.circular {
			free = append(free, e)
		}
	}
	for ; len(free) > 0; free = free[1:] {
		for _, victim := range victims[free[0].place] {
			if above[victim.place]--; above[victim.place] == 0 {
				victim.circular = false
				free = append(free, victim)
			}
		}
	}
}

// below tells whether top supersedes e, directly or over others.
func (e *entry) below(top *entry) bool {
	seen := map[*entry]bool{e: true}
	for queue := slices.Clone(e.above); len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		if next == top {
			return true
		}
		if !seen[next] {
			seen[next] = true
			queue = append(queue, next.above...)
		}
	}
	return false
}
