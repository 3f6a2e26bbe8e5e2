package metadata

// read takes the applicability rules: each at most once, and each with exactly one rule inside.
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
		if n := len(holder.children); n != 1 || holder.children[0].local == "" {
			return faultf(holder.line, "%s has %d rules, want exactly one", place.name, n)
		}
		*place.rule = holder.children[0].node()
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
