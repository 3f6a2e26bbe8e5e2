package iis

import (
	"fmt"
	"strings"
)

// siteElement finds the site of a name, which is compared as IIS does, without regard to case.
func (c *Config) siteElement(name string) (*element, error) {
	found, names, err := c.named([]string{"system.applicationHost", "sites"}, "site", name)
	if err == nil && found == nil {
		err = fmt.Errorf("site %q: %w, which has %s", name, ErrNotFound, names)
	}
	return found, err
}

// named finds the item of a section that has a name, nil when there is none; names lists those that there are. Two items of one
// name are an error.
func (c *Config) named(section []string, item, name string) (found *element, names string, err error) {
	var all []string
	for _, s := range c.root.below(section) {
		if a, ok := s.attr("configSource"); ok {
			return nil, "", &ConflictError{Line: s.line, Problem: fmt.Sprintf("keeps %s in another file, %s: edit it there",
				strings.Join(section, "/"), a.value)}
		}
		for _, e := range s.children {
			a, ok := e.attr("name")
			if e.name != item || !ok {
				continue
			}
			all = append(all, fmt.Sprintf("%q", a.value))
			if !strings.EqualFold(a.value, name) {
				continue
			}
			if found != nil {
				return nil, "", &ConflictError{Place: name, Line: e.line, Problem: fmt.Sprintf(
					"has a second %s of this name, after line %d: IIS refuses the file, rename one", item, found.line)}
			}
			found = e
		}
	}
	if len(all) == 0 {
		return found, "none", nil
	}
	return found, strings.Join(all, ", "), nil
}
