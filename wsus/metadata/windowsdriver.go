package metadata

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// WindowsDriver is one WindowsDriverMetaData: for one hardware id, the driver that the update has and what it is ranked by
// (MS-WUSP §3.1.1).
type WindowsDriver struct {
	// HardwareID is as the publisher wrote it; hardware ids are compared without case.
	HardwareID    string
	DriverVerDate time.Time // a date, in UTC
	// DriverVerVersion packs four parts of 16 bits, as [ParseDriverVersion] does.
	DriverVerVersion int64
	// Class is the publisher's word, for example Networking or Printers.
	Class, Manufacturer, Provider, Company, Model string
	// CompatibleProviders are other providers whose printer drivers this one may replace.
	CompatibleProviders []string
	// WhqlDriverID is higher the later the driver was submitted; 0 when absent.
	WhqlDriverID  uint64
	FeatureScores []FeatureScore
	// The computers that the driver is for; without any it is for all. With both lists it is for those that are in both.
	DistributionComputerHardwareIDs, TargetComputerHardwareIDs []uuid.UUID
}

// FeatureScore is a score for one operating system: less is better, and a driver without one counts as 255.
type FeatureScore struct {
	// OperatingSystem is architecture.major.minor, for example amd64.10.0; compared without case.
	OperatingSystem string
	Score           uint8
}

// Limits of the driver metadata, in characters, as the published schema has them.
const (
	MaxHardwareID = 200
	maxDriverText = 256
)

// WindowsDrivers reads every WindowsDriverMetaData, in the order of the document; none when the rules have none. HardwareID,
// DriverVerDate and DriverVerVersion must be there, since a driver cannot be ranked without them. An error is a [*DataError].
func (r *Rules) WindowsDrivers() ([]WindowsDriver, error) {
	if r.Metadata == nil {
		return nil, nil
	}
	var drivers []WindowsDriver
	a := &attributes{node: r.Metadata}
	for _, c := range r.Metadata.Children {
		if c.Name == "WindowsDriverMetaData" {
			drivers = append(drivers, readWindowsDriver(a.of(c)))
		}
	}
	if err := a.failure(); err != nil {
		return nil, err
	}
	return drivers, nil
}

func readWindowsDriver(a *attributes) WindowsDriver {
	d := WindowsDriver{
		HardwareID: a.short(a.required("HardwareID"), "HardwareID", MaxHardwareID), WhqlDriverID: a.unsigned("WhqlDriverID"),
		Class: a.driverText("Class"), Manufacturer: a.driverText("Manufacturer"), Provider: a.driverText("Provider"),
		Company: a.driverText("Company"), Model: a.driverText("Model"),
	}
	var err error
	if d.DriverVerDate, err = ParseTime(a.required("DriverVerDate")); err != nil {
		a.fail("DriverVerDate", "%v", err)
	}
	if d.DriverVerVersion, err = ParseDriverVersion(a.required("DriverVerVersion")); err != nil {
		a.fail("DriverVerVersion", "%v", err)
	}
	for _, c := range a.node.Children {
		child := a.of(c)
		switch c.Name {
		case "CompatibleProvider":
			d.CompatibleProviders = append(d.CompatibleProviders, child.short(c.Content(), "", maxDriverText))
		case "FeatureScore":
			d.FeatureScores = append(d.FeatureScores, readFeatureScore(child))
		case "DistributionComputerHardwareId":
			d.DistributionComputerHardwareIDs = append(d.DistributionComputerHardwareIDs, child.guid())
		case "TargetComputerHardwareId":
			d.TargetComputerHardwareIDs = append(d.TargetComputerHardwareIDs, child.guid())
		}
	}
	return d
}

func readFeatureScore(a *attributes) FeatureScore {
	s := FeatureScore{OperatingSystem: a.driverText("OperatingSystem")}
	text := a.required("FeatureScore")
	n, err := strconv.ParseUint(text, 16, 8)
	if err != nil {
		a.fail("FeatureScore", "%.20q is not two hexadecimal digits", text)
	}
	s.Score = uint8(n)
	return s
}

// ParseDriverVersion packs a version of one to four parts, each from 0 to 65535, into 64 bits: 10.0.26100.1234 is
// 10<<48 | 0<<32 | 26100<<16 | 1234, and parts that are missing are 0. Versions are ordered as unsigned numbers.
func ParseDriverVersion(s string) (int64, error) {
	parts := strings.Split(strings.TrimSpace(s), ".")
	if len(parts) > 4 {
		return 0, fmt.Errorf("%.50q has more than four parts", s)
	}
	var packed uint64
	for i := range 4 {
		packed <<= 16
		if i >= len(parts) {
			continue
		}
		n, err := strconv.ParseUint(parts[i], 10, 16)
		if err != nil {
			return 0, fmt.Errorf("%.50q is not up to four numbers from 0 to 65535 with dots between", s)
		}
		packed |= n
	}
	return int64(packed), nil
}

// driverText is an attribute that the schema bounds.
func (a *attributes) driverText(name string) string {
	return a.short(a.text(name), name, maxDriverText)
}

// short refuses a text of more characters than the limit.
func (a *attributes) short(s, attribute string, limit int) string {
	if n := utf8.RuneCountInString(s); n > limit {
		a.fail(attribute, "it has %d characters, the limit is %d", n, limit)
		return ""
	}
	return s
}

// unsigned is a number that orders; absent is 0.
func (a *attributes) unsigned(name string) uint64 {
	s := strings.TrimSpace(a.text(name))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		a.fail(name, "%.20q is not a number from 0 on", s)
	}
	return n
}

// guid is the GUID that the text of the node is, with or without braces.
func (a *attributes) guid() uuid.UUID {
	s := a.node.Content()
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 && s[0] != '{' {
		a.fail("", "%.50q is not a GUID", s)
	}
	return id
}
