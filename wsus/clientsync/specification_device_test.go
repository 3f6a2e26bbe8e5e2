package clientsync_test

import (
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// specDevice is a device as encoding/xml reads it. Numbers and times are text here: encoding/xml takes blanks around them only
// in some places.
type specDevice struct {
	HardwareIDs   []string     `xml:"HardwareIDs>string"`
	CompatibleIDs []string     `xml:"CompatibleIDs>string"`
	Installed     specDriver   `xml:"installedDriver"`
	Agents        []specDriver `xml:"extensionDrivers>ExtensionDriver"`
	Contract      []specDriver `xml:"extensionDriver>extensionDriver"`
	Recovery      []string     `xml:"DriverRecoveryIDs>DriverRecoveryID"`
	Flags         string       `xml:"DeviceFlags"`
}

type specDriver struct {
	ExtensionID   string `xml:"ExtensionId"`
	MatchingID    string
	Date          string `xml:"DriverVerDate"`
	Version       string `xml:"DriverVerVersion"`
	Class         string
	Manufacturer  string
	Provider      string
	Model         string
	Computer      string `xml:"MatchingComputerHWID"`
	Rank          string `xml:"DriverRank"`
	SkipFiltering string `xml:"SkipProviderFiltering"`
	Generic       string `xml:"IsGeneric"`
}

func (s specDevice) device() (clientsync.Device, error) {
	d := clientsync.Device{HardwareIDs: s.HardwareIDs, CompatibleIDs: s.CompatibleIDs, Flags: uint8(number(s.Flags))}
	installed, err := s.Installed.driver()
	if err != nil {
		return d, err
	}
	d.Installed = installed
	for _, e := range append(s.Agents, s.Contract...) {
		driver, err := e.driver()
		if err != nil {
			return d, err
		}
		d.Extensions = append(d.Extensions, clientsync.ExtensionDriver{ExtensionID: e.ExtensionID, DriverVerDate: driver.DriverVerDate,
			DriverVerVersion: driver.DriverVerVersion, Class: e.Class, Rank: driver.Rank, MatchingComputerHWID: driver.MatchingComputerHWID})
	}
	for _, text := range s.Recovery {
		if id, err := uuid.Parse(strings.TrimSpace(text)); err == nil {
			d.RecoveryIDs = append(d.RecoveryIDs, id)
		}
	}
	return d, nil
}

func (s specDriver) driver() (clientsync.InstalledDriver, error) {
	d := clientsync.InstalledDriver{MatchingID: s.MatchingID, DriverVerVersion: number(s.Version), Class: s.Class,
		Manufacturer: s.Manufacturer, Provider: s.Provider, Model: s.Model, Rank: int32(number(s.Rank)),
		SkipProviderFiltering: isTrue(s.SkipFiltering), IsGeneric: isTrue(s.Generic)}
	if text := strings.TrimSpace(s.Computer); text != "" {
		id, err := uuid.Parse(text)
		if err != nil {
			return d, err
		}
		d.MatchingComputerHWID = id
	}
	if text := strings.TrimSpace(s.Date); text != "" {
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
			if at, err := time.Parse(layout, text); err == nil {
				d.DriverVerDate = at.UTC()
				break
			}
		}
	}
	return d, nil
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(text), 10, 64) // what is no number the reader has refused
	return n
}

func isTrue(text string) bool {
	text = strings.TrimSpace(text)
	return text == "true" || text == "1"
}
