package wsus_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// The slow model ranks by the text of MS-WUSP §3.1.5.7, one sentence a case, over the values that the test wrote and not over those that
// the server read.

// modelComputer is the first of the computer's ids that a driver is for: 99 when it is for all, -1 when it is for others.
func modelComputer(d driver) int {
	if len(d.target) == 0 && len(d.distribution) == 0 {
		return 99
	}
	for i, computer := range thisComputer() {
		inTarget, inDistribution := slices.Contains(d.target, computer), slices.Contains(d.distribution, computer)
		switch {
		case len(d.target) == 0 && inDistribution, len(d.distribution) == 0 && inTarget, inTarget && inDistribution:
			return i
		}
	}
	return -1
}

func modelScore(d driver) int {
	for system, n := range d.scores {
		if strings.ToLower(system) == "amd64.10.0" {
			return int(n)
		}
	}
	return 255
}

func modelPlace(device clientsync.Device, id string) int {
	for i, own := range append(slices.Clone(device.HardwareIDs), device.CompatibleIDs...) {
		if strings.EqualFold(own, id) {
			return i
		}
	}
	return -1
}

// modelBetter says whether the ranks, in the order of the steps, of one are better than those of the other. Of date and version more is
// better, of all else less.
func modelBetter(one, other [5]string) bool {
	for step := range one {
		if one[step] == other[step] {
			continue
		}
		if step < 3 {
			return one[step] < other[step]
		}
		return one[step] > other[step]
	}
	return false
}

func modelRanks(device clientsync.Device, d driver) [5]string {
	return [5]string{fmt.Sprintf("%03d", modelComputer(d)), fmt.Sprintf("%03d", modelScore(d)), fmt.Sprintf("%03d", modelPlace(device, d.id)), d.date, d.version}
}

// modelBest is the number of the driver that a device needs, from 1; 0 when none.
func modelBest(device clientsync.Device, drivers []driver, have *driver) int {
	best := 0
	for i, d := range drivers {
		if modelComputer(d) < 0 || modelPlace(device, d.id) < 0 {
			continue
		}
		if device.Installed.Class == "Printer" && have != nil && !device.Installed.SkipProviderFiltering &&
			(d.manufacturer != have.manufacturer || d.provider != have.provider && !slices.Contains(d.compatible, have.provider)) {
			continue
		}
		if have != nil && !modelBetter(modelRanks(device, d), modelRanks(device, *have)) {
			continue
		}
		if best == 0 || modelBetter(modelRanks(device, d), modelRanks(device, drivers[best-1])) {
			best = i + 1
		}
	}
	return best
}

func genDriver() *rapid.Generator[driver] {
	computers := rapid.SliceOfNDistinct(rapid.SampledFrom([]uuid.UUID{c1, c2, c3, c9}), 0, 2, rapid.ID[uuid.UUID])
	return rapid.Custom(func(t *rapid.T) driver {
		d := driver{
			id: rapid.SampledFrom([]string{"a", "B", "c", "é"}).Draw(t, "id"), date: rapid.SampledFrom([]string{"2020-01-01", "2020-01-02"}).Draw(t, "date"),
			version: rapid.SampledFrom([]string{"1.0.0.0", "1.0.0.1"}).Draw(t, "version"), class: "Printers",
			provider: rapid.SampledFrom([]string{"p", "q"}).Draw(t, "provider"), manufacturer: rapid.SampledFrom([]string{"m", "n"}).Draw(t, "manufacturer"),
			compatible: rapid.SliceOfN(rapid.SampledFrom([]string{"p", "q"}), 0, 1).Draw(t, "compatible"),
		}
		if rapid.Bool().Draw(t, "scored") {
			d.scores = score(rapid.SampledFrom([]string{"amd64.10.0", "AMD64.10.0", "arm64.10.0"}).Draw(t, "system"), rapid.SampledFrom([]uint8{1, 2, 255}).Draw(t, "score"))
		}
		if rapid.IntRange(0, 2).Draw(t, "targeted") == 0 {
			d.target, d.distribution = computers.Draw(t, "target"), computers.Draw(t, "distribution")
		}
		return d
	})
}

// genDevice makes a device, and the driver that it has; nil when none.
func genDevice(t *rapid.T) (clientsync.Device, *driver) {
	ids := rapid.Permutation([]string{"A", "b", "C", "É", "x"}).Draw(t, "ids")
	split := rapid.IntRange(0, 4).Draw(t, "compatible from")
	device := clientsync.Device{HardwareIDs: ids[:split], CompatibleIDs: ids[split:], Installed: nothing()}
	if !rapid.Bool().Draw(t, "installed") {
		return device, nil
	}
	have := genDriver().Draw(t, "have")
	device.Installed = clientsync.InstalledDriver{MatchingID: strings.ToUpper(have.id), DriverVerDate: date(have.date),
		DriverVerVersion: 1 << 48, Provider: have.provider, Manufacturer: have.manufacturer,
		Rank: int32(modelScore(have))<<16 | rapid.SampledFrom([]int32{0, 0x2001, 0x0D000002}).Draw(t, "rest of the rank")}
	if have.version == "1.0.0.1" {
		device.Installed.DriverVerVersion++
	}
	have.target, have.distribution = nil, nil
	if rapid.Bool().Draw(t, "for a computer") {
		have.target = []uuid.UUID{rapid.SampledFrom(thisComputer()).Draw(t, "computer")}
		device.Installed.MatchingComputerHWID = have.target[0]
	}
	if rapid.Bool().Draw(t, "printer") {
		device.Installed.Class = "Printer"
		device.Installed.SkipProviderFiltering = rapid.Bool().Draw(t, "skip")
	}
	return device, &have
}

func TestDriverRankingAgreesWithASlowModel(t *testing.T) {
	sent := 0
	rapid.Check(t, func(rt *rapid.T) {
		drivers := rapid.SliceOfN(genDriver(), 1, 6).Draw(rt, "drivers")
		for range rapid.IntRange(1, 3).Draw(rt, "devices") {
			device, have := genDevice(rt)
			var want []int
			if best := modelBest(device, drivers, have); best > 0 {
				want = []int{best}
				sent++
			}
			numbers, ids := offered(rt, t, device, drivers...)
			require.Equal(rt, want, numbers)
			if len(want) > 0 {
				require.Equal(rt, [][]string{{drivers[want[0]-1].id}}, ids)
			}
		}
	})
	require.NotZero(t, sent)
}
