package applicability

import (
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// validates tells whether a product is what a TargetProduct entry describes: every field with Validate must match. The product
// code has been compared by whoever found the product; the upgrade code is not among the facts and is not validated.
func validates(code string, p Product, target *metadata.Node) (bool, error) {
	if n := target.Child("TargetLanguage"); validated(n) && n.Content() != strconv.Itoa(p.Language) {
		return false, nil
	}
	n := target.Child("TargetVersion")
	if !validated(n) {
		return true, nil
	}
	have, err := ParseVersion(p.Version)
	if err != nil {
		return false, untold("version of product "+code, "version of product %s: %w", code, err)
	}
	want, err := ParseVersion(n.Content())
	if err != nil {
		return false, faultf(MetadataMissing, "TargetVersion: %w", err)
	}
	parts, err := filter(n)
	if err != nil {
		return false, err
	}
	for i := parts; i < len(have); i++ {
		have[i], want[i] = 0, 0
	}
	return targetVersion(n, have.Compare(want))
}

func validated(n *metadata.Node) bool {
	v, _ := n.Attr("Validate")
	b, err := metadata.ParseBool(v)
	return err == nil && b
}

// filter is how many parts of the versions count.
func filter(n *metadata.Node) (int, error) {
	name, _ := n.Attr("ComparisonFilter")
	switch strings.ToLower(name) {
	case "major":
		return 1, nil
	case "majorminor":
		return 2, nil
	case "majorminorupdate":
		return 3, nil
	case "", "none":
		return len(Version{}), nil
	}
	return 0, faultf(MetadataMissing, "TargetVersion: ComparisonFilter %q is not known", name)
}

// targetVersion has its own names of comparisons, without the "To" of the rules.
func targetVersion(n *metadata.Node, order int) (bool, error) {
	name, _ := n.Attr("ComparisonType")
	switch strings.ToLower(name) {
	case "lessthan":
		return order < 0, nil
	case "lessthanorequal":
		return order <= 0, nil
	case "", "equal":
		return order == 0, nil
	case "greaterthanorequal":
		return order >= 0, nil
	case "greaterthan":
		return order > 0, nil
	case "none":
		return true, nil
	}
	return false, faultf(MetadataMissing, "TargetVersion: ComparisonType %q is not known", name)
}
