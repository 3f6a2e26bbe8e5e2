package wsus

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// UpdateSummary counts the computers by the state of an update: the product's IUpdateSummary.
type UpdateSummary struct {
	UpdateID uuid.UUID
	States   InstallationStates
}

// ComputerSummary counts the updates by their state on a computer.
type ComputerSummary struct {
	ComputerID string
	States     InstallationStates
}

// SummariesPerUpdate counts the computers of a group and of those below it for every update that can be approved, in the revision in
// force, neither declined nor expired; in the order in which the catalogue learnt of them. AllComputers counts everywhere. It answers
// ErrNotFound for an unknown group.
func (s *Server) SummariesPerUpdate(ctx context.Context, group uuid.UUID) ([]UpdateSummary, error) {
	t, err := s.count(ctx, group)
	if err != nil {
		return nil, fmt.Errorf("summaries per update: %w", err)
	}
	return t.perUpdate(), nil
}

// SummariesPerComputerTarget counts the same updates for every computer of a group and of those below it, ordered by computer. It answers
// ErrNotFound for an unknown group.
func (s *Server) SummariesPerComputerTarget(ctx context.Context, group uuid.UUID) ([]ComputerSummary, error) {
	t, err := s.count(ctx, group)
	if err != nil {
		return nil, fmt.Errorf("summaries per computer: %w", err)
	}
	slices.SortFunc(t.computers, func(a, b ComputerSummary) int { return strings.Compare(a.ComputerID, b.ComputerID) })
	return t.computers, nil
}

// TotalSummary counts the pairs of a computer and an update of SummariesPerUpdate, as the product's GetTotalSummary of a group does. It
// answers ErrNotFound for an unknown group.
func (s *Server) TotalSummary(ctx context.Context, group uuid.UUID) (InstallationStates, error) {
	t, err := s.count(ctx, group)
	if err != nil {
		return InstallationStates{}, fmt.Errorf("total summary: %w", err)
	}
	var total InstallationStates
	for _, c := range t.computers {
		for state, n := range c.States {
			total[state] += n
		}
	}
	return total, nil
}

// tally is one pass over the board. What no status event named is not counted one by one: how many computers knew of an update when they
// reported follows from the versions of the catalogue that they reported about.
type tally struct {
	updates   []*catalog.Revision
	since     []int64              // by update
	states    []InstallationStates // by update: of what was named
	covered   []int                // by update: how many of those came from computers that knew of it
	versions  []int64              // by computer: what it reported about, -1 when it never did
	computers []ComputerSummary
	sorted    []int64 // since, in order
}

// count walks over the states of the computers of a group.
func (s *Server) count(ctx context.Context, group uuid.UUID) (*tally, error) {
	v := s.view.Load()
	if !v.tree.has(group) {
		return nil, fmt.Errorf("target group %s: %w", group, ErrNotFound)
	}
	t := newTally(v)
	within := v.tree.under(group)
	err := s.states.read(ctx, s.store, func() {
		place := make([]int32, len(s.states.update))
		for i := range place {
			place[i] = -1
		}
		for i, r := range t.updates {
			if n, numbered := s.states.number[r.UpdateID]; numbered {
				place[n] = int32(i)
			}
		}
		for id, column := range s.states.column {
			if group == AllComputers || overlap(s.groupsOf(v, column.computer), within) {
				t.add(id, column, place)
			}
		}
	})
	return t, err
}

func newTally(v *view) *tally {
	t := &tally{}
	for r := range v.generation.All() {
		if v.counts(r) {
			t.updates = append(t.updates, r)
			t.since = append(t.since, r.Since)
		}
	}
	t.sorted = slices.Sorted(slices.Values(t.since))
	t.states, t.covered = make([]InstallationStates, len(t.updates)), make([]int, len(t.updates))
	return t
}

// counts says whether summaries count a revision: what Status counts too, so that the numbers fit together.
func (v *view) counts(r *catalog.Revision) bool {
	return r.Deployable && v.inForce(r) && v.reportable(r.UpdateID) && !r.Expired && !v.declined[r.UpdateID]
}

func (t *tally) add(id string, column *stateColumn, place []int32) {
	version := int64(-1)
	if !column.computer.LastReportedStatusTime.IsZero() {
		version = column.computer.StatusVersion
	}
	own := ComputerSummary{ComputerID: id}
	named, covered := 0, 0
	for _, packed := range column.states {
		i := place[packed>>3]
		if i < 0 {
			continue
		}
		state := packed & 7
		t.states[i][state]++
		own.States[state]++
		named++
		if t.since[i] <= version {
			t.covered[i]++
			covered++
		}
	}
	known := sort.Search(len(t.sorted), func(i int) bool { return t.sorted[i] > version })
	own.States[NotApplicable] += known - covered
	own.States[Unknown] += len(t.updates) - named - (known - covered)
	t.computers, t.versions = append(t.computers, own), append(t.versions, version)
}

func (t *tally) perUpdate() []UpdateSummary {
	slices.Sort(t.versions)
	out := make([]UpdateSummary, len(t.updates))
	for i, r := range t.updates {
		first, _ := slices.BinarySearch(t.versions, r.Since)
		unnamed := len(t.versions) - first - t.covered[i]
		named := 0
		for _, n := range t.states[i] {
			named += n
		}
		out[i] = UpdateSummary{UpdateID: r.UpdateID, States: t.states[i]}
		out[i].States[NotApplicable] += unnamed
		out[i].States[Unknown] += len(t.versions) - named - unnamed
	}
	return out
}
