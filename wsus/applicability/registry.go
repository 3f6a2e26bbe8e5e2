package applicability

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// place is a key or value that a rule names.
type place struct {
	view   View
	subkey string
	value  string
}

// String names the place for reasons.
func (p place) String() string {
	s := `HKLM\` + p.subkey
	if p.view == WOW64 {
		s += " (32-bit)"
	}
	return s
}

// place reads Key, Subkey, RegType32 and Value. Only HKEY_LOCAL_MACHINE and, inside of a loop, its target are allowed.
func (e *evaluation) place(a *attributes) place {
	p := place{subkey: strings.Trim(a.optional("Subkey"), `\`), value: a.optional("Value")}
	if a.bool("RegType32") {
		p.view = WOW64
	}
	switch key := a.text("Key"); strings.ToUpper(key) {
	case "HKEY_LOCAL_MACHINE":
		if p.subkey == "" {
			a.fail("attribute Subkey is missing")
		}
	case "HKEY_LOOP_TARGET":
		if e.loop == nil {
			a.fail("HKEY_LOOP_TARGET stands outside of a RegKeyLoop")
			break
		}
		if !a.has("RegType32") {
			p.view = e.loop.view
		}
		p.subkey = strings.TrimSuffix(e.loop.subkey+`\`+p.subkey, `\`)
	default:
		a.fail("attribute Key: %q is not HKEY_LOCAL_MACHINE", key)
	}
	return p
}

// key returns the registry key at p, and whether there is one.
func (e *evaluation) key(ctx context.Context, p place) (Key, bool, error) {
	key, err := e.facts.Registry(ctx, p.view, p.subkey)
	if errors.Is(err, ErrNotFound) {
		return Key{}, false, nil
	}
	return key, err == nil, err
}

// registryValue returns the value at p. Without it, missing says so.
func (e *evaluation) registryValue(ctx context.Context, p place) (v Value, missing string, err error) {
	key, ok, err := e.key(ctx, p)
	if err != nil {
		return Value{}, "", err
	}
	if !ok {
		return Value{}, fmt.Sprintf("%v is missing", p), nil
	}
	v, ok = key.Values[strings.ToLower(p.value)]
	if !ok {
		return Value{}, fmt.Sprintf("%v has no value %q", p, p.value), nil
	}
	return v, "", nil
}

func regKeyExists(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p := e.place(a)
	if a.err != nil {
		return Result{}, a.err
	}
	_, ok, err := e.key(ctx, p)
	return result(ok, there(p.String(), ok)), err
}

func regValueExists(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p := e.place(a)
	kind := a.optional("Type")
	if p.value == "" && !a.has("Value") && kind != "" && kind != "REG_SZ" {
		a.fail("attribute Type: a default value is REG_SZ, not %s", kind)
	}
	if a.err != nil {
		return Result{}, a.err
	}
	v, missing, err := e.registryValue(ctx, p)
	if err != nil || missing != "" {
		return result(false, missing), err
	}
	return result(kind == "" || strings.EqualFold(v.Type, kind), fmt.Sprintf("%v has value %q of type %s", p, p.value, v.Type)), nil
}

func regDword(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p, comparison, want := e.place(a), a.scalar(), a.dword("Data")
	return e.compareValue(ctx, a, p, "REG_DWORD", func(v Value) (bool, string, error) {
		return holds(comparison, v.Number, want), fmt.Sprintf("%d, asked for %v %d", v.Number, comparison, want), nil
	})
}

func regText(kind string) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		p, comparison, want := e.place(a), a.text("Comparison"), a.text("Data")
		return e.compareValue(ctx, a, p, kind, func(v Value) (bool, string, error) {
			text := v.Text
			if kind == "REG_EXPAND_SZ" {
				expanded, err := e.expand(ctx, text)
				if err != nil {
					return false, "", err
				}
				text = expanded
			}
			ok, err := compareText(comparison, text, want)
			return ok, fmt.Sprintf("%q, asked for %s %q", text, comparison, want), err
		})
	}
}

func regSzToVersion(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p, comparison, want := e.place(a), a.scalar(), a.version("Data")
	return e.compareValue(ctx, a, p, "REG_SZ", func(v Value) (bool, string, error) {
		have, err := ParseVersion(v.Text)
		if err != nil {
			return false, fmt.Sprintf("%q, no version", v.Text), nil
		}
		return comparison.Holds(have.Compare(want)), fmt.Sprintf("%v, asked for %v %v", have, comparison, want), nil
	})
}

// compareValue is the common part: what is missing or of another type is False.
func (e *evaluation) compareValue(ctx context.Context, a *attributes, p place, kind string, compare func(Value) (bool, string, error)) (Result, error) {
	a.text("Value")
	if a.err != nil {
		return Result{}, a.err
	}
	v, missing, err := e.registryValue(ctx, p)
	if err != nil || missing != "" {
		return result(false, missing), err
	}
	if !strings.EqualFold(v.Type, kind) {
		return result(false, fmt.Sprintf("%v value %q is %s, not %s", p, p.value, v.Type, kind)), nil
	}
	ok, reason, err := compare(v)
	return result(ok, fmt.Sprintf("%v value %q is %s", p, p.value, reason)), err
}

func legacyValue(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	return e.legacy(ctx, a, "EqualTo")
}

func legacySubstring(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	return e.legacy(ctx, a, "Contains")
}

// legacy compares any type as text; numbers are decimal.
func (e *evaluation) legacy(ctx context.Context, a *attributes, comparison string) (Result, error) {
	p, want := e.place(a), a.text("Data")
	if a.err != nil {
		return Result{}, a.err
	}
	v, missing, err := e.registryValue(ctx, p)
	if err != nil || missing != "" {
		return result(false, missing), err
	}
	text := v.Text
	if v.Type == "REG_DWORD" || v.Type == "REG_QWORD" {
		text = strconv.FormatUint(v.Number, 10)
	}
	ok, err := compareText(comparison, text, want)
	return result(ok, fmt.Sprintf("%v value %q is %q, asked for %s %q", p, p.value, text, comparison, want)), err
}

func there(what string, ok bool) string {
	if ok {
		return what + " is there"
	}
	return what + " is missing"
}
