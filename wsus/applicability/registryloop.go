package applicability

import (
	"context"
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// loopTarget is what HKEY_LOOP_TARGET stands for.
type loopTarget struct {
	subkey string
	view   View
}

// keyLoop evaluates its body once for each direct subkey. A missing key has none: Any is False then, None is True, and All is
// False, so that an update for every instance of a product does not count on machines without one.
func (e *evaluation) keyLoop(ctx context.Context, n *metadata.Node, depth int) Result {
	a := &attributes{node: n}
	p, mode := e.place(a), strings.ToLower(a.text("TrueIf"))
	if len(n.Children) != 1 {
		a.fail("%d rules in the loop, want one", len(n.Children))
	}
	if mode != "any" && mode != "all" && mode != "none" {
		a.fail("attribute TrueIf: %q is not Any, All or None", a.optional("TrueIf"))
	}
	if a.err != nil {
		e.skip(n.Children, depth)
		return e.unknown(n.Name, a.err)
	}
	key, _, err := e.key(ctx, p)
	if err != nil {
		e.skip(n.Children, depth)
		return e.unknown(n.Name, err)
	}
	if len(key.Subkeys) == 0 {
		e.skip(n.Children, depth)
		return result(mode == "none", fmt.Sprintf("%v has no subkey", p))
	}
	r := e.overSubkeys(ctx, n.Children[0], p, key.Subkeys, mode == "all", depth)
	if mode == "none" {
		r.Truth = r.Truth.Not()
	}
	return r
}

// overSubkeys is the And (all) or the Or of the body over the subkeys.
func (e *evaluation) overSubkeys(ctx context.Context, body *metadata.Node, p place, subkeys []string, all bool, depth int) Result {
	outer := e.loop
	defer func() { e.loop = outer }()
	decisive, before := truth(!all), len(e.missing)
	total := result(all, fmt.Sprintf("%d subkeys of %v, %s holds", len(subkeys), p, map[bool]string{true: "each", false: "none"}[all]))
	for i, name := range subkeys {
		e.loop = &loopTarget{subkey: p.subkey + `\` + name, view: p.view}
		r := e.rule(ctx, body, depth+1)
		if r.Truth == decisive {
			e.missing = e.missing[:before] // it makes no difference
			e.skipPasses(body, p, subkeys[i+1:], depth)
			return r
		}
		if r.Truth == Unknown && total.Truth != Unknown {
			total = r
		}
	}
	return total
}

// skipPasses marks the passes that the loop need not make any more.
func (e *evaluation) skipPasses(body *metadata.Node, p place, subkeys []string, depth int) {
	if e.trace == nil {
		return
	}
	for _, name := range subkeys {
		t := skipped(body, depth)
		t.Subkey = p.subkey + `\` + name
		e.trace.Children = append(e.trace.Children, t)
	}
}
