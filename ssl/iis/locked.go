package iis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNotFound is wrapped by the error of an edit of a site or application pool that the configuration does not have.
var ErrNotFound = errors.New("not in this configuration")

// LockedError says that a place must not state what an edit asks for, since the configuration forbids it. Nothing was changed.
//
// overrideMode, lockAttributes, lockItem and their like are no such lock: they bind deeper files (web.config), and locations of one
// file do not lock each other. What an edit of the file does is bound by the registration of the section only.
type LockedError struct {
	// Path is where the edit wanted to state it.
	Path string
	// By is the statement that locks, and Lock what it says, for example allowLocation="false".
	By   Source
	Lock string
}

// Error names the lock, its place and what to do.
func (e *LockedError) Error() string {
	return fmt.Sprintf("%s is locked by %s at %s, where the section is registered: "+
		"take that out there, or make the edit for the whole server", e.Path, e.Lock, e.By)
}

// ConflictError says that a configuration is well-formed but states something that IIS refuses or that leaves no single place to
// edit. Nothing was changed.
type ConflictError struct {
	// Place is the path of the location, or the site or pool; empty for the whole server.
	Place string
	Line  int
	// Problem says what stands there and what to do.
	Problem string
}

// Error names the line, the place and what to do.
func (e *ConflictError) Error() string {
	if e.Place == "" {
		return fmt.Sprintf("line %d %s", e.Line, e.Problem)
	}
	return fmt.Sprintf("%s: line %d %s", e.Place, e.Line, e.Problem)
}

// lockedAccess says whether a place may state access at all.
func (c *Config) lockedAccess(path string) error {
	if section := c.accessRegistered(); path != "" && !section.AllowLocation {
		return &LockedError{Path: path, By: Source{Line: section.Line}, Lock: `allowLocation="false"`}
	}
	return nil
}

// lockOn returns the attribute of a section that locks one of its attributes for deeper files, as name="value".
func lockOn(section *element, name string) string {
	for _, a := range section.attrs {
		listed := slices.ContainsFunc(strings.FieldsFunc(a.value, func(r rune) bool { return r == ',' || r == ' ' }),
			func(s string) bool { return s == "*" || strings.EqualFold(s, name) })
		var locks bool
		switch a.name {
		case "lockAttributes":
			locks = listed
		case "lockAllAttributesExcept":
			locks = !listed
		case "lockItem":
			locks = strings.EqualFold(a.value, "true")
		}
		if locks {
			return fmt.Sprintf("%s=%q", a.name, a.value)
		}
	}
	return ""
}
