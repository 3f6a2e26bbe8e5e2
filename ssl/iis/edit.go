package iis

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Edit is one wish about a configuration. The edits of this package are [SetSSLFlags], [AddBinding], [RemoveBinding] and
// [SetPool]; all are plain data and idempotent: an edit whose wish already holds changes no byte.
type Edit interface {
	// String says what is done, in words.
	String() string

	// apply returns what has to be replaced, nothing when the wish holds.
	apply(*Config) ([]splice, error)
	// holds says whether the wish holds, by what the configuration comes to.
	holds(*Config) error
}

// Apply makes edits, in order and all or none: on an error nothing is returned but the error. Every other byte stays as it is.
// After each edit the result is parsed anew, and what it comes to is compared with the wish.
//
// Errors are *[LockedError], *[ConflictError], wrap [ErrNotFound], or name what is wrong with the wish itself.
func (c *Config) Apply(edits ...Edit) (*Config, Change, error) {
	now, ps := c, pieces{{end: len(c.text)}}
	for _, e := range edits {
		if e == nil {
			return nil, Change{}, errors.New("edit: nil")
		}
		next, splices, err := now.edit(e)
		if err != nil {
			return nil, Change{}, fmt.Errorf("%s: %w", e, err)
		}
		now, ps = next, ps.splice(splices)
	}
	change := Change{Before: digest(c.raw), After: digest(now.raw), Splices: []Splice{}, old: c}
	line, at := 1, 0
	for _, s := range ps.replaced(c.text) {
		line += bytes.Count(c.text[at:s.start], []byte("\n"))
		at = s.start
		change.Splices = append(change.Splices,
			Splice{Line: line, Offset: s.start, Removed: string(c.text[s.start:s.end]), Added: s.with})
	}
	return now, change, nil
}

// edit makes one edit and proves that its wish holds, also where there was nothing to do.
func (c *Config) edit(e Edit) (*Config, []splice, error) {
	splices, err := e.apply(c)
	if err != nil {
		return nil, nil, err
	}
	next := c
	if len(splices) > 0 {
		if next, err = c.spliced(splices); err != nil {
			return nil, nil, err
		}
	}
	if err := e.holds(next); err != nil {
		return nil, nil, fmt.Errorf("the edit did not take, nothing was changed: %w", err)
	}
	return next, splices, nil
}

// writable refuses text that no XML document can hold.
func writable(what, value string) error {
	if !utf8.ValidString(value) {
		return fmt.Errorf("%s %q is no valid UTF-8", what, value)
	}
	for _, r := range value {
		if r < 0x20 || r == 0xFFFE || r == 0xFFFF || r == 0x7F {
			return fmt.Errorf("%s %q has a control character", what, value)
		}
	}
	return nil
}
