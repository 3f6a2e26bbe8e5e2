package iis

import (
	"fmt"
	"strings"
)

// walk goes from the whole server to a place, and collects what the places on the way state about access.
//
// Of one place, files count in the order in which IIS reads them: the locations of applicationHost.config first, then those of the
// web.config files above, then the web.config of the place itself. Locations are on the level of their file, so that they can lock
// what deeper files state, but not each other.
type walk struct {
	path      string
	site      Site
	webConfig func(physicalPath string) ([]byte, error)
	files     []overlay
	// section is the registration of access.
	section Section
	// all is what counts at the place that was reached; kept leaves out what is not inherited by the next application.
	all, kept state
}

// overlay is one file whose statements count. Its own place is base; level counts the files from the outermost.
type overlay struct {
	doc  *Config
	file string
	base string
}

// state is what was stated so far.
type state struct {
	flags SSLFlags
	from  Source
	// lock is on the section for deeper files; nil when there is none.
	lock *lock
	// attributeLock is on sslFlags for deeper files; nil when there is none.
	attributeLock *lock
}

// lock is what forbids deeper statements; level is that of the file which says it.
type lock struct {
	by    Source
	says  string
	level int
}

// OverrideError says that something states system.webServer/security/access although an outer statement locks it there. IIS answers
// 500.19 with 0x80070021 for the place and everything below.
type OverrideError struct {
	// Place is where it is stated.
	Place string
	// Stated is the statement, By the lock, and Lock what that says, for example overrideMode="Deny".
	Stated, By Source
	Lock       string
}

// Error names both statements and what to do.
func (e *OverrideError) Error() string {
	return fmt.Sprintf("%s answers 500.19 (0x80070021): access is stated at %s, but locked by %s at %s: remove the statement or the lock",
		e.Place, e.Stated, e.Lock, e.By)
}

// step takes the statements of the next place.
func (w *walk) step(place string) error {
	if place != "" && strings.Contains(place, "/") && w.entersApplication(place) {
		w.all = w.kept
	}
	if err := w.read(place); err != nil {
		return err
	}
	for level, file := range w.files {
		if err := w.take(place, level, file); err != nil {
			return err
		}
	}
	return nil
}

// take takes what one file states about a place.
func (w *walk) take(place string, level int, file overlay) error {
	s, err := file.doc.accessStated(file.relative(place))
	if err != nil {
		return file.wrap(err)
	}
	if s == nil {
		return nil
	}
	if err := w.section.admits(s); err != nil {
		return file.wrap(err)
	}
	from := s.source()
	from.File = file.file
	mode, err := overrideMode(s.holder)
	if err != nil {
		return file.wrap(err)
	}
	flags, stated := s.section.attr("sslFlags")
	if broken := w.all.broken(level, mode, stated); broken != nil {
		return &OverrideError{Place: place, Stated: from, By: broken.by, Lock: broken.says}
	}
	next := w.all
	if stated {
		if next.flags, err = ParseSSLFlags(flags.value); err != nil {
			return file.wrap(&ConflictError{Place: place, Line: s.section.line, Problem: fmt.Sprintf("has sslFlags=%q: %v", flags.value, err)})
		}
		next.from = from
	}
	next.locks(s, from, level, mode)
	w.all = next
	if s.inherited() {
		w.kept = next
	}
	return nil
}

// broken returns the lock that a statement of a file breaks, or nil. A file may state what it has locked itself. An outer file that
// unlocks what a file between has locked contradicts it.
func (s state) broken(level int, mode string, stated bool) *lock {
	switch l := s.lock; {
	case l != nil && level > l.level:
		return l
	case l != nil && level < l.level && strings.EqualFold(mode, "Allow"):
		return l
	}
	if l := s.attributeLock; stated && l != nil && level > l.level {
		return l
	}
	return nil
}

// locks takes the locks of a statement.
func (s *state) locks(stated *statement, from Source, level int, mode string) {
	switch {
	case strings.EqualFold(mode, "Allow"):
		s.lock = nil
	case strings.EqualFold(mode, "Deny"):
		holder := from
		holder.Line = stated.holder.line
		s.lock = &lock{by: holder, says: `overrideMode="Deny"`, level: level}
	}
	if says := lockOn(stated.section, "sslFlags"); says != "" {
		s.attributeLock = &lock{by: from, says: says, level: level}
	}
}

// inherited says whether child applications inherit a statement.
func (s statement) inherited() bool {
	return !strings.EqualFold(chain{s.holder}.text("inheritInChildApplications", "true"), "false")
}

// access is what was collected.
func (w *walk) access() Access {
	a := Access{Path: w.path, Flags: w.all.flags, From: w.all.from}
	l := w.all.lock
	if l == nil {
		l = w.all.attributeLock
	}
	if l != nil {
		a.Locked, a.LockedBy, a.Lock = true, l.by, l.says
	}
	return a
}
