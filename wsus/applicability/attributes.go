package applicability

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// attributes reads those of one rule. The first that is missing or does not parse is kept in err, so that rules read top-down.
type attributes struct {
	node *metadata.Node
	err  error
}

func (a *attributes) fail(format string, args ...any) {
	if a.err == nil {
		a.err = faultf(AttributeInvalid, format, args...)
	}
}

func (a *attributes) has(name string) bool {
	_, ok := a.node.Attr(name)
	return ok
}

// optional is empty when absent.
func (a *attributes) optional(name string) string {
	v, _ := a.node.Attr(name)
	return v
}

// given lists those of the named ones that are there.
func (a *attributes) given(names ...string) string {
	var b strings.Builder
	for _, name := range names {
		if v, ok := a.node.Attr(name); ok {
			if b.Len() > 0 {
				b.WriteString(", ")
			}
			b.WriteString(name + " " + v)
		}
	}
	return b.String()
}

func (a *attributes) text(name string) string {
	v, ok := a.node.Attr(name)
	if !ok {
		a.fail("attribute %s is missing", name)
	}
	return v
}

// bool is false when absent.
func (a *attributes) bool(name string) bool {
	v, ok := a.node.Attr(name)
	if !ok {
		return false
	}
	b, err := metadata.ParseBool(v)
	if err != nil {
		a.fail("attribute %s: %v", name, err)
	}
	return b
}

func (a *attributes) int(name string) int {
	v := strings.TrimSpace(a.text(name))
	n, err := strconv.Atoi(v)
	if err != nil {
		a.fail("attribute %s: %q is not a number", name, v)
	}
	return n
}

// dword is unsigned.
func (a *attributes) dword(name string) uint64 {
	v := strings.TrimSpace(a.text(name))
	n, err := strconv.ParseUint(v, 10, 32)
	if err != nil {
		a.fail("attribute %s: %q is not a number from 0 to 4294967295", name, v)
	}
	return n
}

func (a *attributes) size(name string) int64 {
	v := strings.TrimSpace(a.text(name))
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		a.fail("attribute %s: %q is not a size", name, v)
	}
	return n
}

func (a *attributes) time(name string) time.Time {
	t, err := metadata.ParseTime(a.text(name))
	if err != nil {
		a.fail("attribute %s: %v", name, err)
	}
	return t
}

func (a *attributes) version(name string) Version {
	text := a.text(name)
	v, err := ParseVersion(text)
	if err != nil {
		a.fail("attribute %s: %v", name, err)
	}
	return v
}

// scalar is the required Comparison.
func (a *attributes) scalar() Comparison {
	return a.comparison(a.text("Comparison"))
}

func (a *attributes) comparison(name string) Comparison {
	c, err := ParseComparison(name)
	if err != nil {
		a.fail("attribute Comparison: %v", err)
	}
	return c
}
