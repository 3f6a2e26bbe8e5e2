package wsustest

import (
	"fmt"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

func eventsReceived(e *examination) {
	if !e.wantScan() {
		return
	}
	if err := e.agent.ReportScan(e.ctx); err != nil {
		e.failf("evaluate: %v", err)
		return
	}
	events := slices.Clone(e.agent.events)
	e.result.Changed = append(e.result.Changed, fmt.Sprintf("%d events of that computer are with its reports", len(events)))
	for range 2 { // the second time as after an answer that got lost
		e.agent.events = slices.Clone(events)
		if err := e.agent.Report(e.ctx); err != nil {
			e.failf("%v", err)
			return
		}
	}
}

// eventsCookie reports an event that says nothing, with cookies that must not be taken.
func eventsCookie(e *examination) {
	event := e.agent.newEvent(DetectionFinished, nil, 0, "0")
	_, err := e.client.ReportEventBatch(e.ctx, e.inventedCookie(), e.config.Now(), []clientsync.ReportingEvent{event})
	e.wantFault("ReportEventBatch with an invented cookie", err, clientsync.InvalidCookie, clientsync.ServerChanged)
	_, err = e.client.ReportEventBatch(e.ctx, clientsync.Cookie{}, e.config.Now(), []clientsync.ReportingEvent{event})
	e.wantFault("ReportEventBatch without a cookie", err, clientsync.InvalidCookie, clientsync.ServerChanged, clientsync.InvalidParameters)
}

// unknownOperation must be answered: some servers let such a request hang.
func unknownOperation(e *examination) {
	_, err := e.post(clientsync.ClientPath, clientsync.ClientNamespace, "GetTheMoon", "")
	if err == nil {
		e.failf("the operation GetTheMoon was accepted")
	} else if !asked(err) {
		e.failf("the operation GetTheMoon: %v; want a fault", err)
	}
}
