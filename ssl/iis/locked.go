package iis

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrNotFound is wrapped by the error of an edit of a site or application pool that the configuration does not have.
var ErrNotFound = errors.New("not in this configuration")

// LockedError says that a place must not state what an edit asks for, since an outer place has locked it. Nothing was changed.
type LockedError struct {
	// Path is where the edit wanted to state it.
	Path string
	// By is the statement that locks, and Lock what it says, for example overrideMode="Deny".
	By   Source
	Lock string
}

// Error names the lock, its place and what to do.
func (e *LockedError) Error() string {
	at := "the server's own settings"
	if e.By.Location != "" {
		at = fmt.Sprintf("location %q", e.By.Location)
	}
	return fmt.Sprintf("%s is locked by %s at %s, line %d: "+
		"unlock it there (IIS Manager, Feature Delegation), or make the edit at that place", e.Path, e.Lock, at, e.By.Line)
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

// lockedAccess looks for a lock of sslFlags at the places around one. The overrideModeDefault of the section, and a location for
// the whole server, lock web.config files but no location of the same file.
func (c *Config) lockedAccess(path string) error {
	for _, outer := range outerPlaces(path) {
		s, err := c.accessStated(outer)
		if err != nil {
			return err
		}
		if s == nil {
			continue
		}
		lock := lockOn(s.section, "sslFlags")
		if mode, err := overrideMode(s.holder); err != nil {
			return err
		} else if outer != "" && strings.EqualFold(mode, "Deny") {
			lock = `overrideMode="Deny"`
		}
		if lock != "" {
			return &LockedError{Path: path, By: s.source(), Lock: lock}
		}
	}
	return nil
}

// lockOn returns the attribute of a section that locks one of its attributes for the places below, as name="value".
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
