package applicability

import (
	"cmp"
	"fmt"
	"strings"
)

// Comparison relates what the machine has, on the left, to what the rule says.
type Comparison uint8

// The scalar comparisons.
const (
	LessThan Comparison = iota
	LessThanOrEqualTo
	EqualTo
	GreaterThanOrEqualTo
	GreaterThan
)

// ParseComparison takes names in any case, as real metadata has them.
func ParseComparison(name string) (Comparison, error) {
	switch strings.ToLower(name) {
	case "lessthan":
		return LessThan, nil
	case "lessthanorequalto":
		return LessThanOrEqualTo, nil
	case "equalto":
		return EqualTo, nil
	case "greaterthanorequalto":
		return GreaterThanOrEqualTo, nil
	case "greaterthan":
		return GreaterThan, nil
	}
	return 0, fmt.Errorf("%q is no scalar comparison", name)
}

// String returns the name in the schema's spelling.
func (c Comparison) String() string {
	names := [...]string{"LessThan", "LessThanOrEqualTo", "EqualTo", "GreaterThanOrEqualTo", "GreaterThan"}
	if int(c) < len(names) {
		return names[c]
	}
	return fmt.Sprintf("Comparison(%d)", uint8(c))
}

// Holds tells whether order, the outcome of a three-way comparison, satisfies c.
func (c Comparison) Holds(order int) bool {
	switch c {
	case LessThan:
		return order < 0
	case LessThanOrEqualTo:
		return order <= 0
	case EqualTo:
		return order == 0
	case GreaterThanOrEqualTo:
		return order >= 0
	}
	return order > 0
}

func holds[T cmp.Ordered](c Comparison, have, want T) bool {
	return c.Holds(cmp.Compare(have, want))
}

// compareText is ordinal and without case, as the registry is used.
func compareText(comparison, have, want string) (bool, error) {
	have, want = strings.ToLower(have), strings.ToLower(want)
	switch strings.ToLower(comparison) {
	case "equalto":
		return have == want, nil
	case "beginswith":
		return strings.HasPrefix(have, want), nil
	case "contains":
		return strings.Contains(have, want), nil
	case "endswith":
		return strings.HasSuffix(have, want), nil
	}
	return false, faultf(AttributeInvalid, "attribute Comparison: %q is no string comparison", comparison)
}
