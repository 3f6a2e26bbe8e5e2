package applicability

import (
	"context"
	"strconv"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// BareEvaluate is the walk over a rule with nothing in it that serves traces: what Evaluate is measured against. It has no
// RegKeyLoop, and takes for granted that every And, Or and Not has its operands.
func BareEvaluate(ctx context.Context, facts Facts, rule, data *metadata.Node, options Options) Result {
	e := &evaluation{facts: facts, data: data, options: options}
	return options.Logic.settle(e.bare(ctx, rule, 1))
}

func (e *evaluation) bare(ctx context.Context, n *metadata.Node, depth int) Result {
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
		return e.bareJunction(ctx, n, depth)
	case "Not":
		r := e.bare(ctx, n.Children[0], depth+1)
		r.Truth = r.Truth.Not()
		return r
	}
	return e.plain(ctx, n)
}

func (e *evaluation) bareJunction(ctx context.Context, n *metadata.Node, depth int) Result {
	decisive := truth(n.Name == "Or")
	var open *Result
	for _, c := range n.Children {
		r := e.bare(ctx, c, depth+1)
		switch {
		case r.Truth == decisive:
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
