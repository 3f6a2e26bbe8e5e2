package applicability

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Why explains the verdict on the highest revision of an update, with what supersedes it, as Verdicts has it. It asks the machine
// nothing that judging does not ask. It answers an error wrapping ErrUnknownUpdate for an update that was not added, else only
// that of ctx.
func (s *Scan) Why(ctx context.Context, id uuid.UUID) (Explanation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all.highest[id]
	if e == nil {
		return Explanation{}, fmt.Errorf("explain %v: %w", id, ErrUnknownUpdate)
	}
	w := &why{scan: s, seen: map[*entry]bool{}}
	x, err := w.explain(ctx, e, 1)
	if err != nil {
		return Explanation{}, err
	}
	standing, err := s.stand(ctx, e)
	if err != nil {
		return Explanation{}, err
	}
	x.Verdict, x.SupersededBy = standing.Verdict, standing.id()
	for _, by := range standing.open {
		above, err := w.explain(ctx, by, 1)
		if err != nil {
			return Explanation{}, err
		}
		x.Superseders = append(x.Superseders, above)
	}
	return *x, nil
}

// why is one walk over an update and what it depends on.
type why struct {
	scan *Scan
	seen map[*entry]bool
}

func (w *why) explain(ctx context.Context, e *entry, depth int) (*Explanation, error) {
	v, err := w.scan.settle(ctx, e)
	if err != nil {
		return nil, err
	}
	x := &Explanation{Update: e.core.Identity, Type: e.core.Type, Verdict: v}
	if x.Repeated = w.seen[e]; x.Repeated {
		return x, nil
	}
	if x.TooDeep = depth > MaxExplained; x.TooDeep {
		return x, nil
	}
	w.seen[e] = true
	holds, err := w.prerequisites(ctx, x, e, depth)
	if err != nil {
		return nil, err
	}
	open := holds == True
	if open && len(e.bundled) > 0 {
		if open, err = w.bundled(ctx, x, e, depth); err != nil {
			return nil, err
		}
	}
	return x, w.rules(ctx, x, e.core, open)
}

// prerequisites explains the clauses up to the first that does not hold.
func (w *why) prerequisites(ctx context.Context, x *Explanation, e *entry, depth int) (Truth, error) {
	total := True
	for _, clause := range e.prerequisites {
		if total == False {
			x.Prerequisites = append(x.Prerequisites, ExplainedClause{Skipped: true, Others: len(clause.Members)})
			continue
		}
		r := w.scan.satisfied(clause)
		explained := ExplainedClause{State: map[Truth]State{True: Installed, Unknown: Undecided}[r.Truth], Reason: r.Reason}
		if err := w.members(ctx, &explained, clause, depth, r.Truth == True); err != nil {
			return False, err
		}
		x.Prerequisites = append(x.Prerequisites, explained)
		total = total.And(r.Truth)
	}
	return total, nil
}

// bundled explains the clauses of a bundle, and tells whether rules of its own still matter.
func (w *why) bundled(ctx context.Context, x *Explanation, e *entry, depth int) (bool, error) {
	stop := false
	for _, clause := range e.bundled {
		if stop {
			x.Bundled = append(x.Bundled, ExplainedClause{Skipped: true, Others: len(clause.Members)})
			continue
		}
		v := w.scan.alternatives(clause)
		explained := ExplainedClause{State: v.State, Reason: v.Reason}
		if err := w.members(ctx, &explained, clause, depth, false); err != nil {
			return false, err
		}
		x.Bundled = append(x.Bundled, explained)
		stop = v.State == NotApplicable
	}
	parts := w.scan.members(e)
	return parts.State != NotApplicable && parts.State != Undecided, nil
}

// members explains those of a clause. Of a clause that holds, the first that is installed says it all.
func (w *why) members(ctx context.Context, explained *ExplainedClause, clause alternative, depth int, holds bool) error {
	for i, member := range clause.entries {
		if member == nil {
			explained.Unknown = append(explained.Unknown, clause.Members[i])
			continue
		}
		if holds && (w.scan.verdicts[member.place].State != Installed || len(explained.Members) > 0) {
			explained.Others++
			continue
		}
		x, err := w.explain(ctx, member, depth+1)
		if err != nil {
			return err
		}
		explained.Members = append(explained.Members, x)
	}
	return nil
}

// rules traces those that were asked, and marks the others as skipped: all of them where open is false.
func (w *why) rules(ctx context.Context, x *Explanation, c *metadata.Core, open bool) error {
	bundle := len(c.Relationships.Bundled) > 0
	for _, rule := range []struct {
		name string
		node *metadata.Node
	}{{"IsInstalled", c.Rules.IsInstalled}, {"IsSuperseded", c.Rules.IsSuperseded}, {"IsInstallable", c.Rules.IsInstallable}} {
		if rule.node == nil || bundle && rule.name == "IsSuperseded" {
			continue
		}
		if !open {
			x.Rules = append(x.Rules, ExplainedRule{rule.name, skipped(rule.node, 1)})
			continue
		}
		t, err := Explain(ctx, w.scan.facts, rule.node, c.Rules.Metadata, Options{Logic: w.scan.logic, Update: c.UpdateID})
		if err != nil {
			return err
		}
		x.Rules = append(x.Rules, ExplainedRule{rule.name, t})
		decides := t.Truth == True && rule.name != "IsInstallable"
		open = !decides && (t.Err == nil || rule.name == "IsSuperseded")
	}
	return nil
}
