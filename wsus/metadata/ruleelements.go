package metadata

// elements holds each rule in an element of space; the metadata is not among them.
func (r *PackageRules) elements(space string) []*element {
	var out []*element
	for _, place := range []struct {
		name string
		rule Markup
	}{{"IsInstalled", r.IsInstalled}, {"IsSuperseded", r.IsSuperseded}, {"IsInstallable", r.IsInstallable}} {
		if !place.rule.IsZero() {
			out = append(out, makeElement(space, place.name).add(place.rule.e))
		}
	}
	return out
}

// whole is the ApplicabilityRules element; nil when there is neither rule nor metadata.
func (r *PackageRules) whole(space string) *element {
	e := makeElement(space, "ApplicabilityRules").add(r.elements(space)...)
	if len(r.Metadata) > 0 {
		data := makeElement(space, "Metadata")
		for _, m := range r.Metadata {
			data.add(m.e)
		}
		e.add(data)
	}
	if len(e.children) == 0 {
		return nil
	}
	return e
}
