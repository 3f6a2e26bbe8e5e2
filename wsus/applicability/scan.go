package applicability

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Scan judges updates against one machine at one moment: what it has asked the machine once, it does not ask again. Make a new
// one for a new look at the machine. It is safe for concurrent use; questions are answered one at a time.
type Scan struct {
	mu    sync.Mutex
	logic Logic
	facts Facts
	all   *catalogue
	// withheld updates will not be offered.
	withheld map[uuid.UUID]bool
	// verdicts are those by the update's own rules, prerequisites and members, at the places of the catalogue. One that is not settled
	// is not applicable, or a draft.
	verdicts []Verdict
	settled  []bool
	marks    []mark
	book     *Rulebook
	// rules are the results by the numbers of the book.
	rules []ruling
}

// NewScan starts a scan of a machine.
func NewScan(facts Facts, options Options) *Scan {
	book := options.Rules
	if book == nil {
		book = &Rulebook{}
	}
	return &Scan{logic: options.Logic, facts: remember(facts), all: &catalogue{}, withheld: map[uuid.UUID]bool{}, book: book}
}

// Add makes updates known. It may be called again between questions, as a client learns of updates level by level; verdicts
// are then drawn anew, from facts and rules that stay judged. The cores must not be changed afterwards.
func (s *Scan) Add(cores ...*metadata.Core) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all.add(cores)
	s.settled = nil
}

// Withhold says that updates will not be offered, because nobody approved them or they have expired. They still count where
// they are installed, but while missing they supersede nothing.
func (s *Scan) Withhold(ids ...uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		s.withheld[id] = true
	}
}

// IsInstalled tells whether the highest revision of an update is installed, as prerequisites ask. An update that is not known or
// cannot be judged is not.
func (s *Scan) IsInstalled(ctx context.Context, id uuid.UUID) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all.highest[id]
	if e == nil {
		return false, nil
	}
	v, err := s.settle(ctx, e)
	return v.State == Installed, err
}

// Verdict judges the highest revision of an update by its own rules, prerequisites and members; what supersedes it shows only in
// Verdicts. It answers an error wrapping ErrUnknownUpdate for an update that was not added, else only that of ctx.
func (s *Scan) Verdict(ctx context.Context, id uuid.UUID) (Verdict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all.highest[id]
	if e == nil {
		return Verdict{}, fmt.Errorf("verdict of %v: %w", id, ErrUnknownUpdate)
	}
	return s.settle(ctx, e)
}

// Verdicts judges everything that was added, each update in its highest revision, and then drops what is superseded: a Required
// update is Superseded when one that supersedes it, directly or over others, is Installed, or is Required and not withheld. In
// three-valued logic it is Undecided when nothing but an update that cannot be judged may take its place.
func (s *Scan) Verdicts(ctx context.Context) (map[uuid.UUID]Verdict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	verdicts := make(map[uuid.UUID]Verdict, len(s.all.highest))
	for _, e := range s.all.entries {
		if e.outdated {
			continue
		}
		standing, err := s.stand(ctx, e)
		if err != nil {
			return nil, err
		}
		verdicts[e.core.UpdateID] = standing.Verdict
	}
	return verdicts, nil
}

// settle judges e after everything that its verdict depends on. Where updates depend on each other in a circle, none of them
// counts as installed unless something outside of the circle makes it so: verdicts start as not applicable and are drawn again
// until none changes.
func (s *Scan) settle(ctx context.Context, e *entry) (Verdict, error) {
	s.prepare()
	if s.settled[e.place] {
		return s.verdicts[e.place], nil
	}
	order, circular := []*entry{e}, false
	if !s.ready(e) {
		order, circular = s.dependencies(e)
	}
	for pass := 0; pass <= len(order); pass++ {
		changed := false
		for _, e := range order {
			v, err := s.judge(ctx, e)
			if err != nil {
				s.forget(order)
				return Verdict{}, err
			}
			changed = changed || v.State != s.verdicts[e.place].State
			s.verdicts[e.place] = v
		}
		if !circular || !changed {
			break
		}
	}
	for _, e := range order {
		s.settled[e.place] = true
	}
	return s.verdicts[e.place], nil
}

// prepare makes room for the verdicts after updates were added.
func (s *Scan) prepare() {
	if s.settled == nil {
		s.all.link()
		n := len(s.all.entries)
		s.verdicts, s.settled, s.marks = make([]Verdict, n), make([]bool, n), make([]mark, n)
	}
}

// forget takes back drafts.
func (s *Scan) forget(drafts []*entry) {
	for _, e := range drafts {
		s.verdicts[e.place] = Verdict{}
	}
}

// ready tells whether all that e depends on is settled.
func (s *Scan) ready(e *entry) bool {
	for _, dependency := range e.needs {
		if dependency != nil && !s.settled[dependency.place] {
			return false
		}
	}
	return true
}

// mark says how far a walk has come with an entry.
type mark uint8

const (
	unvisited mark = iota
	entered
	left
)

// dependencies lists what is not settled yet and e depends on, each after its own dependencies, e last.
func (s *Scan) dependencies(e *entry) (order []*entry, circular bool) {
	type step struct {
		entry *entry
		needs []*entry
	}
	s.marks[e.place] = entered
	for path := []step{{e, e.needs}}; len(path) > 0; {
		top := &path[len(path)-1]
		if len(top.needs) == 0 {
			s.marks[top.entry.place] = left
			order = append(order, top.entry)
			path = path[:len(path)-1]
			continue
		}
		next := top.needs[0]
		top.needs = top.needs[1:]
		switch {
		case next == nil || s.settled[next.place] || s.marks[next.place] == left:
		case s.marks[next.place] == entered:
			circular = true
		default:
			s.marks[next.place] = entered
			path = append(path, step{next, next.needs})
		}
	}
	for _, e := range order {
		s.marks[e.place] = unvisited
	}
	return order, circular
}
