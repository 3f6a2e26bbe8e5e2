package applicability

import (
	"context"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// question is one of the rules that an update may have.
type question uint8

// The questions in the order in which they are asked.
const (
	isInstalled question = iota
	isSuperseded
	isInstallable
	questions
)

// rule is nil where the update does not have it.
func (e *entry) rule(q question) *metadata.Node {
	switch q {
	case isInstalled:
		return e.core.Rules.IsInstalled
	case isSuperseded:
		return e.core.Rules.IsSuperseded
	}
	return e.core.Rules.IsInstallable
}

// number is that of a rule which is there.
func (e *entry) number(q question, book *Rulebook) int {
	if e.numbers[q] == 0 {
		e.numbers[q] = book.number(e.core, e.rule(q)) + 1
	}
	return e.numbers[q] - 1
}

// ruling is what came of a rule.
type ruling struct {
	Result
	judged bool
	// missing are the parts for want of which the rule cannot be judged.
	missing []*RuleError
}

// evaluate judges a rule once a scan, in three-valued logic: what becomes of Unknown is up to the verdict.
func (s *Scan) evaluate(ctx context.Context, e *entry, q question) (Result, error) {
	r, err := s.ruling(ctx, e, q)
	return r.Result, err
}

// ruling is that of a rule, False where there is none.
func (s *Scan) ruling(ctx context.Context, e *entry, q question) (ruling, error) {
	rule := e.rule(q)
	if rule == nil {
		return ruling{Result: Result{Reason: noRule}}, nil
	}
	number := e.number(q, s.book)
	if grow := number + 1 - len(s.rules); grow > 0 {
		s.rules = append(s.rules, make([]ruling, grow)...)
	}
	r := &s.rules[number]
	if r.judged {
		return *r, nil
	}
	walk := &evaluation{facts: s.facts, data: e.core.Rules.Metadata, options: Options{Logic: ThreeValued, Update: e.core.UpdateID}}
	result, err := walk.run(ctx, rule)
	if err == nil {
		*r = ruling{Result: result, judged: true, missing: walk.missing}
	}
	return ruling{Result: result, missing: walk.missing}, err
}
