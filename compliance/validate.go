package compliance

import (
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/google/uuid"
)

// MaxText is how many bytes a client id, a computer name and a topic id may have.
const MaxText = 255

// InvalidError says why a report cannot be taken: nothing of it was.
type InvalidError struct {
	// Serial of the message that is wrong, 0 when it is the report.
	Serial int64
	Reason string
}

func (e *InvalidError) Error() string {
	if e.Serial == 0 {
		return "report: " + e.Reason
	}
	return fmt.Sprintf("state message %d: %s", e.Serial, e.Reason)
}

// Validate returns an *InvalidError for the first thing that no client may send: an empty client id, text that XML cannot carry
// or that is longer than MaxText, serials that do not increase, a topic type or state ID that does not exist here, an id that is
// no GUID where the topic type needs one, fields that the topic type does not have.
func (r Report) Validate() error {
	if r.ClientID == "" {
		return &InvalidError{Reason: "client id is empty"}
	}
	if err := validText("client id", r.ClientID); err != nil {
		return err
	}
	if err := validText("name", r.Name); err != nil {
		return err
	}
	last := int64(0)
	for i := range r.Messages {
		m := &r.Messages[i]
		if m.Serial <= last {
			return &InvalidError{Reason: fmt.Sprintf("serial %d does not come after %d", m.Serial, last)}
		}
		last = m.Serial
		if err := m.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (m *Message) validate() error {
	invalid := func(format string, args ...any) error {
		return &InvalidError{Serial: m.Serial, Reason: fmt.Sprintf(format, args...)}
	}
	if m.Serial == math.MaxInt64 {
		return invalid("no serial can follow")
	}
	if m.Topic.Type.stateNames() == nil {
		return invalid("topic type %d is not taken", int(m.Topic.Type))
	}
	if m.Topic.Type.StateName(m.StateID) == "" {
		return invalid("topic type %d has no state %d", int(m.Topic.Type), m.StateID)
	}
	switch m.Topic.Type {
	case UpdateDetection, CIEnforcement:
		if _, err := uuid.Parse(m.Topic.ID); err != nil {
			return invalid("topic id %q is no GUID", clip(m.Topic.ID))
		}
	}
	if err := validText("topic id", m.Topic.ID); err != nil {
		return invalid("%v", err)
	}
	if m.Topic.Type == UpdateDetection && m.ErrorCode != 0 {
		return invalid("topic type %d has no error code", int(m.Topic.Type))
	}
	completed := m.Topic.Type == UpdateSourceScan && m.StateID == int(ScanCompleted)
	if m.ContentVersion < 0 || m.ContentVersion != 0 && !completed {
		return invalid("content version %d: only a completed scan has one, above 0", m.ContentVersion)
	}
	return nil
}

// validText accepts what an XML attribute gives back unchanged.
func validText(what, text string) error {
	if len(text) > MaxText {
		return &InvalidError{Reason: fmt.Sprintf("%s has %d bytes, more than %d", what, len(text), MaxText)}
	}
	if !utf8.ValidString(text) {
		return &InvalidError{Reason: what + " is not UTF-8"}
	}
	for _, r := range text {
		if r < 0x20 || r == 0x7f || r == 0xFFFE || r == 0xFFFF {
			return &InvalidError{Reason: fmt.Sprintf("%s has the character %U", what, r)}
		}
	}
	return nil
}

// clip keeps foreign text in errors short.
func clip(text string) string {
	if len(text) > 64 {
		return text[:64] + "…"
	}
	return text
}
