package clientsync_test

import (
	"encoding/xml"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// syncUpdatesMessage is SyncUpdates as encoding/xml reads it: the specification that the hand-written reader is held to.
type syncUpdatesMessage struct {
	Body struct {
		Parameters *struct {
			Installed   []int32      `xml:"InstalledNonLeafUpdateIDs>int"`
			OtherCached []int32      `xml:"OtherCachedUpdateIDs>int"`
			Devices     []specDevice `xml:"SystemSpec>Device"`
			Computer    []string     `xml:"ComputerSpec>HardwareIDs>guid"`
			FeatureKey  string       `xml:"FeatureScoreMatchingKey"`
			Drivers     []int32      `xml:"CachedDriverIDs>int"`
			SkipSoft    bool         `xml:"SkipSoftwareSync"`
			Filter      []string     `xml:"FilterCategoryIds>CategoryIdentifier>Id"`
			TwoGroups   bool         `xml:"NeedTwoGroupOutOfScopeUpdates"`
		} `xml:"SyncUpdates>parameters"`
	} `xml:"http://schemas.xmlsoap.org/soap/envelope/ Body"`
}

// parametersBySpecification answers found false when the message is another.
func parametersBySpecification(body []byte) (p clientsync.SyncParameters, found bool, err error) {
	var m syncUpdatesMessage
	if err := xml.Unmarshal(body, &m); err != nil || m.Body.Parameters == nil {
		return p, false, err
	}
	spec := m.Body.Parameters
	p = clientsync.SyncParameters{
		InstalledNonLeafUpdateIDs: spec.Installed, OtherCachedUpdateIDs: spec.OtherCached,
		CachedDriverIDs: spec.Drivers, SkipSoftwareSync: spec.SkipSoft,
		NeedTwoGroupOutOfScopeUpdates: spec.TwoGroups, FeatureScoreMatchingKey: spec.FeatureKey,
	}
	for _, d := range spec.Devices {
		device, err := d.device()
		if err != nil {
			return p, true, err
		}
		p.SystemSpec = append(p.SystemSpec, device)
	}
	for _, text := range spec.Computer {
		id, err := uuid.Parse(strings.TrimSpace(text))
		if err != nil {
			return p, true, err
		}
		p.ComputerHardwareIDs = append(p.ComputerHardwareIDs, id)
	}
	for _, text := range spec.Filter {
		id, err := uuid.Parse(strings.TrimSpace(text))
		if err != nil {
			return p, true, err
		}
		p.FilterCategoryIDs = append(p.FilterCategoryIDs, id)
	}
	return p, true, nil
}
