package applicability_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// Computer hardware ids, the most specific first, and one of another machine.
var (
	exact   = uuid.MustParse("aaaaaaaa-0000-0000-0000-000000000001")
	family  = uuid.MustParse("aaaaaaaa-0000-0000-0000-000000000002")
	foreign = uuid.MustParse("aaaaaaaa-0000-0000-0000-000000000009")
)

// offer is one WindowsDriverMetaData.
func offer(hardware, date, version, children string) string {
	return fmt.Sprintf(`<d.WindowsDriverMetaData HardwareID="%s" DriverVerDate="%s" DriverVerVersion="%s" WhqlDriverID="1" Class="Networking"`+
		` Company="Falkenried" Provider="Falkenried" Manufacturer="Falkenried" Model="Netz">%s</d.WindowsDriverMetaData>`, hardware, date, version, children)
}

func target(id uuid.UUID) string {
	return `<d.TargetComputerHardwareId>` + id.String() + `</d.TargetComputerHardwareId>`
}

func distribution(id uuid.UUID) string {
	return `<d.DistributionComputerHardwareId>` + id.String() + `</d.DistributionComputerHardwareId>`
}

func score(system, score string) string {
	return fmt.Sprintf(`<d.FeatureScore OperatingSystem="%s" FeatureScore="%s"/>`, system, score)
}

// The ranking, first difference decides: computer hardware id, feature score, place of the device's id, date, version. Each row has
// the one difference that it is about, and after it a part that would decide the other way.
func TestDriverRanking(t *testing.T) {
	const better, same, worse, none = "better", "same", "worse", "none"
	old := time.Date(2020, 6, 1, 0, 0, 0, 0, time.UTC)
	eighty := 0x80
	installed := func(change func(*applicability.InstalledDriver)) *applicability.InstalledDriver {
		d := &applicability.InstalledDriver{MatchingID: `PCI\VEN_1&DEV_2`, Date: old, Version: [4]int{5, 0, 0, 0}}
		if change != nil {
			change(d)
		}
		return d
	}
	for name, c := range map[string]struct {
		offer  string
		driver *applicability.InstalledDriver
		want   string
	}{
		"no driver yet":               {offer(`pci\ven_1&amp;dev_2`, "2000-01-01", "1.0.0.0", ""), nil, better},
		"no such device":              {offer(`pci\ven_9`, "2030-01-01", "9.0.0.0", ""), installed(nil), none},
		"equal":                       {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "5.0.0.0", ""), installed(nil), same},
		"later version":               {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "5.0.0.1", ""), installed(nil), better},
		"earlier version":             {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "4.9.9.9", ""), installed(nil), worse},
		"version of high parts":       {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "65535.0.0.0", ""), installed(nil), better},
		"date before version":         {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-02", "1.0.0.0", ""), installed(nil), better},
		"earlier date":                {offer(`PCI\VEN_1&amp;DEV_2`, "2020-05-31", "9.0.0.0", ""), installed(nil), worse},
		"id before date":              {offer(`PCI\VEN_1&amp;DEV_2&amp;REV_3`, "2000-01-01", "1.0.0.0", ""), installed(nil), better},
		"compatible id":               {offer(`PCI\CC_0200`, "2030-01-01", "9.0.0.0", ""), installed(nil), worse},
		"score before id":             {offer(`PCI\CC_0200`, "2000-01-01", "1.0.0.0", score("AMD64.10.0", "80")), installed(nil), better},
		"worse score":                 {offer(`PCI\VEN_1&amp;DEV_2&amp;REV_3`, "2030-01-01", "9.0.0.0", score("amd64.10.0", "81")), installed(func(d *applicability.InstalledDriver) { d.FeatureScore = &eighty }), worse},
		"score of another system":     {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "5.0.0.0", score("amd64.6.1", "00")), installed(nil), same},
		"no score is 255":             {offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "5.0.0.0", score("amd64.10.0", "FF")), installed(nil), same},
		"computer before score":       {offer(`PCI\CC_0200`, "2000-01-01", "1.0.0.0", target(family)), installed(func(d *applicability.InstalledDriver) { d.FeatureScore = &eighty }), better},
		"more specific computer":      {offer(`PCI\CC_0200`, "2000-01-01", "1.0.0.0", distribution(exact)), installed(func(d *applicability.InstalledDriver) { d.Computer = family }), better},
		"less specific computer":      {offer(`PCI\VEN_1&amp;DEV_2`, "2030-01-01", "9.0.0.0", target(family)), installed(func(d *applicability.InstalledDriver) { d.Computer = exact }), worse},
		"other computers":             {offer(`PCI\VEN_1&amp;DEV_2`, "2030-01-01", "9.0.0.0", target(foreign)), nil, none},
		"both lists, no id in both":   {offer(`PCI\VEN_1&amp;DEV_2`, "2030-01-01", "9.0.0.0", target(exact)+distribution(family)), nil, none},
		"both lists, one id in both":  {offer(`PCI\VEN_1&amp;DEV_2`, "2000-01-01", "1.0.0.0", target(exact)+target(family)+distribution(family)), installed(nil), better},
		"the best of several entries": {offer(`PCI\CC_0200`, "2000-01-01", "1.0.0.0", "") + offer(`PCI\VEN_1&amp;DEV_2`, "2020-06-01", "5.0.0.0", ""), installed(nil), same},
	} {
		t.Run(name, func(t *testing.T) {
			m := able{machine: laboratory(), devices: applicability.Devices{Computer: []uuid.UUID{exact, family}, Devices: []applicability.Device{
				{HardwareIDs: []string{`PCI\VEN_1&DEV_2&REV_3`, `PCI\VEN_1&DEV_2`}, CompatibleIDs: []string{`PCI\CC_0200`}, Driver: c.driver},
				{HardwareIDs: []string{`USB\ROOT`}},
			}}}
			is := func(word string) applicability.Truth {
				if c.want == word {
					return yes
				}
				return no
			}
			tryAll(t, m, c.offer, []trial{
				{`<d.WindowsDriverInstallable/>`, is(better), ""},
				{`<d.WindowsDriverInstalled/>`, is(same), ""},
				{`<d.WindowsDriverSuperseded/>`, is(worse), ""},
			})
		})
	}
}

// Printers keep to their provider and manufacturer, or what the driver says is compatible.
func TestPrinterDrivers(t *testing.T) {
	printer := func(provider, manufacturer string) able {
		return able{machine: laboratory(), devices: applicability.Devices{Devices: []applicability.Device{{HardwareIDs: []string{"lpt"},
			Driver: &applicability.InstalledDriver{MatchingID: "lpt", Class: "Printer", Provider: provider, Manufacturer: manufacturer}}}}}
	}
	newer := offer("LPT", "2030-01-01", "9.0.0.0", `<d.CompatibleProvider>Lindenhof</d.CompatibleProvider>`)
	for want, machines := range map[applicability.Truth][]able{
		yes: {printer("falkenried", "Falkenried"), printer("Lindenhof", "Falkenried")},
		no:  {printer("Birkensee", "Falkenried"), printer("Falkenried", "Birkensee")},
	} {
		for _, m := range machines {
			tryAll(t, m, newer, []trial{{`<d.WindowsDriverInstallable/>`, want, ""}})
		}
	}
}

func TestDriversWithoutMetadata(t *testing.T) {
	m := able{machine: laboratory()}
	for _, data := range []string{"", offer("a", "soon", "1.0.0.0", ""), offer("a", "2020-01-01", "new", "")} {
		tryAll(t, m, data, []trial{{`<d.WindowsDriverInstallable/>`, maybe, ""}})
	}
}
