package applicability

import (
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// validates tells whether a product is what a TargetProduct entry describes: every field with Validate must match. The product
// code has been compared by whoever found the product.
func validates(code string, p Product, target *metadata.Node) (bool, error) {
	if n := target.Child("TargetLanguage"); validated(n) && n.Content() != strconv.Itoa(p.Language) {
		return false, nil
	}
	n := target.Child("TargetVersion")
	if !validated(n) {
		return validUpgradeCode(code, p, target)
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
	fits, err := targetVersion(n, have.Compare(want))
	if err != nil || !fits {
		return false, err
	}
	return validUpgradeCode(code, p, target)
}

func validUpgradeCode(code string, p Product, target *metadata.Node) (bool, error) {
	n := target.Child("UpgradeCode")
	if !validated(n) {
		return true, nil
	}
	if p.UpgradeCode == "" {
		return false, untold("upgrade code of product "+code, "the machine's facts do not tell the upgrade code of product %s", code)
	}
	return strings.EqualFold(p.UpgradeCode, n.Content()), nil
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
