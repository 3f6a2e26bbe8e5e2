package compliance

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// EncodeReport writes the XML of a state message report, with the product's elements and attributes. Where the product leaves a
// choice or is not documented:
//
//   - The document is UTF-8; the product's is UTF-16.
//   - ReportType is Full or Delta, the words that the product's reports share with its inventory. Only Full was seen on state
//     messages.
//   - The HRESULT is the first UserParameters/Param, in decimal with sign, the content version of a completed scan the second;
//     both are left out while they are 0. Topic type 500 has none: the product puts the update's revision there.
//   - Times are CIM datetimes in UTC, cut off to the microsecond.
//
// A report that Validate refuses is not written.
func EncodeReport(w io.Writer, r Report) error {
	wire, err := r.wire()
	if err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	if err := xml.NewEncoder(w).Encode(wire); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	return nil
}

func (r Report) wire() (*wireReport, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	date, err := formatCIM(r.Date)
	if err != nil {
		return nil, &InvalidError{Reason: err.Error()}
	}
	reportType := typeDelta
	if r.Full {
		reportType = typeFull
	}
	wire := &wireReport{
		Header: wireHeader{
			Machine: wireMachine{ClientInstalled: 1, ClientType: 1, ClientID: r.ClientID, NetBIOSName: r.Name},
			Details: wireDetails{Content: reportContent, Type: reportType, Date: date, Version: reportVersion, Format: reportVersion},
		},
		Body: wireBody{Messages: make([]wireMessage, len(r.Messages))},
	}
	for i := range r.Messages {
		if wire.Body.Messages[i], err = r.Messages[i].wire(); err != nil {
			return nil, err
		}
	}
	return wire, nil
}

func (m *Message) wire() (wireMessage, error) {
	at, err := formatCIM(m.Time)
	if err != nil {
		return wireMessage{}, &InvalidError{Serial: m.Serial, Reason: err.Error()}
	}
	params := m.params()
	return wireMessage{
		Time:       at,
		Serial:     m.Serial,
		Topic:      wireTopic{ID: m.Topic.ID, Type: int(m.Topic.Type), IDType: m.Topic.Type.idType()},
		State:      wireState{ID: m.StateID},
		Parameters: wireParameters{Count: len(params), Params: params},
	}, nil
}

// params holds as many parameters as are needed to tell the last one that is not 0.
func (m *Message) params() []string {
	code := strconv.FormatInt(int64(m.ErrorCode), 10)
	switch {
	case m.ContentVersion != 0:
		return []string{code, strconv.FormatInt(m.ContentVersion, 10)}
	case m.ErrorCode != 0:
		return []string{code}
	default:
		return nil
	}
}
