package metadata

import "fmt"

// read takes the applicability rules: each at most once, and each with at most one rule inside. One without is as good as absent;
// the schema allows it.
func (r *Rules) read(e *element) error {
	places := []struct {
		name string
		rule **Node
	}{{"IsInstalled", &r.IsInstalled}, {"IsSuperseded", &r.IsSuperseded}, {"IsInstallable", &r.IsInstallable}}
	for _, place := range places {
		holder, err := e.only(place.name)
		if err != nil {
			return err
		}
		if holder == nil {
			continue
		}
		switch n := len(holder.children); {
		case n == 0 && holder.text == "":
		case n == 1 && holder.children[0].local != "":
			*place.rule = holder.children[0].node()
		default:
			return faultf(holder.line, "%s holds %s, want one rule", place.name, contents(holder))
		}
	}
	for _, c := range e.children {
		switch c.local {
		case "IsInstalled", "IsSuperseded", "IsInstallable", "Metadata":
		default:
			r.Other = append(r.Other, c.node())
		}
	}
	data, err := e.only("Metadata")
	if err == nil && data != nil {
		r.Metadata = data.node()
	}
	return err
}

// contents says what an element holds in place of one rule.
func contents(e *element) string {
	text := e.text != ""
	for _, c := range e.children {
		text = text || c.local == ""
	}
	if text {
		return "text"
	}
	return fmt.Sprintf("%d rules", len(e.children))
}
