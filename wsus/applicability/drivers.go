package applicability

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// driverRank is what a driver is ranked by on one device; the first part that differs decides, and lower is better.
type driverRank struct {
	// computer is the place of the computer hardware id that matches, in the machine's list; unmatched is behind all.
	computer int
	score    int
	// id is the place of the id that matches, hardware ids before compatible ones.
	id      int
	date    time.Time
	version uint64
}

// unmatched is the place of an id that is in no list.
const unmatched = int(^uint32(0) >> 1)

// compare is negative where r is better than q.
func (r driverRank) compare(q driverRank) int {
	return cmp.Or(cmp.Compare(r.computer, q.computer), cmp.Compare(r.score, q.score), cmp.Compare(r.id, q.id),
		q.date.Compare(r.date), cmp.Compare(q.version, r.version))
}

// driverMatch counts the devices that the update's drivers match, by how they compare with the drivers that are there.
type driverMatch struct{ better, same, worse int }

// betterDriver wants a device for which the update has a better driver, or which has none.
func betterDriver(m driverMatch) bool { return m.better > 0 }

// sameDriver wants a device that has the update's driver, and none that would be better off with it: else the update would count
// as installed while one of two equal devices waits for it.
func sameDriver(m driverMatch) bool { return m.same > 0 && m.better == 0 }

// worseDriver wants devices that all have better drivers.
func worseDriver(m driverMatch) bool { return m.worse > 0 && m.same == 0 && m.better == 0 }

// windowsDriver is a rule about the drivers in the update's metadata, on the devices that they match.
func windowsDriver(holds func(driverMatch) bool) leaf {
	return func(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
		drivers, err := (&metadata.Rules{Metadata: e.data}).WindowsDrivers()
		switch {
		case err != nil:
			return Result{}, faultf(MetadataMissing, "%w", err)
		case len(drivers) == 0:
			return Result{}, faultf(MetadataMissing, "the update has no WindowsDriverMetaData")
		}
		told, ok := e.facts.(Drivers)
		if !ok {
			return Result{}, untold("devices", "the machine's facts do not tell the devices")
		}
		devices, err := told.Devices(ctx)
		if err != nil {
			return Result{}, unread("devices", err)
		}
		system, err := e.system(ctx)
		if err != nil {
			return Result{}, err
		}
		match := (&driverLook{system, devices, drivers}).match()
		return result(holds(match), match.String()), nil
	}
}

func (m driverMatch) String() string {
	if m == (driverMatch{}) {
		return "no device wants a driver of the update"
	}
	return fmt.Sprintf("devices that match: %d would get a better driver, %d have the same one, %d have a better one", m.better, m.same, m.worse)
}

type driverLook struct {
	system  System
	devices Devices
	drivers []metadata.WindowsDriver
}

func (l *driverLook) match() driverMatch {
	var m driverMatch
	for _, d := range l.devices.Devices {
		offer, ok := l.best(d)
		switch {
		case !ok:
		case d.Driver == nil || offer.compare(l.installed(d)) < 0:
			m.better++
		case offer.compare(l.installed(d)) == 0:
			m.same++
		default:
			m.worse++
		}
	}
	return m
}

// best ranks the drivers of the update that are for the device.
func (l *driverLook) best(d Device) (best driverRank, found bool) {
	for _, driver := range l.drivers {
		r := driverRank{computer: l.computer(driver), score: l.score(driver), id: d.place(driver.HardwareID),
			date: driver.DriverVerDate, version: uint64(driver.DriverVerVersion)}
		bound := len(driver.TargetComputerHardwareIDs)+len(driver.DistributionComputerHardwareIDs) > 0
		if r.id == unmatched || bound && r.computer == unmatched || !d.takes(driver) {
			continue
		}
		if !found || r.compare(best) < 0 {
			best, found = r, true
		}
	}
	return best, found
}

func (l *driverLook) installed(d Device) driverRank {
	r := driverRank{computer: unmatched, score: noScore, id: d.place(d.Driver.MatchingID), date: d.Driver.Date}
	if i := slices.Index(l.devices.Computer, d.Driver.Computer); i >= 0 && d.Driver.Computer != uuid.Nil {
		r.computer = i
	}
	if d.Driver.FeatureScore != nil {
		r.score = *d.Driver.FeatureScore
	}
	for _, part := range d.Driver.Version {
		r.version = r.version<<16 | uint64(uint16(part))
	}
	return r
}

// computer is the best place of an id that the driver is for. Of a driver with both lists only ids in both count.
func (l *driverLook) computer(driver metadata.WindowsDriver) int {
	target, distribution := driver.TargetComputerHardwareIDs, driver.DistributionComputerHardwareIDs
	for i, id := range l.devices.Computer {
		inTarget, inDistribution := slices.Contains(target, id), slices.Contains(distribution, id)
		if len(target) > 0 && len(distribution) > 0 {
			inTarget, inDistribution = inTarget && inDistribution, false
		}
		if inTarget || inDistribution {
			return i
		}
	}
	return unmatched
}

// noScore is what a driver without feature score counts as.
const noScore = 255

func (l *driverLook) score(driver metadata.WindowsDriver) int {
	system := fmt.Sprintf("%s.%d.%d", architectures[l.system.Architecture], l.system.Version[0], l.system.Version[1])
	for _, s := range driver.FeatureScores {
		if strings.EqualFold(s.OperatingSystem, system) {
			return int(s.Score)
		}
	}
	return noScore
}

// place is where an id stands in the device's lists.
func (d Device) place(id string) int {
	for i, have := range d.HardwareIDs {
		if strings.EqualFold(have, id) {
			return i
		}
	}
	for i, have := range d.CompatibleIDs {
		if strings.EqualFold(have, id) {
			return len(d.HardwareIDs) + i
		}
	}
	return unmatched
}

// takes holds back a printer's driver from other providers than that of the driver which is there.
func (d Device) takes(driver metadata.WindowsDriver) bool {
	if d.Driver == nil || !strings.EqualFold(d.Driver.Class, "Printer") {
		return true
	}
	provider := strings.EqualFold(d.Driver.Provider, driver.Provider) || containsFold(driver.CompatibleProviders, d.Driver.Provider)
	return provider && strings.EqualFold(d.Driver.Manufacturer, driver.Manufacturer)
}
