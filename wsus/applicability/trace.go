package applicability

import (
	"context"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Trace is an evaluated rule with everything that was seen on the way: one Trace for each element of the rule.
type Trace struct {
	// Rule is the name of the element, such as And or RegDword. It is empty where the update has no rule.
	Rule string
	// Attrs are those of the element. What MSI rules say in children (Feature, Component, Product) stands behind them.
	Attrs []metadata.Attr
	// Subkey is the registry key that HKEY_LOOP_TARGET stands for in this pass over the body of a RegKeyLoop.
	Subkey string
	Truth  Truth
	// Reason says what decided: what the machine has and what was asked for.
	Reason string
	// Value is what the machine has, such as "registry HKLM\SOFTWARE\Lindenhof value Seats is 5"; empty where nothing was looked up.
	Value string
	// Skipped parts were not evaluated, because a part before them had decided.
	Skipped bool
	// Err is the *RuleError of a part that cannot be judged. In two-valued logic its Truth is False all the same.
	Err      error
	Children []*Trace

	// node is the element, while it is evaluated.
	node *metadata.Node
}

// Explain judges a rule as [Evaluate] does, and shows how. The Truth, Reason and Err of the trace are those of the Result.
func Explain(ctx context.Context, facts Facts, rule, data *metadata.Node, options Options) (*Trace, error) {
	if rule == nil {
		return &Trace{Reason: noRule}, nil
	}
	var root Trace
	e := &evaluation{facts: facts, data: data, options: options, trace: &root}
	if _, err := e.run(ctx, rule); err != nil {
		return nil, err
	}
	return root.Children[0], nil
}

// Missing lists the facts for want of which the rule cannot be judged, each once, in the order in which they were asked for. It
// is empty where every part that matters was judged.
func (t *Trace) Missing() []string {
	var facts []string
	t.missing(&facts)
	return facts
}

func (t *Trace) missing(facts *[]string) {
	if t.Err == nil {
		return // it is judged, whatever its parts are
	}
	own := true
	for _, c := range t.Children {
		if c.Err != nil {
			own = false
			c.missing(facts)
		}
	}
	typed, ok := t.Err.(*RuleError)
	if own && ok && typed.Fact != "" && !slices.Contains(*facts, typed.Fact) {
		*facts = append(*facts, typed.Fact)
	}
}

// traced evaluates a rule into a trace of its own below the current one.
func (e *evaluation) traced(ctx context.Context, n *metadata.Node, depth int) Result {
	outer := e.trace
	t := &Trace{Rule: n.Name, Attrs: described(n), node: n}
	if e.loop != nil {
		t.Subkey = e.loop.subkey
	}
	outer.Children = append(outer.Children, t)
	e.trace = t
	r := e.rule(ctx, n, depth)
	e.trace, t.node = outer, nil
	t.Truth, t.Reason, t.Value, t.Err = e.options.Logic.settle(r).Truth, r.Reason, r.Value, r.Err
	if len(t.Children) > 0 || r.Truth == Unknown {
		// What a part of it saw is told there, and what could not be judged has not been seen.
		t.Value = ""
	}
	return r
}

// skip marks rules that need not be evaluated any more.
func (e *evaluation) skip(rules []*metadata.Node, depth int) {
	if e.trace == nil {
		return
	}
	for _, n := range rules {
		e.trace.Children = append(e.trace.Children, skipped(n, depth))
	}
}

func skipped(n *metadata.Node, depth int) *Trace {
	t := &Trace{Rule: n.Name, Attrs: described(n), Skipped: true, Reason: "not asked: it makes no difference"}
	if isLogic(n.Name) && depth < MaxDepth {
		for _, c := range n.Children {
			t.Children = append(t.Children, skipped(c, depth+1))
		}
	}
	return t
}

// described are the attributes of a rule and the texts in it.
func described(n *metadata.Node) []metadata.Attr {
	if isLogic(n.Name) || len(n.Children) == 0 {
		return n.Attrs
	}
	attrs := slices.Clone(n.Attrs)
	for _, c := range n.Children {
		attrs = append(attrs, metadata.Attr{Name: c.Name, Value: c.Content()})
	}
	return attrs
}

// isLogic tells rules that hold other rules.
func isLogic(name string) bool {
	switch name {
	case "And", "Or", "Not", "RegKeyLoop":
		return true
	}
	return false
}
