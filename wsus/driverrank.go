package wsus

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// driverRank is how well a driver fits a device of a computer (MS-WUSP §3.1.5.7). Its fields stand in the order in which they decide.
type driverRank struct {
	computer int    // place of the matched id among those of the computer; see untargeted
	feature  uint8  // noFeature: none
	place    int    // of the matched id among the hardware ids of the device and the compatible ones after them
	date     int64  // days, later is better
	version  uint64 // higher is better
}

const (
	// untargeted is the place of a driver that is for all computers: after any that is for this one.
	untargeted = math.MaxInt
	// unlisted is the place of an installed driver for a computer that the client does not list.
	unlisted  = untargeted - 1
	noFeature = 0xFF
)

// compare is negative when r fits better than o.
func (r driverRank) compare(o driverRank) int {
	return cmp.Or(
		cmp.Compare(r.computer, o.computer),
		cmp.Compare(r.feature, o.feature),
		cmp.Compare(r.place, o.place),
		cmp.Compare(o.date, r.date),
		cmp.Compare(o.version, r.version),
	)
}

// rankFor ranks a match at a place of a device's ids; false when the driver is for other computers.
func (m *driverMatch) rankFor(computers []uuid.UUID, key string, place int) (driverRank, bool) {
	r := driverRank{computer: untargeted, feature: featureOf(m.driver, key), place: place,
		date: day(m.driver.DriverVerDate), version: uint64(m.driver.DriverVerVersion)}
	if m.targeted {
		r.computer = slices.IndexFunc(computers, func(id uuid.UUID) bool {
			_, found := slices.BinarySearchFunc(m.computers, id, compareIDs)
			return found
		})
	}
	return r, r.computer >= 0
}

// featureOf is the least score for an operating system. A client names it as AMD64.10.0, a publisher as amd64.10.0.
func featureOf(d *catalog.Driver, key string) uint8 {
	least := uint8(noFeature)
	for _, s := range d.FeatureScores {
		if strings.EqualFold(s.OperatingSystem, key) {
			least = min(least, s.Score)
		}
	}
	return least
}

// installedRank ranks what a device has; false when it has nothing.
func installedRank(d *clientsync.Device, computers []uuid.UUID) (driverRank, bool) {
	have := &d.Installed
	if have.Rank == clientsync.NoRank || have.MatchingID == "" {
		return driverRank{}, false
	}
	r := driverRank{computer: untargeted, feature: uint8(have.Rank >> 16), place: placeOf(d, have.MatchingID),
		date: day(have.DriverVerDate), version: uint64(have.DriverVerVersion)}
	if have.MatchingComputerHWID != uuid.Nil {
		if r.computer = slices.Index(computers, have.MatchingComputerHWID); r.computer < 0 {
			r.computer = unlisted
		}
	}
	return r, true
}

// placeOf is where an id of a device stands; after all others when it is none of them.
func placeOf(d *clientsync.Device, id string) int {
	place := 0
	for _, list := range [][]string{d.HardwareIDs, d.CompatibleIDs} {
		for _, own := range list {
			if strings.EqualFold(own, id) {
				return place
			}
			place++
		}
	}
	return place
}

// day counts days: a driver has a date, which clients send with a time of day.
func day(t time.Time) int64 {
	const length = 24 * 60 * 60
	days := t.Unix() / length
	if t.Unix()%length < 0 {
		days--
	}
	return days
}

// bound says that a device takes only drivers of the provider and the manufacturer that it has: a printer does, unless it says otherwise.
func bound(d *clientsync.Device) bool {
	have := &d.Installed
	return strings.EqualFold(have.Class, "Printer") && have.MatchingID != "" && !have.SkipProviderFiltering
}

// replaces says that a driver is of the provider, or names it as compatible, and of the manufacturer that a device is bound to.
func replaces(d *catalog.Driver, device *clientsync.Device) bool {
	if !bound(device) {
		return true
	}
	have := &device.Installed
	provider := strings.EqualFold(d.Provider, have.Provider) ||
		slices.ContainsFunc(d.CompatibleProviders, func(p string) bool { return strings.EqualFold(p, have.Provider) })
	return provider && strings.EqualFold(d.Manufacturer, have.Manufacturer)
}
