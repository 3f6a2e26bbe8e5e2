package catalog

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Driver is what a revision says of hardware ids that have everything else in common: drivers name dozens of them, and repeat
// the rest for each. The fields mean what those of [metadata.WindowsDriver] do.
type Driver struct {
	HardwareIDs                                                []string
	DriverVerDate                                              time.Time
	DriverVerVersion                                           int64
	Class, Manufacturer, Provider                              string
	CompatibleProviders                                        []string
	FeatureScores                                              []metadata.FeatureScore
	DistributionComputerHardwareIDs, TargetComputerHardwareIDs []uuid.UUID
}

// driversOf reads what a driver update is ranked by.
func driversOf(u *metadata.Update) ([]Driver, error) {
	if u.Type != metadata.Driver {
		return nil, nil
	}
	all, err := u.Rules.WindowsDrivers()
	if err != nil {
		return nil, err
	}
	var drivers []Driver
	for i := range all {
		d := driverOf(&all[i])
		if n := len(drivers); n > 0 && drivers[n-1].equals(&d) {
			drivers[n-1].HardwareIDs = append(drivers[n-1].HardwareIDs, d.HardwareIDs...)
			continue
		}
		drivers = append(drivers, d)
	}
	return drivers, nil
}

func driverOf(d *metadata.WindowsDriver) Driver {
	return Driver{
		HardwareIDs: []string{d.HardwareID}, DriverVerDate: d.DriverVerDate, DriverVerVersion: d.DriverVerVersion,
		Class: d.Class, Manufacturer: d.Manufacturer, Provider: d.Provider, CompatibleProviders: d.CompatibleProviders,
		FeatureScores: d.FeatureScores, DistributionComputerHardwareIDs: d.DistributionComputerHardwareIDs,
		TargetComputerHardwareIDs: d.TargetComputerHardwareIDs,
	}
}

// equals leaves the hardware ids out.
func (d *Driver) equals(o *Driver) bool {
	return d.DriverVerDate.Equal(o.DriverVerDate) && d.DriverVerVersion == o.DriverVerVersion && d.Class == o.Class &&
		d.Manufacturer == o.Manufacturer && d.Provider == o.Provider && slices.Equal(d.CompatibleProviders, o.CompatibleProviders) &&
		slices.Equal(d.FeatureScores, o.FeatureScores) &&
		slices.Equal(d.DistributionComputerHardwareIDs, o.DistributionComputerHardwareIDs) &&
		slices.Equal(d.TargetComputerHardwareIDs, o.TargetComputerHardwareIDs)
}

// readDrivers takes the drivers of a generation whose index lacks them from the documents; the next import writes them into its
// index. A document that is damaged, or says what is refused today, leaves its revision without: it is matched to no device, and
// Check names the damage. The generation belongs to nobody else yet.
func (g *Generation) readDrivers(ctx context.Context) error {
	for _, r := range g.revisions {
		if r.Type != metadata.Driver {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		document, err := g.Document(r)
		if err != nil {
			continue
		}
		u, err := metadata.Parse(document)
		if err != nil {
			continue
		}
		r.Drivers, _ = driversOf(u)
	}
	return nil
}

func (e *encoder) drivers(drivers []Driver) {
	e.uint(uint64(len(drivers)))
	for i := range drivers {
		d := &drivers[i]
		e.texts(d.HardwareIDs)
		e.time(d.DriverVerDate)
		e.uint(uint64(d.DriverVerVersion))
		e.string(d.Class)
		e.string(d.Manufacturer)
		e.string(d.Provider)
		e.texts(d.CompatibleProviders)
		e.uint(uint64(len(d.FeatureScores)))
		for _, s := range d.FeatureScores {
			e.string(s.OperatingSystem)
			e.uint(uint64(s.Score))
		}
		for _, ids := range [][]uuid.UUID{d.DistributionComputerHardwareIDs, d.TargetComputerHardwareIDs} {
			e.uint(uint64(len(ids)))
			for _, id := range ids {
				e.id(id)
			}
		}
	}
}

func (e *encoder) texts(list []string) {
	e.uint(uint64(len(list)))
	for _, s := range list {
		e.string(s)
	}
}

// minDriver is the bytes of the shortest driver: each of its ten fields takes one at least.
const minDriver = 10

func (d *decoder) drivers() []Driver {
	return list(d, minDriver, func() Driver {
		return Driver{
			HardwareIDs: list(d, 1, d.string), DriverVerDate: d.time(), DriverVerVersion: int64(d.uint(math.MaxUint64)),
			Class: d.string(), Manufacturer: d.string(), Provider: d.string(), CompatibleProviders: list(d, 1, d.string),
			FeatureScores: list(d, 2, func() metadata.FeatureScore {
				return metadata.FeatureScore{OperatingSystem: d.string(), Score: uint8(d.uint(math.MaxUint8))}
			}),
			DistributionComputerHardwareIDs: list(d, 1, d.id), TargetComputerHardwareIDs: list(d, 1, d.id),
		}
	})
}
