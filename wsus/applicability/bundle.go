package applicability

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// judgeBundle derives the state of a bundle from its members; rules of its own must agree with it.
func (s *Scan) judgeBundle(ctx context.Context, e *entry) (Verdict, error) {
	parts, rules := s.members(e), e.core.Rules
	if parts.State == NotApplicable || parts.State == Undecided || rules.IsInstalled == nil && rules.IsInstallable == nil {
		return parts, ctx.Err()
	}
	installed, err := s.evaluate(ctx, e, isInstalled)
	if err != nil {
		return Verdict{}, err
	}
	switch {
	case installed.Truth == Unknown:
		return undecided(installed), nil
	case installed.Truth == True:
		return decided(Installed, installed.Reason), nil
	case parts.State == Installed && rules.IsInstalled == nil:
		return parts, nil
	case parts.State == Installed:
		return decided(NotApplicable, "all members are installed, but not the bundle: "+installed.Reason), nil
	}
	if rules.IsInstallable == nil {
		return parts, nil
	}
	installable, err := s.evaluate(ctx, e, isInstallable)
	switch {
	case err != nil:
		return Verdict{}, err
	case installable.Truth == Unknown:
		return undecided(installable), nil
	case installable.Truth == False:
		return decided(NotApplicable, installable.Reason), nil
	}
	return parts, nil
}

// members is the conjunction of the clauses: one that does not apply decides, then one that cannot be judged.
func (s *Scan) members(e *entry) Verdict {
	total := decided(Installed, "all members are installed")
	for _, clause := range e.bundled {
		v := s.alternatives(clause)
		switch {
		case v.State == NotApplicable:
			return v
		case v.State == Undecided:
			total = v
		case v.State == Required && total.State == Installed:
			total = v
		}
	}
	return total
}

// alternatives is the state of one clause: Required if a member is, else Installed if one is, else none applies. Members that
// are superseded on the machine are alternatives that do not apply, and so are those that are not known: a server keeps back
// members whose prerequisites do not hold.
func (s *Scan) alternatives(clause alternative) Verdict {
	var best Verdict
	for _, e := range clause.entries {
		if e == nil {
			continue
		}
		v := s.verdicts[e.place]
		switch {
		case v.State == Required:
			return decided(Required, fmt.Sprintf("member %v is required: %s", e.core.UpdateID, brief(v.Reason)))
		case v.State == Undecided:
			best = Verdict{Undecided, fmt.Sprintf("member %v: %s", e.core.UpdateID, brief(v.Reason)), v.Err}
		case v.State == Installed && best.State == NotApplicable:
			best = decided(Installed, fmt.Sprintf("member %v is installed", e.core.UpdateID))
		}
	}
	if best.State == NotApplicable {
		best.Reason = "no member applies: " + names(clause.Clause)
	}
	return best
}

// Members returns what is to be installed for an update, in the order of the document: for a bundle every leaf below it that is
// Required, through bundles of bundles, each once; for any other update itself when it is Required. An update that was not
// added answers an error wrapping ErrUnknownUpdate.
func (s *Scan) Members(ctx context.Context, id uuid.UUID) ([]*metadata.Core, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all.highest[id]
	if e == nil {
		return nil, fmt.Errorf("members of %v: %w", id, ErrUnknownUpdate)
	}
	w := &memberWalk{scan: s, seen: map[*entry]bool{}}
	err := w.add(ctx, e, 1)
	return w.leaves, err
}

type memberWalk struct {
	scan   *Scan
	seen   map[*entry]bool
	leaves []*metadata.Core
}

func (w *memberWalk) add(ctx context.Context, e *entry, depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("members of %v: bundles nest deeper than %d", e.core.UpdateID, MaxDepth)
	}
	if w.seen[e] {
		return nil
	}
	w.seen[e] = true
	v, err := w.scan.settle(ctx, e)
	if err != nil || v.State != Required {
		return err
	}
	if len(e.bundled) == 0 {
		w.leaves = append(w.leaves, e.core)
		return nil
	}
	for _, clause := range e.bundled {
		for _, member := range clause.entries {
			if member == nil {
				continue
			}
			if err := w.add(ctx, member, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
