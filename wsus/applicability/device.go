package applicability

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// deviceAttribute compares an entry of the list that agents also send with their requests. An entry that is missing is False:
// real rules list the same numbers under two names because a machine reports only one of them.
func deviceAttribute(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	name, want, comparison := a.text("Name"), a.text("Value"), a.text("Comparison")
	kind := a.text("Type")
	system, err := e.system(ctx)
	if err != nil || a.err != nil {
		return Result{}, err
	}
	have, ok := system.attribute(name)
	if !ok {
		return result(false, "device attribute "+name+" is missing"), nil
	}
	has, asked := fmt.Sprintf("device attribute %s is %q", name, have), fmt.Sprintf("%s %q", comparison, want)
	switch strings.ToLower(kind) {
	case "string":
		ok, err := compareText(comparison, have, want)
		return compared(ok, has, asked), err
	case "version":
		order, wanted := a.comparison(comparison), a.version("Value")
		v, err := ParseVersion(have)
		if err != nil {
			return compared(false, has+", no version", asked), nil
		}
		return compared(order.Holds(v.Compare(wanted)), has, asked), nil
	}
	return Result{}, faultf(AttributeInvalid, "attribute Type: %q is not String or Version", kind)
}

// attribute looks into the list without case; the three entries that follow from the system need not be in it.
func (s System) attribute(name string) (string, bool) {
	for have, value := range s.Attributes {
		if strings.EqualFold(have, name) {
			return value, true
		}
	}
	switch strings.ToLower(name) {
	case "osversion":
		return Version(s.Version).String(), true
	case "osskuid":
		return strconv.Itoa(s.SKU), true
	case "producttype":
		kinds := map[int]string{1: "WinNT", 2: "LanmanNT", 3: "ServerNT"}
		kind, ok := kinds[s.ProductType]
		return kind, ok
	}
	return "", false
}
