package iis

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// reading collects what is wrong with the sections of a file, so that all of it is told at once.
type reading struct {
	doc    *Config
	faults *multierror.Error
}

// maxFaults is how many faults are told of one file.
const maxFaults = 100

func (r *reading) fault(place string, line int, problem string, args ...any) {
	if r.faults != nil && r.faults.Len() == maxFaults {
		return
	}
	r.faults = multierror.Append(r.faults, &ConflictError{Place: place, Line: line, Problem: fmt.Sprintf(problem, args...)})
}

// section returns a section of the whole server, or nil when the file does not state it.
func (r *reading) section(names ...string) *element {
	var found *element
	for _, holder := range r.doc.holders("") {
		for _, e := range holder.below(names) {
			if a, ok := e.attr("configSource"); ok {
				r.fault("", e.line, "keeps %s in another file, %s, which is not followed", strings.Join(names, "/"), a.value)
			}
			if found != nil {
				r.fault("", e.line, "states %s a second time, after line %d: take one of them out", strings.Join(names, "/"), found.line)
				continue
			}
			found = e
		}
	}
	return found
}

// chain is the elements that may state an attribute, the one that counts most first. Absent ones are nil.
type chain []*element

// stated is the first of the chain that states an attribute, or nil.
func (ch chain) stated(name string) (*element, string) {
	for _, e := range ch {
		if e == nil {
			continue
		}
		if a, ok := e.attr(name); ok {
			return e, a.value
		}
	}
	return nil, ""
}

// text is the attribute as the first of the chain states it.
func (ch chain) text(name, otherwise string) string {
	if e, value := ch.stated(name); e != nil {
		return value
	}
	return otherwise
}

// before puts an element in front.
func (ch chain) before(e *element) chain { return append(chain{e}, ch...) }

func (r *reading) bool(place string, ch chain, name string, otherwise bool) bool {
	e, value := ch.stated(name)
	switch {
	case e == nil:
		return otherwise
	case strings.EqualFold(value, "true"):
		return true
	case !strings.EqualFold(value, "false"):
		r.fault(place, e.line, "has %s=%q, which is neither true nor false", name, value)
	}
	return false
}

// required reads an attribute that must be there.
func (r *reading) required(place string, e *element, name string) string {
	a, ok := e.attr(name)
	if !ok || a.value == "" {
		r.fault(place, e.line, "has <%s> without %s", e.name, name)
	}
	return a.value
}

func (r *reading) uint32(place string, e *element, name string) uint32 {
	a, ok := e.attr(name)
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(a.value, 10, 32)
	if err != nil {
		r.fault(place, e.line, "has %s=%q, which is not a number from 0 to 4294967295", name, a.value)
	}
	return uint32(n)
}

// sameName compares as IIS does, without regard to case.
func sameName(a, b string) bool { return strings.EqualFold(a, b) }
