package applicability

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Version has four numeric parts, compared from the left. Missing parts are 0.
type Version [4]int

// maxPart is the largest that a part of five digits can be.
const maxPart = 99999

// ParseVersion reads one to four parts of at most five digits, separated by dots.
func ParseVersion(s string) (Version, error) {
	var v Version
	parts := strings.Split(strings.TrimSpace(s), ".")
	if len(parts) > len(v) {
		return Version{}, fmt.Errorf("%q is not a version: more than four parts", s)
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil || n > maxPart {
			return Version{}, fmt.Errorf("%q is not a version", s)
		}
		v[i] = int(n)
	}
	return v, nil
}

// Compare is negative, zero or positive as v is lower than, equal to or higher than w.
func (v Version) Compare(w Version) int { return slices.Compare(v[:], w[:]) }

// String writes all four parts.
func (v Version) String() string {
	return dots(v[:])
}
