package soap

import (
	"encoding/base64"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// A Writer appends elements to a message. Names are those of the protocol and are written as they are; values are escaped.
// The zero value writes to a new slice.
type Writer struct{ buf []byte }

// NewWriter appends to buf[:0].
func NewWriter(buf []byte) *Writer { return &Writer{buf: buf[:0]} }

// Bytes is what has been written; it stays the writer's.
func (w *Writer) Bytes() []byte { return w.buf }

// Reset forgets what has been written and keeps the room.
func (w *Writer) Reset() { w.buf = w.buf[:0] }

// Envelope writes an envelope around an operation whose namespace is the default one inside.
func (w *Writer) Envelope(form Form, op Operation, content func()) {
	w.raw(form.head())
	w.raw("<")
	w.raw(op.Name)
	w.raw(` xmlns="`)
	w.raw(op.Space)
	w.raw(`">`)
	content()
	w.Close(op.Name)
	w.raw(form.tail())
}

// Open writes a start tag.
func (w *Writer) Open(name string) {
	w.buf = append(append(append(w.buf, '<'), name...), '>')
}

// Close writes an end tag.
func (w *Writer) Close(name string) {
	w.buf = append(append(append(w.buf, '<', '/'), name...), '>')
}

// Empty writes an element without content.
func (w *Writer) Empty(name string) {
	w.buf = append(append(append(w.buf, '<'), name...), '/', '>')
}

// Element writes an element around content.
func (w *Writer) Element(name string, content func()) {
	w.Open(name)
	content()
	w.Close(name)
}

// String writes an element with text.
func (w *Writer) String(name, text string) {
	w.Open(name)
	w.buf = appendEscaped(w.buf, text)
	w.Close(name)
}

// StringIf writes nothing for the empty text.
func (w *Writer) StringIf(name, text string) {
	if text != "" {
		w.String(name, text)
	}
}

// Int writes an element with a number.
func (w *Writer) Int(name string, n int64) {
	w.Open(name)
	w.buf = strconv.AppendInt(w.buf, n, 10)
	w.Close(name)
}

// Bool writes an element with true or false.
func (w *Writer) Bool(name string, b bool) {
	w.Open(name)
	w.buf = strconv.AppendBool(w.buf, b)
	w.Close(name)
}

// Time writes an element with a dateTime in UTC and up to seven digits of fraction, as the real servers do.
func (w *Writer) Time(name string, t time.Time) {
	w.Open(name)
	w.buf = t.UTC().AppendFormat(w.buf, "2006-01-02T15:04:05.9999999Z")
	w.Close(name)
}

// Date writes an element with a date in UTC.
func (w *Writer) Date(name string, t time.Time) {
	w.Open(name)
	w.buf = t.UTC().AppendFormat(w.buf, time.DateOnly)
	w.Close(name)
}

// GUID writes an element with a guid in lower case.
func (w *Writer) GUID(name string, id uuid.UUID) {
	w.String(name, id.String())
}

// Base64 writes an element with bytes.
func (w *Writer) Base64(name string, b []byte) {
	w.Open(name)
	w.buf = base64.StdEncoding.AppendEncode(w.buf, b)
	w.Close(name)
}

// Int32s writes an ArrayOfInt; nothing when it is empty, which means the same.
func (w *Writer) Int32s(name string, list []int32) {
	if len(list) == 0 {
		return
	}
	w.Open(name)
	for _, n := range list {
		w.Int("int", int64(n))
	}
	w.Close(name)
}

// Strings writes an ArrayOfString; nothing when it is empty.
func (w *Writer) Strings(name string, list []string) {
	if len(list) == 0 {
		return
	}
	w.Open(name)
	for _, text := range list {
		w.String("string", text)
	}
	w.Close(name)
}

// GUIDs writes an ArrayOfGuid; nothing when it is empty.
func (w *Writer) GUIDs(name string, list []uuid.UUID) {
	if len(list) == 0 {
		return
	}
	w.Open(name)
	for _, id := range list {
		w.GUID("guid", id)
	}
	w.Close(name)
}

func (w *Writer) raw(text string) { w.buf = append(w.buf, text...) }
