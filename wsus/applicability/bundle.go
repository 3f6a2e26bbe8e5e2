package applicability

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// judgeBundle derives the state of a bundle from its members; rules of its own must agree with it.
func (s *Scan) judgeBundle(ctx context.Context, c *metadata.Core, known lookup) (Verdict, error) {
	parts := members(c, known)
	if parts.State == NotApplicable || parts.State == Undecided || c.Rules.IsInstalled == nil && c.Rules.IsInstallable == nil {
		return parts, ctx.Err()
	}
	installed, err := s.evaluate(ctx, c, c.Rules.IsInstalled)
	if err != nil {
		return Verdict{}, err
	}
	switch {
	case installed.Truth == Unknown:
		return undecided(installed), nil
	case installed.Truth == True:
		return decided(Installed, installed.Reason), nil
	case parts.State == Installed && c.Rules.IsInstalled == nil:
		return parts, nil
	case parts.State == Installed:
		return decided(NotApplicable, "all members are installed, but not the bundle: "+installed.Reason), nil
	}
	if c.Rules.IsInstallable == nil {
		return parts, nil
	}
	installable, err := s.evaluate(ctx, c, c.Rules.IsInstallable)
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
func members(c *metadata.Core, known lookup) Verdict {
	total := decided(Installed, "all members are installed")
	for _, clause := range c.Relationships.Bundled {
		v := alternatives(clause, known)
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
func alternatives(clause metadata.Clause, known lookup) Verdict {
	var best Verdict
	for _, id := range clause.Members {
		v, ok := known(id)
		switch {
		case !ok:
		case v.State == Required:
			return decided(Required, fmt.Sprintf("member %v is required: %s", id.UpdateID, v.Reason))
		case v.State == Undecided:
			best = Verdict{Undecided, fmt.Sprintf("member %v: %s", id.UpdateID, v.Reason), v.Err}
		case v.State == Installed && best.State == NotApplicable:
			best = decided(Installed, fmt.Sprintf("member %v is installed", id.UpdateID))
		}
	}
	if best.State == NotApplicable {
		best.Reason = "no member applies: " + names(clause)
	}
	return best
}

// Members returns what is to be installed for an update, in the order of the document: for a bundle every leaf below it that is
// Required, through bundles of bundles, each once; for any other update itself when it is Required. An update that was not
// added answers an error wrapping ErrUnknownUpdate.
func (s *Scan) Members(ctx context.Context, id uuid.UUID) ([]*metadata.Core, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.highest[id]
	if c == nil {
		return nil, fmt.Errorf("members of %v: %w", id, ErrUnknownUpdate)
	}
	w := &memberWalk{scan: s, seen: map[metadata.Identity]bool{}}
	err := w.add(ctx, c, 1)
	return w.leaves, err
}

type memberWalk struct {
	scan   *Scan
	seen   map[metadata.Identity]bool
	leaves []*metadata.Core
}

func (w *memberWalk) add(ctx context.Context, c *metadata.Core, depth int) error {
	if depth > MaxDepth {
		return fmt.Errorf("members of %v: bundles nest deeper than %d", c.UpdateID, MaxDepth)
	}
	if w.seen[c.Identity] {
		return nil
	}
	w.seen[c.Identity] = true
	v, err := w.scan.settle(ctx, c)
	if err != nil || v.State != Required {
		return err
	}
	if len(c.Relationships.Bundled) == 0 {
		w.leaves = append(w.leaves, c)
		return nil
	}
	for _, clause := range c.Relationships.Bundled {
		for _, id := range clause.Members {
			if member := w.scan.find(id); member != nil {
				if err := w.add(ctx, member, depth+1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
