package compliance

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// DecodeReport reads what EncodeReport writes, and the product's layout where it says the same. It takes one well-formed UTF-8
// document without a document type declaration, skips elements and attributes that it does not know, and refuses a report that
// Validate refuses. A report over the limits is a *LimitError, one that says something wrong an *InvalidError. Messages that a
// user's SID makes messages about that user are not built and are refused.
func DecodeReport(r io.Reader, limits Limits) (Report, error) {
	report, err := decodeReport(r, limits.withDefaults())
	if err != nil {
		return Report{}, fmt.Errorf("decode report: %w", err)
	}
	return report, nil
}

func decodeReport(r io.Reader, limits Limits) (Report, error) {
	inner := xml.NewDecoder(&limitedReader{r: r, left: limits.Bytes, limit: limits.Bytes})
	d := xml.NewTokenDecoder(&limitedTokens{d: inner, limits: limits})
	var wire wireReport
	if err := d.Decode(&wire); err != nil {
		return Report{}, err
	}
	if err := atEnd(d); err != nil {
		return Report{}, err
	}
	return wire.report()
}

// atEnd accepts comments and white space behind the document element.
func atEnd(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		switch token.(type) {
		case xml.StartElement, xml.EndElement:
			return errors.New("something follows the document")
		}
	}
}

func (w *wireReport) report() (Report, error) {
	details := w.Header.Details
	if details.Content != reportContent {
		return Report{}, &InvalidError{Reason: fmt.Sprintf("content is %q, not %q", clip(details.Content), reportContent)}
	}
	if details.Type != typeFull && details.Type != typeDelta {
		return Report{}, &InvalidError{Reason: fmt.Sprintf("report type %q is not taken", clip(details.Type))}
	}
	date, err := parseCIM(details.Date)
	if err != nil {
		return Report{}, &InvalidError{Reason: err.Error()}
	}
	report := Report{
		ClientID: w.Header.Machine.ClientID,
		Name:     w.Header.Machine.NetBIOSName,
		Date:     date,
		Full:     details.Type == typeFull,
	}
	if len(w.Body.Messages) > 0 {
		report.Messages = make([]Message, len(w.Body.Messages))
	}
	for i := range w.Body.Messages {
		if report.Messages[i], err = w.Body.Messages[i].message(); err != nil {
			return Report{}, err
		}
	}
	return report, report.Validate()
}

func (w *wireMessage) message() (Message, error) {
	invalid := func(format string, args ...any) (Message, error) {
		return Message{}, &InvalidError{Serial: w.Serial, Reason: fmt.Sprintf(format, args...)}
	}
	at, err := parseCIM(w.Time)
	if err != nil {
		return invalid("%v", err)
	}
	if w.Topic.User != "" || w.Topic.UserSID != "" {
		return invalid("messages about a user are not taken")
	}
	params := w.Parameters.Params
	if w.Parameters.Count != len(params) {
		return invalid("%d parameters are announced, %d are there", w.Parameters.Count, len(params))
	}
	m := Message{
		Serial:  w.Serial,
		Time:    at,
		Topic:   Topic{Type: TopicType(w.Topic.Type), ID: w.Topic.ID},
		StateID: w.State.ID,
	}
	if m.Topic.Type == UpdateDetection {
		return m, nil // the parameter is the revision: states here are those of the update
	}
	if len(params) > 0 {
		code, err := strconv.ParseInt(params[0], 10, 32)
		if err != nil {
			return invalid("error code %q is no 32-bit number", clip(params[0]))
		}
		m.ErrorCode = int32(code)
	}
	if len(params) > 1 {
		if m.ContentVersion, err = strconv.ParseInt(params[1], 10, 64); err != nil {
			return invalid("content version %q is no number", clip(params[1]))
		}
	}
	return m, nil
}
