package applicability

import (
	"context"
	"errors"
	"strconv"
	"strings"
)

// place is a key or value that a rule names.
type place struct {
	view   View
	subkey string
	value  string
}

// String names the key as an administrator looks for it.
func (p place) String() string {
	if p.view == WOW64 {
		return `registry (32-bit view) HKLM\` + p.subkey
	}
	return `registry HKLM\` + p.subkey
}

// name is the value's name as registry editors show it.
func (p place) name() string {
	if p.value == "" {
		return "(Default)"
	}
	return p.value
}

// is says what the value is.
func (p place) is(what string) string { return p.String() + " value " + p.name() + " is " + what }

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
	switch {
	case err == nil:
		return key, true, nil
	case errors.Is(err, ErrNotFound):
		return Key{}, false, nil
	}
	return Key{}, false, unread(p.String(), err)
}

// registryValue returns the value at p. Without it, missing says so.
func (e *evaluation) registryValue(ctx context.Context, p place) (v Value, missing string, err error) {
	key, ok, err := e.key(ctx, p)
	if err != nil {
		return Value{}, "", err
	}
	if !ok {
		return Value{}, p.String() + " is missing", nil
	}
	v, ok = key.Values[strings.ToLower(p.value)]
	if !ok {
		return Value{}, p.String() + " has no value " + p.name(), nil
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
	if kind == "" {
		return result(true, p.is("there")), nil
	}
	return compared(strings.EqualFold(v.Type, kind), p.is("of type "+v.Type), kind), nil
}

func regDword(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p, comparison, want := e.place(a), a.scalar(), a.dword("Data")
	v, other, err := e.typedValue(ctx, a, p, "REG_DWORD")
	if err != nil || other != "" {
		return result(false, other), err
	}
	return compared(holds(comparison, v.Number, want), p.is(strconv.FormatUint(v.Number, 10)),
		comparison.String()+" "+strconv.FormatUint(want, 10)), nil
}

func regText(kind string) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		p, comparison, want := e.place(a), a.text("Comparison"), a.text("Data")
		v, other, err := e.typedValue(ctx, a, p, kind)
		if err != nil || other != "" {
			return result(false, other), err
		}
		text := v.Text
		if kind == "REG_EXPAND_SZ" {
			if text, err = e.expand(ctx, text); err != nil {
				return Result{}, err
			}
		}
		ok, err := compareText(comparison, text, want)
		return compared(ok, p.is(strconv.Quote(text)), comparison+" "+strconv.Quote(want)), err
	}
}

func regSzToVersion(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	p, comparison, want := e.place(a), a.scalar(), a.version("Data")
	v, other, err := e.typedValue(ctx, a, p, "REG_SZ")
	if err != nil || other != "" {
		return result(false, other), err
	}
	have, err := ParseVersion(v.Text)
	if err != nil {
		return result(false, p.is(strconv.Quote(v.Text)+", no version")), nil
	}
	return compared(comparison.Holds(have.Compare(want)), p.is(have.String()), comparison.String()+" "+want.String()), nil
}

// typedValue is the common part: what is missing or of another type, as other says, is False.
func (e *evaluation) typedValue(ctx context.Context, a *attributes, p place, kind string) (v Value, other string, err error) {
	a.text("Value")
	if a.err != nil {
		return Value{}, "", a.err
	}
	v, other, err = e.registryValue(ctx, p)
	if err == nil && other == "" && !strings.EqualFold(v.Type, kind) {
		other = p.is(v.Type + ", not " + kind)
	}
	return v, other, err
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
	return compared(ok, p.is(strconv.Quote(text)), comparison+" "+strconv.Quote(want)), err
}

func there(what string, ok bool) string {
	if ok {
		return what + " is there"
	}
	return what + " is missing"
}
