package wsus

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// driverIndex finds the drivers of a scope by hardware id, so that a driver pass costs what its devices match and not what is deployed.
// It is laid out by the first driver pass: most scopes never see one.
type driverIndex struct {
	deployed bool // any driver at all
	once     sync.Once
	byID     map[string][]driverMatch // by hardware id, lower case
}

// driverMatch is what one entry of a scope has for one hardware id.
type driverMatch struct {
	entry      int32
	hardwareID string // as the publisher wrote it
	driver     *catalog.Driver
	// computers, sorted, are those that the driver is for. A targeted driver without any is for none.
	targeted  bool
	computers []uuid.UUID
}

func (x *driverIndex) of(sc *scope) map[string][]driverMatch {
	x.once.Do(func() {
		x.byID = make(map[string][]driverMatch)
		for i := range sc.entries {
			if r := sc.entries[i].revision; r.Type == metadata.Driver {
				x.add(int32(i), r)
			}
		}
	})
	return x.byID
}

// add leaves out drivers of the class Extension: they add to the driver of a device and must not compete with it, and the metadata does
// not tell which of a device's extensions they replace.
func (x *driverIndex) add(entry int32, r *catalog.Revision) {
	for i := range r.Drivers {
		d := &r.Drivers[i]
		if extends(d) {
			continue
		}
		m := driverMatch{entry: entry, driver: d}
		m.targeted = len(d.TargetComputerHardwareIDs)+len(d.DistributionComputerHardwareIDs) > 0
		m.computers = computersOf(d)
		for _, id := range d.HardwareIDs {
			m.hardwareID = id
			key := strings.ToLower(id)
			x.byID[key] = append(x.byID[key], m)
		}
	}
}

func extends(d *catalog.Driver) bool { return strings.EqualFold(d.Class, "Extension") }

// computersOf are the computers that a driver is for: with both lists, those that are in both.
func computersOf(d *catalog.Driver) []uuid.UUID {
	target, distribution := d.TargetComputerHardwareIDs, d.DistributionComputerHardwareIDs
	both := slices.Concat(target, distribution)
	if len(target) > 0 && len(distribution) > 0 {
		in := make(map[uuid.UUID]bool, len(distribution))
		for _, id := range distribution {
			in[id] = true
		}
		both = slices.DeleteFunc(slices.Clone(target), func(id uuid.UUID) bool { return !in[id] })
	}
	slices.SortFunc(both, compareIDs)
	return slices.Compact(both)
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// appendLower appends a hardware id in lower case, as the index has it.
func appendLower(dst []byte, id string) []byte {
	for i := range len(id) {
		c := id[i]
		if c >= utf8.RuneSelf {
			return append(dst[:len(dst)-i], strings.ToLower(id)...)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
