package applicability

import (
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// catalogue is all updates that a scan knows, with the ways between them, so that judging looks nothing up by its id. Scans of many
// machines may share one: once prepared, it is only read until something is added.
type catalogue struct {
	entries []*entry
	highest map[uuid.UUID]*entry // of each update the highest revision
	// linked says that the entries know what they depend on, ranked that they know what supersedes them.
	linked, ranked bool
}

// entry is one revision of an update.
type entry struct {
	core *metadata.Core
	// place is that in the catalogue. A scan keeps what it finds out about the entry there.
	place int
	// lower is the next lower revision; outdated says that there is a higher one.
	lower    *entry
	outdated bool
	// numbers are those of the rules in a Rulebook, counted from 1; 0 where nobody asked yet.
	numbers [questions]int

	prerequisites, bundled []alternative
	// needs are the members of both, nil for those that are not known.
	needs []*entry
	// above are the updates that supersede this one directly, always in the same order.
	above []*entry
	// circle is the same number for updates of which each supersedes the other, over any number of steps.
	circle int
}

// alternative is a clause with its members, nil for those that are not known.
type alternative struct {
	*metadata.Clause
	entries []*entry
}

func (c *catalogue) add(cores []*metadata.Core) {
	if c.highest == nil {
		c.highest = make(map[uuid.UUID]*entry, len(cores))
		c.entries = make([]*entry, 0, len(cores))
	}
	fresh := make([]entry, len(cores))
	for i, core := range cores {
		fresh[i].core = core
		c.put(&fresh[i])
	}
	c.linked, c.ranked = false, false
}

// put takes in one revision. One that is there already is replaced.
func (c *catalogue) put(e *entry) {
	place := c.highest[e.core.UpdateID]
	if place == nil || place.core.Revision < e.core.Revision {
		if place != nil {
			place.outdated = true
		}
		e.lower = place
		c.highest[e.core.UpdateID] = e
	} else {
		for place.lower != nil && place.lower.core.Revision >= e.core.Revision {
			place = place.lower
		}
		if place.core.Revision == e.core.Revision {
			place.core, place.numbers = e.core, [questions]int{}
			return
		}
		e.outdated, e.lower, place.lower = true, place.lower, e
	}
	e.place = len(c.entries)
	c.entries = append(c.entries, e)
}

// find returns an exact revision, or the highest for revision 0, which is how prerequisites name updates.
func (c *catalogue) find(id metadata.Identity) *entry {
	highest := c.highest[id.UpdateID]
	for e := highest; e != nil; e = e.lower {
		if e.core.Revision == id.Revision {
			return e
		}
	}
	if id.Revision == 0 {
		return highest
	}
	return nil
}

// narrow keeps only what matters for the verdicts on the wanted updates, and looks up everything that scans would look up later, so
// that they only read the catalogue.
func (c *catalogue) narrow(wanted []*entry, book *Rulebook) {
	c.link()
	c.rank()
	kept := make(map[*entry]bool, len(wanted))
	var entries []*entry
	for queue := slices.Clone(wanted); len(queue) > 0; queue = queue[1:] {
		e := queue[0]
		if e == nil || kept[e] {
			continue
		}
		kept[e], e.place = true, len(entries)
		entries = append(entries, e)
		queue = append(append(queue, e.needs...), e.above...)
		for q := range questions {
			if e.rule(q) != nil {
				e.number(q, book)
			}
		}
	}
	c.entries = entries
}

// link looks up what the entries depend on.
func (c *catalogue) link() {
	if c.linked {
		return
	}
	clauses, members := 0, 0
	for _, e := range c.entries {
		for _, list := range [2][]metadata.Clause{e.core.Relationships.Prerequisites, e.core.Relationships.Bundled} {
			clauses += len(list)
			for i := range list {
				members += len(list[i].Members)
			}
		}
	}
	l := linker{catalogue: c, clauses: make([]alternative, 0, clauses), entries: make([]*entry, 0, members)}
	for _, e := range c.entries {
		from := len(l.entries)
		e.prerequisites = l.link(e.core.Relationships.Prerequisites)
		e.bundled = l.link(e.core.Relationships.Bundled)
		e.needs = l.entries[from:]
	}
	c.linked = true
}

// linker keeps the links of all entries in two lists.
type linker struct {
	catalogue *catalogue
	clauses   []alternative
	entries   []*entry
}

func (l *linker) link(clauses []metadata.Clause) []alternative {
	first := len(l.clauses)
	for i := range clauses {
		from := len(l.entries)
		for _, id := range clauses[i].Members {
			l.entries = append(l.entries, l.catalogue.find(id))
		}
		l.clauses = append(l.clauses, alternative{&clauses[i], l.entries[from:]})
	}
	return l.clauses[first:]
}
