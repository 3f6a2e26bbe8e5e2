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
		e.above, e.circular, e.circle = nil, false, 0
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
// nothing of the kind in proper catalogues.
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
	c.numberCircles(victims)
}

// numberCircles finds the updates of which each supersedes the other: it climbs from each to those above it, and then comes down the
// other way from those that were left last, which reaches the circle and nothing else.
func (c *catalogue) numberCircles(victims [][]*entry) {
	number := 0
	order := c.climbed()
	for i := len(order) - 1; i >= 0; i-- {
		if order[i].circle > 0 {
			continue
		}
		number++
		order[i].circle = number
		for open := []*entry{order[i]}; len(open) > 0; {
			e := open[len(open)-1]
			open = open[:len(open)-1]
			for _, victim := range victims[e.place] {
				if victim.circular && victim.circle == 0 {
					victim.circle = number
					open = append(open, victim)
				}
			}
		}
	}
}

// climbed lists the circular entries, each when everything above it that was not seen before has been left.
func (c *catalogue) climbed() []*entry {
	type climb struct {
		entry *entry
		above []*entry
	}
	var order []*entry
	seen := make([]bool, len(c.entries))
	for _, start := range c.entries {
		if !start.circular || seen[start.place] {
			continue
		}
		seen[start.place] = true
		for path := []climb{{start, start.above}}; len(path) > 0; {
			top := &path[len(path)-1]
			if len(top.above) == 0 {
				order = append(order, top.entry)
				path = path[:len(path)-1]
				continue
			}
			next := top.above[0]
			top.above = top.above[1:]
			if next.circular && !seen[next.place] {
				seen[next.place] = true
				path = append(path, climb{next, next.above})
			}
		}
	}
	return order
}
