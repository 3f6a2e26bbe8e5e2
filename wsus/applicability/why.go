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
	c := s.highest[id]
	if c == nil {
		return Explanation{}, fmt.Errorf("explain %v: %w", id, ErrUnknownUpdate)
	}
	w := &why{scan: s, seen: map[metadata.Identity]bool{}}
	x, err := w.explain(ctx, c, 1)
	if err != nil {
		return Explanation{}, err
	}
	if x.Verdict.State == Required {
		err = s.explainSupersedence(ctx, x)
	}
	return *x, err
}

// explainSupersedence looks for what takes the place of a required update.
func (s *Scan) explainSupersedence(ctx context.Context, x *Explanation) error {
	above := s.above()
	verdicts := map[uuid.UUID]Verdict{}
	for queue := []uuid.UUID{x.Update.UpdateID}; len(queue) > 0; queue = queue[1:] {
		if _, ok := verdicts[queue[0]]; ok {
			continue
		}
		v, err := s.settle(ctx, s.highest[queue[0]])
		if err != nil {
			return err
		}
		verdicts[queue[0]] = v
		queue = append(queue, above[queue[0]]...)
	}
	if by, ok := s.superseder(x.Update.UpdateID, above, circles(above), verdicts); ok {
		x.SupersededBy, x.Verdict = by, supersededBy(by, verdicts[by])
	}
	return nil
}

// why is one walk over an update and what it depends on.
type why struct {
	scan *Scan
	seen map[metadata.Identity]bool
}

func (w *why) explain(ctx context.Context, c *metadata.Core, depth int) (*Explanation, error) {
	v, err := w.scan.settle(ctx, c)
	if err != nil {
		return nil, err
	}
	x := &Explanation{Update: c.Identity, Type: c.Type, Verdict: v}
	if w.seen[c.Identity] || depth > MaxDepth {
		x.Repeated = true
		return x, nil
	}
	w.seen[c.Identity] = true
	holds, err := w.prerequisites(ctx, x, c, depth)
	if err != nil {
		return nil, err
	}
	open := holds == True
	if open && len(c.Relationships.Bundled) > 0 {
		if open, err = w.bundled(ctx, x, c, depth); err != nil {
			return nil, err
		}
	}
	return x, w.rules(ctx, x, c, open)
}

// prerequisites explains the clauses up to the first that does not hold.
func (w *why) prerequisites(ctx context.Context, x *Explanation, c *metadata.Core, depth int) (Truth, error) {
	total := True
	for _, clause := range c.Relationships.Prerequisites {
		if total == False {
			x.Prerequisites = append(x.Prerequisites, ExplainedClause{Skipped: true, Others: len(clause.Members)})
			continue
		}
		r := satisfied(clause, w.known)
		e := ExplainedClause{State: map[Truth]State{True: Installed, Unknown: Undecided}[r.Truth], Reason: r.Reason}
		if err := w.members(ctx, &e, clause, depth, r.Truth == True); err != nil {
			return False, err
		}
		x.Prerequisites = append(x.Prerequisites, e)
		total = total.And(r.Truth)
	}
	return total, nil
}

// bundled explains the clauses of a bundle, and tells whether rules of its own still matter.
func (w *why) bundled(ctx context.Context, x *Explanation, c *metadata.Core, depth int) (bool, error) {
	stop := false
	for _, clause := range c.Relationships.Bundled {
		if stop {
			x.Bundled = append(x.Bundled, ExplainedClause{Skipped: true, Others: len(clause.Members)})
			continue
		}
		v := alternatives(clause, w.known)
		e := ExplainedClause{State: v.State, Reason: v.Reason}
		if err := w.members(ctx, &e, clause, depth, false); err != nil {
			return false, err
		}
		x.Bundled = append(x.Bundled, e)
		stop = v.State == NotApplicable
	}
	parts := members(c, w.known)
	return parts.State != NotApplicable && parts.State != Undecided, nil
}

// members explains those of a clause. Of a clause that holds, the first that is installed says it all.
func (w *why) members(ctx context.Context, e *ExplainedClause, clause metadata.Clause, depth int, holds bool) error {
	for _, id := range clause.Members {
		member := w.scan.find(id)
		if member == nil {
			e.Unknown = append(e.Unknown, id)
			continue
		}
		if v, _ := w.known(id); holds && (v.State != Installed || len(e.Members) > 0) {
			e.Others++
			continue
		}
		x, err := w.explain(ctx, member, depth+1)
		if err != nil {
			return err
		}
		e.Members = append(e.Members, x)
	}
	return nil
}

// known is for updates whose dependencies are settled.
func (w *why) known(id metadata.Identity) (Verdict, bool) {
	c := w.scan.find(id)
	if c == nil {
		return Verdict{}, false
	}
	return w.scan.verdicts[c.Identity], true
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
