package clientsync

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Version of the protocol, of a client or of a server. It is two numbers, not a decimal fraction: 2.90 is later than 2.4.
// The zero value is older than all.
type Version struct{ Major, Minor int }

// canScanCategories tells whether a client knows filters, split out-of-scope lists and DriverSyncNotNeeded (MS-WUSP
// §2.2.2.2.4).
func (v Version) canScanCategories() bool { return v.AtLeast(Version{1, 7}) }

// knowsHardwareIDs tells whether deployments of drivers for a client carry HardwareIds (MS-WUSP §2.2.2.2.4).
func (v Version) knowsHardwareIDs() bool { return v.AtLeast(Version{1, 6}) }

// knowsAutoSelect tells whether deployments for a client carry AutoSelect, AutoDownload and SupersedenceBehavior (MS-WUSP
// §2.2.2.2.4).
func (v Version) knowsAutoSelect() bool { return v.AtLeast(Version{1, 8}) }

// knowsOptionalInstall tells whether a client knows the action OptionalInstall, which came with Windows 10 version 1903.
func (v Version) knowsOptionalInstall() bool { return v.AtLeast(Version{2, 0}) }

// ParseVersion reads major.minor, each part up to 65535.
func ParseVersion(text string) (Version, error) {
	major, minor, ok := strings.Cut(text, ".")
	v := Version{parseVersionPart(major), parseVersionPart(minor)}
	if !ok || v.Major < 0 || v.Minor < 0 {
		return Version{}, fmt.Errorf("protocol version %.20q is not of the form major.minor", text)
	}
	return v, nil
}

func parseVersionPart(text string) int {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

// Compare is negative when v is older than w, zero when they are equal, positive when v is later.
func (v Version) Compare(w Version) int {
	return cmp.Or(cmp.Compare(v.Major, w.Major), cmp.Compare(v.Minor, w.Minor))
}

// AtLeast tells whether v is w or later.
func (v Version) AtLeast(w Version) bool { return v.Compare(w) >= 0 }

// String is major.minor.
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }
