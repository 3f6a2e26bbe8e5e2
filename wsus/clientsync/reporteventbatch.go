package clientsync

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// reportEventBatch takes over events (MS-WUSP §2.2.2.3.1). Nothing of the batch is looked at before the cookie is accepted,
// and no text in it is ever interpreted. It does not ask for registration: events say why that failed, too.
func reportEventBatch(x *exchange) error {
	state, err := x.authenticate()
	if err != nil {
		return err
	}
	events, err := readEventBatch(x.in, x.limits)
	if err != nil {
		return err
	}
	for _, e := range events {
		if !strings.EqualFold(e.TargetID, state.Bearer.ID) {
			return invalid("eventBatch.ReportingEvent.BasicData.TargetID")
		}
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	if err := x.backend.Report(x.ctx, state.Bearer, events); err != nil {
		return fmt.Errorf("report events: %w", err)
	}
	x.answer(func(w *soap.Writer) { w.Bool("ReportEventBatchResult", true) })
	return nil
}

// readEventBatch reads what follows the cookie. The client's time, which stands there too, has no use.
func readEventBatch(s *soap.Scanner, limits Limits) ([]ReportingEvent, error) {
	var events []ReportingEvent
	present := false
	for s.Child() {
		if string(s.Name()) != "eventBatch" {
			s.Skip()
			continue
		}
		present = true
		s.List("ReportingEvent", limits.Events, func() { events = append(events, readEvent(s, limits)) })
	}
	switch {
	case s.Err() != nil:
		return nil, s.Err()
	case !present:
		return nil, invalid("eventBatch")
	default:
		return events, nil
	}
}

// ReportEventBatch hands over events (MS-WUSP §2.2.2.3.1). It answers true when the server has received them; those that it
// knows already do no harm.
func (c *Client) ReportEventBatch(ctx context.Context, cookie Cookie, clientTime time.Time, events []ReportingEvent) (
	bool, error) {
	received := false
	err := c.call(ctx, ReportingPath, soap.Operation{Space: ReportingNamespace, Name: "ReportEventBatch"},
		func(w *soap.Writer) {
			writeCookie(w, "cookie", cookie)
			w.Time("clientTime", clientTime)
			w.Open("eventBatch")
			for _, e := range events {
				writeEvent(w, e)
			}
			w.Close("eventBatch")
		},
		func(s *soap.Scanner) {
			for s.Child() {
				received = s.Bool()
			}
		})
	return received, err
}
