package applicability

import "context"

// missing are the parts of rules for want of which e cannot be judged: in its own rules, in those of its prerequisites and
// members, and in those of updates that may supersede it. Told the facts that they ask for, everything is decided, unless what is
// told makes a rule ask for more.
func (s *Scan) missing(ctx context.Context, e *entry) ([]*RuleError, error) {
	w := &missingWalk{scan: s, seen: map[*entry]bool{}}
	if err := w.add(ctx, e); err != nil {
		return nil, err
	}
	_, open, err := s.superseder(ctx, e)
	if err != nil {
		return nil, err
	}
	for _, above := range open {
		if err := w.add(ctx, above); err != nil {
			return nil, err
		}
	}
	return w.parts, nil
}

type missingWalk struct {
	scan  *Scan
	seen  map[*entry]bool
	parts []*RuleError
}

// add goes through an update whose own verdict is settled, and those that it depends on.
func (w *missingWalk) add(ctx context.Context, e *entry) error {
	if w.seen[e] || w.scan.verdicts[e.place].State != Undecided {
		return nil
	}
	w.seen[e] = true
	for _, clause := range e.prerequisites {
		if w.open(clause, Installed) {
			if err := w.members(ctx, clause); err != nil {
				return err
			}
		}
	}
	for _, clause := range e.bundled {
		if w.open(clause, Required) {
			if err := w.members(ctx, clause); err != nil {
				return err
			}
		}
	}
	return w.rules(ctx, e)
}

// open tells whether a clause hangs on members that cannot be judged: none of the others decides it.
func (w *missingWalk) open(clause alternative, decisive State) bool {
	unknown := false
	for _, member := range clause.entries {
		if member == nil {
			continue
		}
		switch w.scan.verdicts[member.place].State {
		case decisive:
			return false
		case Undecided:
			unknown = true
		}
	}
	return unknown
}

func (w *missingWalk) members(ctx context.Context, clause alternative) error {
	for _, member := range clause.entries {
		if member == nil {
			continue
		}
		if err := w.add(ctx, member); err != nil {
			return err
		}
	}
	return nil
}

// rules takes also those into account that were not asked yet, because something before them cannot be judged.
func (w *missingWalk) rules(ctx context.Context, e *entry) error {
	for q := range questions {
		if q == isSuperseded && len(e.bundled) > 0 {
			continue
		}
		r, err := w.scan.ruling(ctx, e, q)
		if err != nil {
			return err
		}
		if r.Truth == True {
			return nil
		}
		w.parts = append(w.parts, r.missing...)
	}
	return nil
}
