package wsus_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// driver is what an update has for one hardware id; "a" on 1 January 2020 in version 1.0.0.0 unless it says otherwise.
type driver struct {
	id, date, version             string
	class, provider, manufacturer string
	compatible                    []string
	scores                        map[string]uint8
	target, distribution          []uuid.UUID
}

func (d driver) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<drv:WindowsDriverMetaData HardwareID="%s" DriverVerDate="%s" DriverVerVersion="%s" Class="%s" Provider="%s" Manufacturer="%s">`,
		cmp.Or(d.id, "a"), cmp.Or(d.date, "2020-01-01"), cmp.Or(d.version, "1.0.0.0"), cmp.Or(d.class, "Networking"), d.provider, d.manufacturer)
	for _, p := range d.compatible {
		fmt.Fprintf(&b, `<drv:CompatibleProvider>%s</drv:CompatibleProvider>`, p)
	}
	for system, score := range d.scores {
		fmt.Fprintf(&b, `<drv:FeatureScore OperatingSystem="%s" FeatureScore="%02X" />`, system, score)
	}
	for _, id := range d.target {
		fmt.Fprintf(&b, `<drv:TargetComputerHardwareId>%s</drv:TargetComputerHardwareId>`, id)
	}
	for _, id := range d.distribution {
		fmt.Fprintf(&b, `<drv:DistributionComputerHardwareId>%s</drv:DistributionComputerHardwareId>`, id)
	}
	b.WriteString(`</drv:WindowsDriverMetaData>`)
	return b.String()
}

// driverUpdate is a driver update with the number n.
func driverUpdate(n int, drivers ...driver) document {
	d := document{id: id(n), kind: "Driver", title: fmt.Sprint("driver ", n), deployable: true}
	for _, one := range drivers {
		d.drivers += one.String()
	}
	return d
}

// Computers of the tables: this one is c1, c2 and c3, the most specific first; c9 is another.
var c1, c2, c3, c9 = id(901), id(902), id(903), id(909)

func thisComputer() []uuid.UUID { return []uuid.UUID{c1, c2, c3} }

func chids(ids ...uuid.UUID) []uuid.UUID { return ids }

func score(system string, n uint8) map[string]uint8 { return map[string]uint8{system: n} }

// installed is the driver of a device; its date, version and rank are those of a driver without feature score that equals driver{}.
func installed(change func(*clientsync.InstalledDriver)) clientsync.InstalledDriver {
	d := clientsync.InstalledDriver{MatchingID: "a", DriverVerDate: date("2020-01-01"), DriverVerVersion: 1 << 48, Rank: 0x00FF0000}
	if change != nil {
		change(&d)
	}
	return d
}

func nothing() clientsync.InstalledDriver {
	return clientsync.InstalledDriver{Rank: clientsync.NoRank, DriverVerDate: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// offered imports drivers as the updates 1, 2…, approves all of them, and returns the numbers of those that a driver pass with the device
// brings, with their hardware ids.
func offered(t fataler, tb testing.TB, device clientsync.Device, drivers ...driver) (numbers []int, hardwareIDs [][]string) {
	var docs []document
	for i, d := range drivers {
		docs = append(docs, driverUpdate(i+1, d))
	}
	server := newServer(tb, docs...)
	for _, d := range docs {
		require.NoError(t, server.Approve(tb.Context(), d.id, wsus.Install, wsus.AllComputers))
	}
	info := newWUA(tb, server, "pc1", "").sync(tb, driverRequest(device))
	require.False(t, info.DriverSyncNotNeeded)
	for _, u := range info.NewUpdates {
		require.Equal(t, clientsync.Install, u.Deployment.Action)
		number := slices.IndexFunc(docs, func(d document) bool { return d.id == identityOf(t, u.XML) })
		numbers, hardwareIDs = append(numbers, number+1), append(hardwareIDs, u.Deployment.HardwareIDs)
	}
	return numbers, hardwareIDs
}

func driverRequest(devices ...clientsync.Device) clientsync.SyncParameters {
	return clientsync.SyncParameters{SkipSoftwareSync: true, SystemSpec: devices, ComputerHardwareIDs: thisComputer(), FeatureScoreMatchingKey: "AMD64.10.0"}
}

// Worked out by hand from the five steps of MS-WUSP §3.1.5.7. Each step decides in favour of the first driver and of the second, against
// all the steps after it.
func TestBestOfTwoDrivers(t *testing.T) {
	worst := driver{id: "compat", date: "2001-01-01", version: "0.0.0.1"}
	better := func(change func(*driver)) driver {
		d := worst
		change(&d)
		return d
	}
	best := driver{id: "a", date: "2024-01-01", version: "9.0", scores: score("amd64.10.0", 1)}
	for name, test := range map[string]struct{ wins, loses driver }{
		"targeted before all else":           {better(func(d *driver) { d.target = chids(c3) }), best},
		"by distribution too":                {better(func(d *driver) { d.distribution = chids(c3) }), best},
		"an earlier computer":                {better(func(d *driver) { d.target = chids(c2) }), driver{date: "2024-01-01", target: chids(c3), scores: score("amd64.10.0", 1)}},
		"its earliest computer counts":       {better(func(d *driver) { d.target = chids(c3, c9, c1) }), driver{date: "2024-01-01", target: chids(c2)}},
		"both lists: what is in both counts": {driver{target: chids(c2)}, driver{date: "2024-01-01", target: chids(c1, c3), distribution: chids(c2, c3)}},
		"another computer's is none":         {worst, driver{date: "2024-01-01", target: chids(c9), scores: score("amd64.10.0", 1)}},
		"nothing in both lists is none":      {worst, driver{date: "2024-01-01", target: chids(c1), distribution: chids(c2)}},
		"feature score":                      {better(func(d *driver) { d.scores = score("amd64.10.0", 9) }), driver{date: "2024-01-01", scores: score("amd64.10.0", 10)}},
		"any score before none":              {better(func(d *driver) { d.scores = score("AMD64.10.0", 254) }), driver{date: "2024-01-01"}},
		"another system's score is none":     {driver{id: "a"}, driver{id: "compat", date: "2024-01-01", scores: score("arm64.10.0", 1)}},
		"255 is none":                        {driver{id: "a"}, driver{id: "b", date: "2024-01-01", scores: score("amd64.10.0", 255)}},
		"earlier hardware id":                {driver{id: "A", date: "2001-01-01"}, driver{id: "b", date: "2024-01-01", version: "9.0"}},
		"hardware before compatible id":      {driver{id: "B", date: "2001-01-01"}, driver{id: "compat", date: "2024-01-01"}},
		"later date":                         {driver{date: "2020-01-02", version: "0.1"}, driver{version: "9.0"}},
		"higher version":                     {driver{version: "1.0.0.1"}, driver{}},
		"versions are unsigned":              {driver{version: "65535.0"}, driver{version: "32767.65535.65535.65535"}},
	} {
		t.Run(name, func(t *testing.T) {
			device := clientsync.Device{HardwareIDs: []string{"a", "b"}, CompatibleIDs: []string{"compat"}, Installed: nothing()}
			numbers, ids := offered(t, t, device, test.wins, test.loses)
			require.Equal(t, []int{1}, numbers)
			require.Equal(t, [][]string{{cmp.Or(test.wins.id, "a")}}, ids, "as the publisher writes it")
			numbers, _ = offered(t, t, device, test.loses, test.wins)
			require.Equal(t, []int{2}, numbers)
		})
	}
	t.Run("equal: the older revision", func(t *testing.T) {
		numbers, _ := offered(t, t, clientsync.Device{HardwareIDs: []string{"a"}, Installed: nothing()}, driver{}, driver{})
		require.Equal(t, []int{1}, numbers)
	})
}

// The same steps against what is installed: only a strictly better driver is sent.
func TestDriverAgainstTheInstalledOne(t *testing.T) {
	for name, test := range map[string]struct {
		driver driver
		have   clientsync.InstalledDriver
		sent   bool
	}{
		"all five equal":                      {driver{}, installed(nil), false},
		"equal up to case":                    {driver{id: "A"}, installed(nil), false},
		"nothing installed":                   {driver{date: "1601-01-01", version: "0"}, nothing(), true},
		"rank -1":                             {driver{}, installed(func(d *clientsync.InstalledDriver) { d.Rank = clientsync.NoRank }), true},
		"no matching id":                      {driver{}, installed(func(d *clientsync.InstalledDriver) { d.MatchingID = "" }), true},
		"targeted, installed not":             {driver{target: chids(c3), date: "2001-01-01"}, installed(nil), true},
		"installed is targeted":               {driver{date: "2024-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingComputerHWID = c3 }), false},
		"both, driver's computer is earlier":  {driver{target: chids(c1), date: "2001-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingComputerHWID = c2 }), true},
		"both, driver's computer is later":    {driver{target: chids(c2), date: "2024-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingComputerHWID = c1 }), false},
		"both the same computer, all equal":   {driver{target: chids(c2)}, installed(func(d *clientsync.InstalledDriver) { d.MatchingComputerHWID = c2 }), false},
		"installed for a computer not listed": {driver{date: "2024-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingComputerHWID = c9 }), false},
		"listed before not listed":            {driver{target: chids(c3), date: "2001-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingComputerHWID = c9 }), true},
		"lower feature score":                 {driver{scores: score("amd64.10.0", 0x0F), date: "2001-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.Rank = 0x00100000 }), true},
		"higher feature score":                {driver{scores: score("amd64.10.0", 0x11), date: "2024-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.Rank = 0x00100000 }), false},
		"the rest of the rank does not count": {driver{scores: score("amd64.10.0", 0x10)}, installed(func(d *clientsync.InstalledDriver) { d.Rank = 0x0D102001 }), false},
		"a rank that is negative":             {driver{scores: score("amd64.10.0", 0x11)}, installed(func(d *clientsync.InstalledDriver) { d.Rank = -0x7FEF0000 }), false}, // 0x80110000
		"earlier id":                          {driver{date: "2001-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingID = "b" }), true},
		"later id":                            {driver{id: "b", date: "2024-01-01"}, installed(nil), false},
		"compatible after hardware id":        {driver{id: "compat", date: "2024-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingID = "B" }), false},
		"hardware before compatible id":       {driver{id: "b", date: "2001-01-01"}, installed(func(d *clientsync.InstalledDriver) { d.MatchingID = "COMPAT" }), true},
		"later date":                          {driver{date: "2020-01-02", version: "0.1"}, installed(nil), true},
		"earlier date":                        {driver{date: "2019-12-31", version: "9.0"}, installed(nil), false},
		"same date at another time of day":    {driver{}, installed(func(d *clientsync.InstalledDriver) { d.DriverVerDate = d.DriverVerDate.Add(13 * time.Hour) }), false},
		"higher version":                      {driver{version: "1.0.0.1"}, installed(nil), true},
		"lower version":                       {driver{version: "0.65535.65535.65535"}, installed(nil), false},
		"targeted at other computers":         {driver{target: chids(c9)}, nothing(), false},
	} {
		t.Run(name, func(t *testing.T) {
			device := clientsync.Device{HardwareIDs: []string{"a", "b"}, CompatibleIDs: []string{"compat"}, Installed: test.have}
			numbers, _ := offered(t, t, device, test.driver)
			require.Equal(t, test.sent, len(numbers) == 1)
		})
	}
}

// A printer keeps its provider and its manufacturer.
func TestDriverOfAPrinter(t *testing.T) {
	newer := driver{class: "Printers", date: "2024-01-01", provider: "Contoso", manufacturer: "Fabrikam"}
	with := func(change func(*driver)) driver {
		d := newer
		change(&d)
		return d
	}
	printer := func(change func(*clientsync.InstalledDriver)) clientsync.InstalledDriver {
		return installed(func(d *clientsync.InstalledDriver) {
			d.Class, d.Provider, d.Manufacturer = "Printer", "contoso", "FABRIKAM"
			if change != nil {
				change(d)
			}
		})
	}
	other := with(func(d *driver) { d.provider = "Northwind" })
	for name, test := range map[string]struct {
		driver driver
		have   clientsync.InstalledDriver
		sent   bool
	}{
		"the same":                          {newer, printer(nil), true},
		"the same but no better":            {with(func(d *driver) { d.date = "2001-01-01" }), printer(nil), false},
		"another provider":                  {other, printer(nil), false},
		"a compatible provider":             {with(func(d *driver) { d.provider, d.compatible = "Northwind", []string{"Tailspin", "CONTOSO"} }), printer(nil), true},
		"a compatible one, not the printer": {with(func(d *driver) { d.provider, d.compatible = "Northwind", []string{"Tailspin"} }), printer(nil), false},
		"another manufacturer":              {with(func(d *driver) { d.manufacturer = "Northwind" }), printer(nil), false},
		"provider filtering is lifted":      {other, printer(func(d *clientsync.InstalledDriver) { d.SkipProviderFiltering = true }), true},
		"no printer":                        {other, printer(func(d *clientsync.InstalledDriver) { d.Class = "{4d36e972-e325-11ce-bfc1-08002be10318}" }), true},
		"a printer without a driver":        {other, nothing(), true},
	} {
		t.Run(name, func(t *testing.T) {
			numbers, _ := offered(t, t, clientsync.Device{HardwareIDs: []string{"a"}, Installed: test.have}, test.driver)
			require.Equal(t, test.sent, len(numbers) == 1)
		})
	}
	t.Run("two printers of one hardware id", func(t *testing.T) {
		server := newServer(t, driverUpdate(1, newer), driverUpdate(2, with(func(d *driver) { d.provider, d.date = "Northwind", "2025-01-01" })))
		for n := range 2 {
			require.NoError(t, server.Approve(t.Context(), id(n+1), wsus.Install, wsus.AllComputers))
		}
		second := printer(func(d *clientsync.InstalledDriver) { d.Provider = "Northwind" })
		info := newWUA(t, server, "pc1", "").sync(t, driverRequest(clientsync.Device{HardwareIDs: []string{"a"}, Installed: printer(nil)},
			clientsync.Device{HardwareIDs: []string{"a"}, Installed: second}))
		require.Len(t, info.NewUpdates, 2)
	})
}
