package metadata

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// ParseBool reads a boolean of the metadata: true, false, 1, 0 (XML Schema), and yes and no, which vendors write.
func ParseBool(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1", "yes":
		return true, nil
	case "false", "0", "no":
		return false, nil
	}
	return false, fmt.Errorf("%q is not a boolean", s)
}

// ParseTime reads an XML Schema dateTime. One without a zone, which real documents have as well, is UTC.
func ParseTime(s string) (time.Time, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a dateTime", s)
}

func (e *element) bool(name string) (bool, error) {
	s, ok := e.attr(name)
	if !ok {
		return false, nil
	}
	b, err := ParseBool(s)
	if err != nil {
		return false, faultf(e.line, "%s of %s: %v", name, e.local, err)
	}
	return b, nil
}

// guid accepts the plain form of 36 characters in either case; absent is the zero id.
func (e *element) guid(name string) (uuid.UUID, error) {
	s, ok := e.attr(name)
	if !ok {
		return uuid.Nil, nil
	}
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return uuid.Nil, faultf(e.line, "%s of %s: %q is not a GUID", name, e.local, s)
	}
	return id, nil
}

func (e *element) time(name string) (time.Time, error) {
	s, ok := e.attr(name)
	if !ok {
		return time.Time{}, nil
	}
	t, err := ParseTime(s)
	if err != nil {
		return time.Time{}, faultf(e.line, "%s of %s: %v", name, e.local, err)
	}
	return t, nil
}

// size is a count of bytes: absent is 0.
func (e *element) size(name string) (int64, error) {
	s, ok := e.attr(name)
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, faultf(e.line, "%s of %s: %q is not a number of bytes", name, e.local, s)
	}
	if n < 0 {
		return 0, faultf(e.line, "%s of %s is negative, %d", name, e.local, n)
	}
	return n, nil
}

// integer is a number that only informs: absent is 0.
func (e *element) integer(name string) (int64, error) {
	s, ok := e.attr(name)
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return 0, faultf(e.line, "%s of %s: %q is not a number", name, e.local, s)
	}
	return n, nil
}

// identity reads an UpdateIdentity; revision says whether it must carry a RevisionNumber.
func (e *element) identity(revision bool) (Identity, error) {
	id, err := e.guid("UpdateID")
	if err != nil {
		return Identity{}, err
	}
	if id == uuid.Nil {
		return Identity{}, faultf(e.line, "%s has no UpdateID", e.local)
	}
	if !revision {
		return Identity{UpdateID: id}, nil
	}
	s, ok := e.attr("RevisionNumber")
	if !ok {
		return Identity{}, faultf(e.line, "%s has no RevisionNumber", e.local)
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return Identity{}, faultf(e.line, "RevisionNumber of %s: %q is not a number from 0 to 2147483647", e.local, s)
	}
	return Identity{UpdateID: id, Revision: int32(n)}, nil
}
