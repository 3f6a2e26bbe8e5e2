package wsustest

import (
	"maps"
	"slices"
)

// Finding is one thing that a server does against the protocol.
type Finding struct {
	// Check is the id of the check that it fails, as in a Report: "sync-leaf".
	Check string `json:"check"`
	// Message says what was seen, with the revision ids, elements or addresses concerned.
	Message string `json:"message"`
}

// maxFindings bounds what is kept of one check, so that a server that is wrong everywhere does not fill the memory.
const maxFindings = 20

// findings keeps the first ones of each check, each message once.
type findings struct {
	list  []Finding
	count map[string]int
	seen  map[Finding]bool
}

// clone is what is there now.
func (f *findings) clone() findings {
	return findings{list: slices.Clone(f.list), count: maps.Clone(f.count), seen: maps.Clone(f.seen)}
}

func (f *findings) add(found Finding) {
	if f.seen[found] || f.count[found.Check] >= maxFindings {
		return
	}
	if f.seen == nil {
		f.seen, f.count = map[Finding]bool{}, map[string]int{}
	}
	f.seen[found] = true
	f.count[found.Check]++
	f.list = append(f.list, found)
}
