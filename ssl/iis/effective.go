package iis

import (
	"fmt"
	"strings"
)

// Access is what system.webServer/security/access comes to at one place of a site.
type Access struct {
	// Path is the place: the site's name, then a slash and the path of an application or folder.
	Path  string
	Flags SSLFlags
	// From is the statement that decides, the zero Source when it is the schema's default.
	From Source
	// Locked says that a web.config at that place must not state sslFlags: the server would answer 500.19.
	Locked bool
	// LockedBy is what locks: a section of configSections, a location or an access element. Lock is what it says, for example
	// overrideMode="Deny". Both are zero where Locked is not set.
	LockedBy Source
	Lock     string
}

// Source is where a value is stated.
type Source struct {
	// File is empty for applicationHost.config, else the web.config that states it.
	File string
	// Location is the path of the location element, empty outside of one and for path="." and path="".
	Location string
	Line     int
}

// String says where in words, for example: line 12 (location "WSUS Administration").
func (s Source) String() string {
	if s == (Source{}) {
		return "default"
	}
	out := fmt.Sprintf("line %d", s.Line)
	if s.File != "" {
		out = s.File + ", " + out
	}
	if s.Location != "" {
		out += fmt.Sprintf(" (location %q)", s.Location)
	}
	return out
}

// Access says what Require SSL comes to at a path: a site's name, then a slash and the path of an application, a virtual directory or
// a folder; empty for the whole server. Names are compared without regard to case. What counts is the innermost statement of
// applicationHost.config; web.config files are not read, see [Config.AccessWith].
//
// A site that is not there is an error wrapping [ErrNotFound]. Statements that IIS refuses are a *[ConflictError] (a section stated
// twice for one place, a location with both overrideMode and allowOverride, a location although the section has allowLocation="false",
// flags that IIS does not know).
func (c *Config) Access(path string) (Access, error) { return c.AccessWith(path, nil) }

// AccessWith is Access with the web.config files that lie on the way, from the site's root folder to that of the path. webConfig reads
// the web.config of a physical path, as the configuration writes it with environment variables not replaced; an error wrapping
// [io/fs.ErrNotExist] means that there is none.
//
// Where a web.config states the section although it is locked, the error is an *[OverrideError]; where it cannot be read or parsed,
// a *[WebConfigError]. IIS answers 500.19 at that place then; the Access is what the path comes to up to there.
func (c *Config) AccessWith(path string, webConfig func(physicalPath string) ([]byte, error)) (Access, error) {
	w, err := c.walkTo(path, webConfig)
	if err != nil {
		return Access{Path: path}, fmt.Errorf("access of %q: %w", path, err)
	}
	for _, place := range append(outerPlaces(w.path), w.path) {
		if err := w.step(place); err != nil {
			return w.access(), fmt.Errorf("access of %q: %w", path, err)
		}
	}
	return w.access(), nil
}

// walkTo begins a walk at the whole server, with the lock that the section has by its registration.
func (c *Config) walkTo(path string, webConfig func(string) ([]byte, error)) (*walk, error) {
	w := &walk{path: cleanPlace(path), webConfig: webConfig, files: []overlay{{doc: c}}}
	w.section = c.accessRegistered()
	if w.section.Locked {
		w.all.lock = &lock{by: Source{Line: w.section.Line}, says: `overrideModeDefault="Deny"`}
	}
	w.kept = w.all
	name, _, _ := strings.Cut(w.path, "/")
	if w.path == "" {
		return w, nil
	}
	site, ok := c.Site(name)
	if !ok {
		return nil, fmt.Errorf("site %q: %w", name, ErrNotFound)
	}
	w.site = site
	for _, segment := range strings.Split(w.path, "/") {
		if segment == "" || segment == "." || segment == ".." || strings.Contains(segment, `\`) {
			return nil, fmt.Errorf("the part %q of the path: a path is the site's name and names with single slashes between them", segment)
		}
	}
	return w, nil
}
