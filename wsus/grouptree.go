package wsus

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// MaxGroupDepth is how many groups may lie one in another, below All Computers.
const MaxGroupDepth = 16

// groupTree are the target groups of one view. It never changes.
type groupTree struct {
	own  []TargetGroup // by name
	byID map[uuid.UUID]TargetGroup
}

// builtInGroups come before all others, in this order.
func builtInGroups() []TargetGroup {
	return []TargetGroup{
		{ID: AllComputers, Name: "All Computers"},
		{ID: UnassignedComputers, Name: "Unassigned Computers", ParentID: AllComputers},
		{ID: DownstreamServers, Name: "Downstream Servers"},
	}
}

func builtIn(group uuid.UUID) bool {
	return group == AllComputers || group == UnassignedComputers || group == DownstreamServers
}

func newGroupTree(own []TargetGroup) groupTree {
	t := groupTree{own: own, byID: make(map[uuid.UUID]TargetGroup, len(own)+3)}
	for _, g := range slices.Concat(builtInGroups(), own) {
		t.byID[g.ID] = g
	}
	return t
}

func (t groupTree) has(id uuid.UUID) bool {
	_, ok := t.byID[id]
	return ok
}

func (t groupTree) named(name string) (uuid.UUID, bool) {
	for _, g := range t.own {
		if strings.EqualFold(g.Name, name) {
			return g.ID, true
		}
	}
	return uuid.Nil, false
}

// up yields a group and those above it, to All Computers. It ends after MaxGroupDepth groups whatever a store says.
func (t groupTree) up(id uuid.UUID) []uuid.UUID {
	var path []uuid.UUID
	for g, ok := t.byID[id]; ok && len(path) <= MaxGroupDepth; g, ok = t.byID[g.ParentID] {
		path = append(path, g.ID)
	}
	return path
}

// under returns a group and all below it, parents before children.
func (t groupTree) under(id uuid.UUID) []uuid.UUID {
	all := []uuid.UUID{id}
	for i := 0; i < len(all); i++ {
		all = append(all, t.children(all[i])...)
	}
	return all
}

func (t groupTree) children(id uuid.UUID) []uuid.UUID {
	var ids []uuid.UUID
	for _, g := range slices.Concat(builtInGroups(), t.own) {
		if g.ParentID == id && g.ID != id {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// height is how many groups lie below one another from here down, itself included.
func (t groupTree) height(id uuid.UUID) int {
	deepest := 0
	for _, child := range t.children(id) {
		deepest = max(deepest, t.height(child))
	}
	return deepest + 1
}

// reach are the groups whose approvals reach a computer, each with its level: 0 for a group that the computer is in, and for one
// above others the longest way down to such a group, so that a group is never on the level of one below it, and All Computers is
// last.
type reach map[uuid.UUID]int

func (t groupTree) reach(groups []uuid.UUID) reach {
	r := make(reach)
	for _, group := range groups {
		for level, g := range t.up(group) {
			r[g] = max(r[g], level)
		}
	}
	return r
}
