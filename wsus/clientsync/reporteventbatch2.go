package clientsync

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/internal/soap"
)

// reportEventBatch2 takes over events without a cookie (contract only). No seal vouches for who sends them, so the backend is
// told that the bearer is unsealed; a computer that never registered is refused before anything of the batch is looked at.
func reportEventBatch2(x *exchange) error {
	if !x.in.Child() || string(x.in.Name()) != "computerId" {
		if err := x.in.Err(); err != nil {
			return err
		}
		return invalid("computerId")
	}
	id := x.in.StringUpTo(x.limits.Text)
	switch {
	case x.in.Err() != nil:
		return x.in.Err()
	case !isClientID(id):
		return invalid("computerId")
	}
	registered, err := x.backend.Registered(x.ctx, Bearer{ID: id, Unsealed: true})
	if err != nil {
		return err
	}
	if !registered {
		return &Fault{Code: RegistrationRequired}
	}
	x.clientID = id
	events, err := readEventBatch(x.in, x.limits)
	if err != nil {
		return err
	}
	if err := x.in.Close(); err != nil {
		return err
	}
	for _, e := range events {
		if !strings.EqualFold(e.TargetID, id) {
			return invalid("eventBatch.ReportingEvent.BasicData.TargetID")
		}
	}
	if err := x.backend.Report(x.ctx, Bearer{ID: id, Host: x.host, Unsealed: true}, events); err != nil {
		return fmt.Errorf("report events: %w", err)
	}
	x.answer(func(w *soap.Writer) { w.Bool("ReportEventBatch2Result", true) })
	return nil
}

// ReportEventBatch2 hands events over without a cookie, by the client's id alone. A server may believe them less than those of
// ReportEventBatch; ours never draws a status from them.
func (c *Client) ReportEventBatch2(ctx context.Context, computerID string, clientTime time.Time, events []ReportingEvent) (
	received bool, err error) {
	err = c.call(ctx, ReportingPath, soap.Operation{Space: ReportingNamespace, Name: "ReportEventBatch2"},
		func(w *soap.Writer) {
			w.String("computerId", computerID)
			w.Time("clientTime", clientTime)
			w.Element("eventBatch", func() {
				for _, e := range events {
					writeEvent(w, e)
				}
			})
		},
		func(s *soap.Scanner) {
			for s.Child() {
				received = s.Bool()
			}
		})
	return received, err
}
