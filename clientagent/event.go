package clientagent

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// Events that an agent reports to the WSUS server (MS-WUSP §2.2.2.3.1).
const (
	eventDetectionFinished = 147
	eventStatus            = 156
	eventNamespace         = 1
	sourceClientAgent      = 101
	eventAppName           = "CcmExec"
)

// scanEvents are the two events after a scan: that the detection is finished, and which leaf updates are needed (U) and installed (V). A
// newer status event replaces the lists of the last. Parts of bundles are not named.
func scanEvents(clientID string, t *turn, c computer, found []evaluated) ([]clientsync.ReportingEvent, error) {
	var needed, installed []string
	for _, e := range found {
		if e.revision.Deployment.Action == clientsync.Bundle {
			continue
		}
		id := strings.ToUpper(e.ID.String())
		switch e.State {
		case compliance.Required:
			needed = append(needed, id)
		case compliance.Installed:
			installed = append(installed, id)
		}
	}
	finished, err := newEvent(eventDetectionFinished, clientID, t, c)
	if err != nil {
		return nil, err
	}
	finished.ReplacementStrings = []string{strconv.Itoa(len(needed))}
	status, err := newEvent(eventStatus, clientID, t, c)
	if err != nil {
		return nil, err
	}
	for _, list := range []struct {
		key string
		ids []string
	}{{"U", needed}, {"V", installed}} {
		if len(list.ids) > 0 {
			slices.Sort(list.ids)
			status.MiscData = append(status.MiscData, list.key+"="+strings.Join(list.ids, ";"))
		}
	}
	return []clientsync.ReportingEvent{finished, status}, nil
}

func newEvent(event int, clientID string, t *turn, c computer) (clientsync.ReportingEvent, error) {
	instance, err := uuid.NewRandom()
	if err != nil {
		return clientsync.ReportingEvent{}, fmt.Errorf("draw event id: %w", err)
	}
	s, h := c.system, c.hardware
	return clientsync.ReportingEvent{
		TargetID: clientID, TimeAtTarget: t.now.UTC(), EventInstanceID: instance, NamespaceID: eventNamespace, EventID: event,
		SourceID: sourceClientAgent, AppName: eventAppName, MiscData: []string{"Q=1"},
		ComputerBrand: h.Manufacturer, ComputerModel: h.Model, BiosRevision: h.BIOSVersion,
		Architecture: architectureEnum(s.Architecture),
		OSVersion: clientsync.OSVersion{Major: s.Version[0], Minor: s.Version[1], Build: s.Version[2],
			// All known values are product type and suite mask.
			Revision: s.ProductType<<16 | s.SuiteMask, ServicePackMajor: s.ServicePack[0], ServicePackMinor: s.ServicePack[1]},
	}, nil
}

// reportScan sends the events of a scan. The scan is good without them: a failure is logged, the next scan reports anew.
func (a *Agent) reportScan(ctx context.Context, t *turn, c computer, s *serverSession, found []evaluated) {
	events, err := scanEvents(t.me.ClientID, t, c, found)
	if err == nil {
		_, err = s.ReportEventBatch(ctx, events)
	}
	if err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "events of the scan were not reported", "error", err)
	}
}
