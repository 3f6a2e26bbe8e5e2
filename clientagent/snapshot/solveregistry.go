package snapshot

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// place is where a registry rule looks, in the native view.
type place struct{ path, value string }

func placeOf(rule *metadata.Node, s *state) (place, error) {
	if key, _ := rule.Attr("Key"); key != "HKEY_LOCAL_MACHINE" {
		return place{}, fmt.Errorf("key %q is not HKEY_LOCAL_MACHINE", key)
	}
	subkey, _ := rule.Attr("Subkey")
	subkey = strings.Trim(subkey, `\`)
	if subkey == "" || strings.Contains(subkey, `\\`) {
		return place{}, fmt.Errorf("subkey %q names no key", subkey)
	}
	view := applicability.Native
	if isTrue(rule, "RegType32") {
		view = applicability.WOW64
	}
	value, _ := rule.Attr("Value")
	return place{viewedBy(s.system.Architecture, view, subkey), value}, nil
}

func (sv *solver) keyExists(_ context.Context, rule *metadata.Node, want bool) error {
	p, err := placeOf(rule, sv.state)
	if err != nil {
		return err
	}
	if want {
		sv.state.registry.make(p.path)
	} else {
		sv.state.registry.remove(p.path)
	}
	return nil
}

func (sv *solver) valueExists(_ context.Context, rule *metadata.Node, want bool) error {
	p, err := placeOf(rule, sv.state)
	if err != nil {
		return err
	}
	if !want {
		sv.state.unset(p)
		return nil
	}
	kind, ok := rule.Attr("Type")
	if !ok {
		kind = "REG_SZ"
	}
	sv.state.registry.make(p.path).set(p.value, applicability.Value{Type: kind})
	return nil
}

// unset takes a value away. One that is not there is fine.
func (s *state) unset(p place) {
	if k := s.registry.find(p.path); k != nil {
		delete(k.values, fold(p.value))
	}
}

func (sv *solver) dword(_ context.Context, rule *metadata.Node, want bool) error {
	p, err := placeOf(rule, sv.state)
	if err != nil {
		return err
	}
	comparison, err := comparisonOf(rule, want)
	if err != nil {
		return err
	}
	data, _ := rule.Attr("Data")
	n, err := strconv.ParseUint(data, 10, 32)
	if err != nil {
		return fmt.Errorf("data %q is no number", data)
	}
	aim, err := aimAtNumber(comparison, int64(n))
	if err != nil && !want {
		sv.state.unset(p)
		return nil
	}
	if err != nil || aim > math.MaxUint32 {
		return fmt.Errorf("no number is %v %d", comparison, n)
	}
	sv.state.registry.make(p.path).set(p.value, applicability.Value{Type: "REG_DWORD", Number: uint64(aim)})
	return nil
}

// text writes what the rule asks for: a text that equals the data also begins with it, contains it and ends with it.
func (sv *solver) text(_ context.Context, rule *metadata.Node, want bool) error {
	p, err := placeOf(rule, sv.state)
	if err != nil {
		return err
	}
	if !want {
		sv.state.unset(p)
		return nil
	}
	data, _ := rule.Attr("Data")
	sv.state.registry.make(p.path).set(p.value, applicability.Value{Type: map[string]string{"RegSz": "REG_SZ", "RegExpandSz": "REG_EXPAND_SZ"}[rule.Name], Text: data})
	return nil
}

func (sv *solver) textVersion(_ context.Context, rule *metadata.Node, want bool) error {
	p, err := placeOf(rule, sv.state)
	if err != nil {
		return err
	}
	comparison, err := comparisonOf(rule, want)
	if err != nil {
		return err
	}
	data, _ := rule.Attr("Data")
	v, err := applicability.ParseVersion(data)
	if err != nil {
		return err
	}
	aim, err := aimAt(comparison, v)
	if err != nil && !want {
		sv.state.unset(p)
		return nil
	}
	if err != nil {
		return err
	}
	text := data
	if aim != v {
		text = aim.String()
	}
	sv.state.registry.make(p.path).set(p.value, applicability.Value{Type: "REG_SZ", Text: text})
	return nil
}
