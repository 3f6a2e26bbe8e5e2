package applicability

import (
	"context"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// judge draws the verdict of c from those of its dependencies: in the draft, or settled before.
func (s *Scan) judge(ctx context.Context, c *metadata.Core, draft map[metadata.Identity]Verdict) (Verdict, error) {
	known := func(id metadata.Identity) (Verdict, bool) {
		dependency := s.find(id)
		if dependency == nil {
			return Verdict{}, false
		}
		if v, ok := draft[dependency.Identity]; ok {
			return v, true
		}
		return s.verdicts[dependency.Identity], true
	}
	v, err := s.judgeUpdate(ctx, c, known)
	return s.logic.verdict(v), err
}

func (s *Scan) judgeUpdate(ctx context.Context, c *metadata.Core, known lookup) (Verdict, error) {
	if r := prerequisites(c, known); r.Truth != True {
		if r.Truth == Unknown {
			return undecided(r), ctx.Err()
		}
		return decided(NotApplicable, r.Reason), ctx.Err()
	}
	if len(c.Relationships.Bundled) > 0 {
		return s.judgeBundle(ctx, c, known)
	}
	return s.judgeRules(ctx, c)
}

// judgeRules goes by the rules alone: installed, else superseded, else installable. A rule that is not there is False.
func (s *Scan) judgeRules(ctx context.Context, c *metadata.Core) (Verdict, error) {
	installed, err := s.evaluate(ctx, c, c.Rules.IsInstalled)
	if err != nil || installed.Truth == True {
		return decided(Installed, installed.Reason), err
	}
	if installed.Truth == Unknown {
		return undecided(installed), nil
	}
	superseded, err := s.evaluate(ctx, c, c.Rules.IsSuperseded)
	if err != nil || superseded.Truth == True {
		return decided(Superseded, superseded.Reason), err
	}
	installable, err := s.evaluate(ctx, c, c.Rules.IsInstallable)
	switch {
	case err != nil:
		return Verdict{}, err
	case installable.Truth == False && c.Rules.IsInstallable == nil:
		return decided(NotApplicable, installed.Reason), nil
	case installable.Truth == False:
		return decided(NotApplicable, installable.Reason), nil
	case installable.Truth == Unknown:
		return undecided(installable), nil
	case superseded.Truth == Unknown:
		return undecided(superseded), nil
	}
	return decided(Required, installed.Reason), nil
}

// evaluate judges a rule once a scan, in three-valued logic: what becomes of Unknown is up to the verdict. A rule that is not
// there is False.
func (s *Scan) evaluate(ctx context.Context, c *metadata.Core, rule *metadata.Node) (Result, error) {
	if rule == nil {
		return Result{Reason: noRule}, nil
	}
	number := s.book.number(c, rule)
	if r, ok := s.rules[number]; ok {
		return r, nil
	}
	r, err := Evaluate(ctx, s.facts, rule, c.Rules.Metadata, Options{Logic: ThreeValued, Update: c.UpdateID})
	if err == nil {
		s.rules[number] = r
	}
	return r, err
}

// lookup returns the verdict of another update, and whether that is known at all.
type lookup func(id metadata.Identity) (Verdict, bool)

// prerequisites are a conjunction of clauses; each needs one member that is installed. A clause of which no member is known
// is not satisfied.
func prerequisites(c *metadata.Core, known lookup) Result {
	total := Result{Truth: True}
	for _, clause := range c.Relationships.Prerequisites {
		r := satisfied(clause, known)
		if r.Truth == False {
			return r
		}
		if r.Truth == Unknown && total.Truth == True {
			total = r
		}
	}
	return total
}

func satisfied(clause metadata.Clause, known lookup) Result {
	var open *Result
	missing := " is not known"
	for _, id := range clause.Members {
		v, ok := known(id)
		switch {
		case !ok:
		case v.State == Installed:
			return Result{Truth: True}
		case v.State == Undecided:
			open = &Result{Truth: Unknown, Reason: "prerequisite " + id.UpdateID.String() + ": " + v.Reason, Err: v.Err}
		default:
			missing = " is not installed"
		}
	}
	if open != nil {
		return *open
	}
	return Result{Truth: False, Reason: "prerequisite " + names(clause) + missing}
}

// names lists the members of a clause, the first few of a long one.
func names(clause metadata.Clause) string {
	const most = 3
	var s string
	for i, id := range clause.Members {
		if i == most {
			return s + " or others"
		}
		if i > 0 {
			s += " or "
		}
		s += id.UpdateID.String()
	}
	return s
}
