package snapshot

import (
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// comparisonOf reads the Comparison of a rule, turned around when the rule is to be false.
func comparisonOf(rule *metadata.Node, want bool) (applicability.Comparison, error) {
	name, _ := rule.Attr("Comparison")
	c, err := applicability.ParseComparison(name)
	if err != nil || want {
		return c, err
	}
	switch c {
	case applicability.LessThan:
		return applicability.GreaterThanOrEqualTo, nil
	case applicability.LessThanOrEqualTo:
		return applicability.GreaterThan, nil
	case applicability.GreaterThanOrEqualTo:
		return applicability.LessThan, nil
	case applicability.GreaterThan:
		return applicability.LessThanOrEqualTo, nil
	}
	// What is not equal is the one before.
	return applicability.LessThan, nil
}

// aimAt is the version nearest to v that compares so.
func aimAt(c applicability.Comparison, v applicability.Version) (applicability.Version, error) {
	switch c {
	case applicability.LessThan:
		return before(v)
	case applicability.GreaterThan:
		v[3]++
	}
	return v, nil
}

// before is the version just below v. Lower parts become high, as a real predecessor might have them.
func before(v applicability.Version) (applicability.Version, error) {
	const high = 9999
	for i := len(v) - 1; i >= 0; i-- {
		if v[i] > 0 {
			v[i]--
			for j := i + 1; j < len(v); j++ {
				v[j] = high
			}
			return v, nil
		}
	}
	return v, fmt.Errorf("no version is below 0.0.0.0")
}

// aimAtNumber is the same for numbers that are not negative.
func aimAtNumber(c applicability.Comparison, n int64) (int64, error) {
	switch c {
	case applicability.LessThan:
		if n == 0 {
			return 0, fmt.Errorf("no number is below 0")
		}
		return n - 1, nil
	case applicability.GreaterThan:
		return n + 1, nil
	}
	return n, nil
}
