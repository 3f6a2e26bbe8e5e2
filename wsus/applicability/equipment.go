package applicability

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// equipment returns what is built into the machine, for a rule that needs the named part of it.
func (e *evaluation) equipment(ctx context.Context, part string) (Equipment, error) {
	told, ok := e.facts.(Equipped)
	if !ok {
		return Equipment{}, untold("equipment."+part, "the machine's facts do not tell its %s", part)
	}
	q, err := told.Equipment(ctx)
	return q, unread("equipment."+part, err)
}

// leastSize judges MinSizeInMB. What kinds of memory Type names is not documented, so it leaves open what is large enough.
func leastSize(part string, have func(Equipment) int) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		want := a.int("MinSizeInMB")
		if a.err != nil {
			return Result{}, a.err
		}
		q, err := e.equipment(ctx, part)
		if err != nil {
			return Result{}, err
		}
		size := have(q)
		if size == 0 {
			return Result{}, untold("equipment."+part, "the machine's facts do not tell its %s", part)
		}
		r := compared(size >= want, fmt.Sprintf("%s is %d MB", part, size), fmt.Sprintf("at least %d MB", want))
		if kind, ok := a.node.Attr("Type"); ok && r.Truth == True {
			return Result{}, faultf(ExpressionUnexpected, "no source says what memory of type %q is", kind)
		}
		return r, nil
	}
}

// direct3D compares the feature level, major before minor. What HardwareVersion asks for is not documented: beside it only a feature
// level that is too low decides.
func direct3D(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	var want [2]int
	if a.has("FeatureLevelMajor") {
		want[0] = a.int("FeatureLevelMajor")
	}
	if a.has("FeatureLevelMinor") {
		want[1] = a.int("FeatureLevelMinor")
	}
	if a.err != nil {
		return Result{}, a.err
	}
	if want != [2]int{} {
		q, err := e.equipment(ctx, "featureLevel")
		if err != nil {
			return Result{}, err
		}
		if q.FeatureLevel == nil {
			return Result{}, untold("equipment.featureLevel", "the machine's facts do not tell its graphics feature level")
		}
		have := *q.FeatureLevel
		order := have[0] - want[0]
		if order == 0 {
			order = have[1] - want[1]
		}
		r := compared(order >= 0, fmt.Sprintf("graphics feature level is %d.%d", have[0], have[1]), fmt.Sprintf("at least %d.%d", want[0], want[1]))
		if r.Truth == False || !a.has("HardwareVersion") {
			return r, nil
		}
	}
	return Result{}, faultf(ExpressionUnexpected, "no source says what HardwareVersion %q asks for", a.optional("HardwareVersion"))
}

// present asks whether a list names what the attribute asks for. A list that is nil is not known; one without entries says no.
func present(part, attribute string, list func(Equipment) []string) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		want := a.text(attribute)
		if a.err != nil {
			return Result{}, a.err
		}
		q, err := e.equipment(ctx, part)
		if err != nil {
			return Result{}, err
		}
		have := list(q)
		if have == nil {
			return Result{}, untold("equipment."+part, "the machine's facts do not tell its %s", part)
		}
		for _, h := range have {
			if strings.EqualFold(strings.Trim(h, "{}"), strings.Trim(want, "{}")) {
				return compared(true, part+" has "+h, want), nil
			}
		}
		return compared(false, part+" has "+strconv.Itoa(len(have))+" others", want), nil
	}
}

// undocumented is a rule that no source gives a meaning.
func undocumented(what string) leaf {
	return func(*evaluation, context.Context, *attributes) (Result, error) {
		return Result{}, faultf(ExpressionUnexpected, "no source says what %s ask", what)
	}
}
