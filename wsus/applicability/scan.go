package applicability

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Scan judges updates against one machine at one moment: what it has asked the machine once, it does not ask again. Make a new
// one for a new look at the machine. It is safe for concurrent use; questions are answered one at a time.
type Scan struct {
	mu      sync.Mutex
	logic   Logic
	facts   Facts
	updates map[metadata.Identity]*metadata.Core
	highest map[uuid.UUID]*metadata.Core
	// withheld updates will not be offered.
	withheld map[uuid.UUID]bool
	verdicts map[metadata.Identity]Verdict
	book     *Rulebook
	// rules are the results by the numbers of the book.
	rules map[int]Result
}

// NewScan starts a scan of a machine.
func NewScan(facts Facts, options Options) *Scan {
	book := options.Rules
	if book == nil {
		book = &Rulebook{}
	}
	return &Scan{
		logic:    options.Logic,
		facts:    remember(facts),
		updates:  map[metadata.Identity]*metadata.Core{},
		highest:  map[uuid.UUID]*metadata.Core{},
		withheld: map[uuid.UUID]bool{},
		verdicts: map[metadata.Identity]Verdict{},
		book:     book,
		rules:    map[int]Result{},
	}
}

// Add makes updates known. It may be called again between questions, as a client learns of updates level by level; verdicts
// are then drawn anew, from facts and rules that stay judged. The cores must not be changed afterwards.
func (s *Scan) Add(cores ...*metadata.Core) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.updates) == 0 {
		s.updates = make(map[metadata.Identity]*metadata.Core, len(cores))
		s.highest = make(map[uuid.UUID]*metadata.Core, len(cores))
		s.verdicts = make(map[metadata.Identity]Verdict, len(cores))
	}
	for _, c := range cores {
		s.updates[c.Identity] = c
		if h := s.highest[c.UpdateID]; h == nil || c.Revision >= h.Revision {
			s.highest[c.UpdateID] = c
		}
	}
	clear(s.verdicts)
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
	c := s.highest[id]
	if c == nil {
		return false, nil
	}
	v, err := s.settle(ctx, c)
	return v.State == Installed, err
}

// Verdict judges the highest revision of an update by its own rules, prerequisites and members; what supersedes it shows only in
// Verdicts. It answers an error wrapping ErrUnknownUpdate for an update that was not added, else only that of ctx.
func (s *Scan) Verdict(ctx context.Context, id uuid.UUID) (Verdict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.highest[id]
	if c == nil {
		return Verdict{}, fmt.Errorf("verdict of %v: %w", id, ErrUnknownUpdate)
	}
	return s.settle(ctx, c)
}

// Verdicts judges everything that was added, each update in its highest revision, and then drops what is superseded: a Required
// update is Superseded when one that supersedes it, directly or over others, is Installed, or is Required and not withheld.
func (s *Scan) Verdicts(ctx context.Context) (map[uuid.UUID]Verdict, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	verdicts := make(map[uuid.UUID]Verdict, len(s.highest))
	for id, c := range s.highest {
		v, err := s.settle(ctx, c)
		if err != nil {
			return nil, err
		}
		verdicts[id] = v
	}
	s.supersede(verdicts)
	return verdicts, nil
}

// settle judges c after everything that its verdict depends on. Where updates depend on each other in a circle, none of them
// counts as installed unless something outside of the circle makes it so: verdicts start as not applicable and are drawn again
// until none changes.
func (s *Scan) settle(ctx context.Context, c *metadata.Core) (Verdict, error) {
	if v, ok := s.verdicts[c.Identity]; ok {
		return v, nil
	}
	if s.ready(c) {
		v, err := s.judge(ctx, c, nil)
		if err == nil {
			s.verdicts[c.Identity] = v
		}
		return v, err
	}
	order, circular := s.dependencies(c)
	draft := make(map[metadata.Identity]Verdict, len(order))
	for pass := 0; pass <= len(order); pass++ {
		changed := false
		for _, c := range order {
			v, err := s.judge(ctx, c, draft)
			if err != nil {
				return Verdict{}, err
			}
			changed = changed || v.State != draft[c.Identity].State
			draft[c.Identity] = v
		}
		if !circular || !changed {
			break
		}
	}
	for id, v := range draft {
		s.verdicts[id] = v
	}
	return s.verdicts[c.Identity], nil
}

// ready tells whether all that c depends on is settled.
func (s *Scan) ready(c *metadata.Core) bool {
	for _, clauses := range [2][]metadata.Clause{c.Relationships.Prerequisites, c.Relationships.Bundled} {
		for _, clause := range clauses {
			for _, id := range clause.Members {
				dependency := s.find(id)
				if dependency == nil {
					continue
				}
				if _, settled := s.verdicts[dependency.Identity]; !settled {
					return false
				}
			}
		}
	}
	return true
}

// dependencies lists what is not settled yet and c depends on, each after its own dependencies, c last.
func (s *Scan) dependencies(c *metadata.Core) (order []*metadata.Core, circular bool) {
	type step struct {
		core *metadata.Core
		left []*metadata.Core
	}
	const open, done = 1, 2
	marks := map[metadata.Identity]int{c.Identity: open}
	path := []step{{c, s.direct(c)}}
	for len(path) > 0 {
		top := &path[len(path)-1]
		if len(top.left) == 0 {
			marks[top.core.Identity] = done
			order = append(order, top.core)
			path = path[:len(path)-1]
			continue
		}
		next := top.left[0]
		top.left = top.left[1:]
		switch marks[next.Identity] {
		case open:
			circular = true
		case done:
		default:
			if _, settled := s.verdicts[next.Identity]; !settled {
				marks[next.Identity] = open
				path = append(path, step{next, s.direct(next)})
			}
		}
	}
	return order, circular
}

// direct are the known prerequisites and members of c.
func (s *Scan) direct(c *metadata.Core) []*metadata.Core {
	var out []*metadata.Core
	for _, clause := range slices.Concat(c.Relationships.Prerequisites, c.Relationships.Bundled) {
		for _, id := range clause.Members {
			if dependency := s.find(id); dependency != nil {
				out = append(out, dependency)
			}
		}
	}
	return out
}

// find returns an exact revision, or the highest for revision 0, which is how prerequisites name updates.
func (s *Scan) find(id metadata.Identity) *metadata.Core {
	if c := s.updates[id]; c != nil {
		return c
	}
	if id.Revision == 0 {
		return s.highest[id.UpdateID]
	}
	return nil
}
