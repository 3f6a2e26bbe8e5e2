package wsustest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Ids of the events that the agent reports (MS-WUSP §2.2.2.3.1).
const (
	DetectionFinished = 147
	DetectionFailed   = 148
	Status            = 156
	DownloadFailed    = 161
	DownloadSucceeded = 162
	DownloadStarted   = 167
	InstallStarted    = 181
	InstallFailed     = 182
	InstallSucceeded  = 183
)

// downloadError is the result of an event about a file that is not what it should be (0x80246002).
const downloadError = -0x7FDB9FFE

// PendingEvents are the events that Report will hand over.
func (a *Agent) PendingEvents() int { return len(a.events) }

// ReportScan queues what an agent says after each scan: how many updates it found (147), and which are needed and which installed (156).
// Members of bundles, categories and detectoids are in neither list.
func (a *Agent) ReportScan(ctx context.Context) error {
	var needed, installed []string
	facts := a.judgeOfRules()
	for _, r := range a.Cache() {
		if r.core == nil || !r.Leaf || r.core.Type != metadata.Software || r.Deployment.Action == clientsync.Bundle {
			continue
		}
		state, err := a.evaluate(ctx, facts, r)
		if err != nil {
			return err
		}
		switch id := strings.ToUpper(r.core.UpdateID.String()); state {
		case applicability.Required:
			needed = append(needed, id)
		case applicability.Installed:
			installed = append(installed, id)
		}
	}
	a.queue(DetectionFinished, nil, 0, strconv.Itoa(len(needed)))
	status := a.newEvent(Status, nil, 0)
	if len(needed) > 0 {
		status.MiscData = append(status.MiscData, "U="+strings.Join(needed, ";"))
	}
	if len(installed) > 0 {
		status.MiscData = append(status.MiscData, "V="+strings.Join(installed, ";"))
	}
	a.events = append(a.events, status)
	return nil
}

// ReportInstall queues the outcome of an installation: 181, then 183 for a result of 0, else 182.
func (a *Agent) ReportInstall(r *Revision, hresult int32) {
	a.queue(InstallStarted, r, 0)
	if hresult == 0 {
		a.queue(InstallSucceeded, r, 0)
		return
	}
	a.queue(InstallFailed, r, hresult, fmt.Sprintf("0x%08X", uint32(hresult)))
}

// batchOfEvents is how many events go into one call.
const batchOfEvents = 100

// Report hands the queued events over, in batches. When one fails it stays queued with those behind it; the server knows events again by
// their ids.
func (a *Agent) Report(ctx context.Context) error {
	for len(a.events) > 0 {
		n := min(len(a.events), batchOfEvents)
		received, err := a.session.ReportEventBatch(ctx, a.events[:n])
		if err != nil {
			return fmt.Errorf("report: %w", err)
		}
		if !received {
			a.findf("events-received", "ReportEventBatch answers false for %d events", n)
			return fmt.Errorf("report: the server did not take %d events", n)
		}
		a.events = a.events[n:]
	}
	a.events = nil
	return nil
}

func (a *Agent) queue(event int, r *Revision, hresult int32, replacements ...string) {
	a.events = append(a.events, a.newEvent(event, r, hresult, replacements...))
}

func (a *Agent) newEvent(event int, r *Revision, hresult int32, replacements ...string) clientsync.ReportingEvent {
	info := a.computer.Info
	e := clientsync.ReportingEvent{
		TargetID: a.computer.ClientID, TimeAtTarget: a.computer.Now().UTC(), EventInstanceID: uuid.New(), NamespaceID: 1, EventID: event,
		SourceID: 101, Win32HResult: hresult, AppName: "wsustest", ReplacementStrings: replacements, ComputerBrand: info.ComputerManufacturer,
		ComputerModel: info.ComputerModel, BiosRevision: info.BiosVersion, Architecture: "Amd64Compatible", OSLocaleID: 1033,
		OSVersion: clientsync.OSVersion{Major: info.OSMajorVersion, Minor: info.OSMinorVersion, Build: info.OSBuildNumber,
			Revision: info.OldProductType<<16 | info.SuiteMask},
	}
	if r != nil {
		e.UpdateID = r.Identity()
	}
	return e
}
