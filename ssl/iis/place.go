package iis

import (
	"fmt"
	"strings"
)

// accessSection is the way to the section that says whether SSL is required.
var accessSection = []string{"system.webServer", "security", "access"}

// holders returns the elements that hold sections of exactly one place: the location elements with its path and, for the empty
// path, the document as well. Locations in comments are none.
func (c *Config) holders(path string) []*element {
	var out []*element
	if path == "" {
		out = append(out, c.root)
	}
	for _, e := range c.root.children {
		if e.name == "location" && strings.EqualFold(placeOf(e), path) {
			out = append(out, e)
		}
	}
	return out
}

// placeOf is the path of a location element without slashes around it; empty for the whole server.
func placeOf(location *element) string {
	a, _ := location.attr("path")
	return cleanPlace(a.value)
}

func cleanPlace(path string) string {
	path = strings.Trim(path, "/")
	if path == "." {
		return ""
	}
	return path
}

// outerPlaces are the places whose settings a place inherits, from the whole server to its parent.
func outerPlaces(path string) []string {
	if path == "" {
		return nil
	}
	out := []string{""}
	for i, r := range path {
		if r == '/' {
			out = append(out, path[:i])
		}
	}
	return out
}

// statement is one section as a holder states it.
type statement struct {
	holder, section *element
}

// source is where the statement stands.
func (s statement) source() Source {
	if s.holder.name != "location" {
		return Source{Line: s.section.line}
	}
	return Source{Location: placeOf(s.holder), Line: s.section.line}
}

// accessStated returns the access section of exactly one place, or nil. Two are an error: IIS refuses them.
func (c *Config) accessStated(path string) (*statement, error) {
	var found *statement
	for _, h := range c.holders(path) {
		if _, err := overrideMode(h); err != nil {
			return nil, err
		}
		for _, section := range h.below(accessSection) {
			if found != nil {
				return nil, &ConflictError{Place: path, Line: section.line, Problem: fmt.Sprintf(
					"states system.webServer/security/access for this place a second time, after line %d: take one of them out",
					found.section.line)}
			}
			if a, ok := section.attr("configSource"); ok {
				return nil, &ConflictError{Place: path, Line: section.line,
					Problem: fmt.Sprintf("keeps system.webServer/security/access in another file, %s: edit it there", a.value)}
			}
			found = &statement{h, section}
		}
	}
	return found, nil
}

// below returns all elements at the end of a way down.
func (e *element) below(names []string) []*element {
	if len(names) == 0 {
		return []*element{e}
	}
	var out []*element
	for _, child := range e.children {
		if child.name == names[0] {
			out = append(out, child.below(names[1:])...)
		}
	}
	return out
}

// overrideMode reads both spellings of what a location allows below: Allow, Deny or Inherit. To have both is illegal.
func overrideMode(holder *element) (string, error) {
	mode, isMode := holder.attr("overrideMode")
	allow, isAllow := holder.attr("allowOverride")
	switch {
	case holder.name != "location":
		return "Inherit", nil
	case isMode && isAllow:
		return "", &ConflictError{Place: placeOf(holder), Line: holder.line,
			Problem: "has both overrideMode and allowOverride: take allowOverride, the older one, out"}
	case isMode:
		return mode.value, nil
	case isAllow && strings.EqualFold(allow.value, "true"):
		return "Allow", nil
	case isAllow:
		return "Deny", nil
	}
	return "Inherit", nil
}
