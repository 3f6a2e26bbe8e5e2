package applicability

import (
	"context"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// judge draws the verdict of e from those of its dependencies, which are settled or drafts.
func (s *Scan) judge(ctx context.Context, e *entry) (Verdict, error) {
	v, err := s.judgeUpdate(ctx, e)
	return s.logic.verdict(v), err
}

func (s *Scan) judgeUpdate(ctx context.Context, e *entry) (Verdict, error) {
	if r := s.prerequisites(e); r.Truth != True {
		if r.Truth == Unknown {
			return undecided(r), ctx.Err()
		}
		return decided(NotApplicable, r.Reason), ctx.Err()
	}
	if len(e.bundled) > 0 {
		return s.judgeBundle(ctx, e)
	}
	return s.judgeRules(ctx, e)
}

// judgeRules goes by the rules alone: installed, else superseded, else installable. A rule that is not there is False.
func (s *Scan) judgeRules(ctx context.Context, e *entry) (Verdict, error) {
	installed, err := s.evaluate(ctx, e, isInstalled)
	if err != nil || installed.Truth == True {
		return decided(Installed, installed.Reason), err
	}
	if installed.Truth == Unknown {
		return undecided(installed), nil
	}
	superseded, err := s.evaluate(ctx, e, isSuperseded)
	if err != nil || superseded.Truth == True {
		return decided(Superseded, superseded.Reason), err
	}
	installable, err := s.evaluate(ctx, e, isInstallable)
	switch {
	case err != nil:
		return Verdict{}, err
	case installable.Truth == Unknown:
		return undecided(installable), nil
	case superseded.Truth == Unknown:
		// Whether it is required or not applicable, it may turn out to be superseded.
		return undecided(superseded), nil
	case installable.Truth == True:
		return decided(Required, installed.Reason), nil
	case e.core.Rules.IsInstallable == nil:
		return decided(NotApplicable, installed.Reason), nil
	}
	return decided(NotApplicable, installable.Reason), nil
}

// prerequisites are a conjunction of clauses; each needs one member that is installed. A clause of which no member is known
// is not satisfied.
func (s *Scan) prerequisites(e *entry) Result {
	total := Result{Truth: True}
	for _, clause := range e.prerequisites {
		r := s.satisfied(clause)
		if r.Truth == False {
			return r
		}
		if r.Truth == Unknown && total.Truth == True {
			total = r
		}
	}
	return total
}

func (s *Scan) satisfied(clause alternative) Result {
	var open *Result
	missing := " is not known"
	for _, e := range clause.entries {
		if e == nil {
			continue
		}
		switch v := s.verdicts[e.place]; v.State {
		case Installed:
			return Result{Truth: True}
		case Undecided:
			open = &Result{Truth: Unknown, Reason: "prerequisite " + e.core.UpdateID.String() + ": " + brief(v.Reason), Err: v.Err}
		default:
			missing = " is not installed"
		}
	}
	if open != nil {
		return *open
	}
	return Result{Truth: False, Reason: "prerequisite " + names(clause.Clause) + missing}
}

// names lists the members of a clause, the first few of a long one.
func names(clause *metadata.Clause) string {
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
