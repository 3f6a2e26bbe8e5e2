package applicability

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// noRule is the reason of a rule that is not there.
const noRule = "there is no rule"

// Evaluate judges one rule. data is the Metadata element of the same update, for rules that refer to it, and may be nil. A rule
// that is nil is False.
//
// The error is that of ctx and nothing else: what goes wrong with a rule is in the Err of the result.
func Evaluate(ctx context.Context, facts Facts, rule, data *metadata.Node, options Options) (Result, error) {
	if rule == nil {
		return Result{Reason: noRule}, nil
	}
	e := &evaluation{facts: facts, data: data, options: options}
	return e.run(ctx, rule)
}

// evaluation is one walk over a rule.
type evaluation struct {
	facts   Facts
	data    *metadata.Node
	options Options
	loop    *loopTarget
	// trace is where the parts of the current rule are noted; nil when nobody wants to see them.
	trace *Trace
	// missing are the innermost parts that keep the rules judged until now Unknown.
	missing []*RuleError
}

func (e *evaluation) run(ctx context.Context, rule *metadata.Node) (Result, error) {
	r := e.rule(ctx, rule, 1)
	if err := ctx.Err(); err != nil {
		return Result{}, fmt.Errorf("evaluate %s: %w", rule.Name, err)
	}
	return e.options.Logic.settle(r), nil
}

// leaf judges one rule that is no logic. An error makes it Unknown.
type leaf func(e *evaluation, ctx context.Context, a *attributes) (Result, error)

func (e *evaluation) rule(ctx context.Context, n *metadata.Node, depth int) Result {
	if e.trace != nil && e.trace.node != n {
		return e.traced(ctx, n, depth)
	}
	if depth > MaxDepth {
		return e.unknown(n.Name, faultf(ExpressionInvalid, "rules nest deeper than %d", MaxDepth))
	}
	if err := ctx.Err(); err != nil {
		return e.unknown(n.Name, err)
	}
	switch n.Name {
	case "True":
		return result(true, "the rule always holds")
	case "False":
		return result(false, "the rule never holds")
	case "And", "Or":
		return e.junction(ctx, n, depth)
	case "Not":
		return e.not(ctx, n, depth)
	case "RegKeyLoop":
		return e.keyLoop(ctx, n, depth)
	}
	return e.plain(ctx, n)
}

// plain judges a rule that is no logic.
func (e *evaluation) plain(ctx context.Context, n *metadata.Node) Result {
	judge, ok := leaves[n.Name]
	if !ok {
		return e.unknown(n.Name, faultf(ExpressionUnrecognised, "rule is not recognised"))
	}
	a := &attributes{node: n}
	r, err := judge(e, ctx, a)
	if err == nil {
		// Attributes that do not parse are noted on the way and judged once.
		err = a.err
	}
	if err != nil {
		return e.unknown(n.Name, err)
	}
	return r
}

// junction is And and Or: the first operand that decides wins, also over unknown ones before it.
func (e *evaluation) junction(ctx context.Context, n *metadata.Node, depth int) Result {
	if len(n.Children) == 0 {
		return e.unknown(n.Name, faultf(ExpressionInvalid, "no operand"))
	}
	decisive, before := truth(n.Name == "Or"), len(e.missing)
	var open *Result
	for i, c := range n.Children {
		r := e.rule(ctx, c, depth+1)
		switch {
		case r.Truth == decisive:
			e.missing = e.missing[:before] // it makes no difference
			e.skip(n.Children[i+1:], depth)
			return r
		case r.Truth == Unknown && open == nil:
			open = &r
		}
	}
	if open != nil {
		return *open
	}
	if decisive == True {
		return result(false, "none of "+strconv.Itoa(len(n.Children))+" conditions holds")
	}
	return result(true, "all of "+strconv.Itoa(len(n.Children))+" conditions hold")
}

func (e *evaluation) not(ctx context.Context, n *metadata.Node, depth int) Result {
	if len(n.Children) != 1 {
		e.skip(n.Children, depth)
		return e.unknown(n.Name, faultf(ExpressionInvalid, "%d operands, want one", len(n.Children)))
	}
	r := e.rule(ctx, n.Children[0], depth+1)
	r.Truth = r.Truth.Not()
	return r
}

// unknown is what came of a rule, or of a part of one, that cannot be judged.
func (e *evaluation) unknown(rule string, err error) Result {
	typed := &RuleError{Rule: rule, Code: ExpressionUnexpected, Err: err}
	var f *fault
	if errors.As(err, &f) {
		typed.Code, typed.Fact = f.code, f.fact
	}
	e.missing = append(e.missing, typed)
	return Result{Truth: Unknown, Reason: typed.Error(), Err: typed}
}
