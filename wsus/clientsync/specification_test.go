package clientsync_test

import (
	"encoding/xml"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// syncUpdatesMessage is SyncUpdates as encoding/xml reads it: the specification that the hand-written reader is held to.
type syncUpdatesMessage struct {
	Parameters *struct {
		Installed   []int32    `xml:"InstalledNonLeafUpdateIDs>int"`
		OtherCached []int32    `xml:"OtherCachedUpdateIDs>int"`
		Devices     []struct{} `xml:"SystemSpec>Device"`
		Drivers     []int32    `xml:"CachedDriverIDs>int"`
		SkipSoft    bool       `xml:"SkipSoftwareSync"`
		Filter      []string   `xml:"FilterCategoryIds>CategoryIdentifier>Id"`
		TwoGroups   bool       `xml:"NeedTwoGroupOutOfScopeUpdates"`
	} `xml:"Body>SyncUpdates>parameters"`
}

// parametersBySpecification answers false when encoding/xml refuses the message or sees no parameters.
func parametersBySpecification(body []byte) (clientsync.SyncParameters, bool) {
	var m syncUpdatesMessage
	if err := xml.Unmarshal(body, &m); err != nil || m.Parameters == nil {
		return clientsync.SyncParameters{}, false
	}
	p := clientsync.SyncParameters{
		InstalledNonLeafUpdateIDs: m.Parameters.Installed, OtherCachedUpdateIDs: m.Parameters.OtherCached,
		CachedDriverIDs: m.Parameters.Drivers, SkipSoftwareSync: m.Parameters.SkipSoft,
		NeedTwoGroupOutOfScopeUpdates: m.Parameters.TwoGroups, HasSystemSpec: len(m.Parameters.Devices) > 0,
	}
	for _, text := range m.Parameters.Filter {
		id, err := uuid.Parse(strings.TrimSpace(text))
		if err != nil {
			return p, false
		}
		p.FilterCategoryIDs = append(p.FilterCategoryIDs, id)
	}
	return p, true
}
