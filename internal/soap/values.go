package soap

import (
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

var errValue = errors.New("soap: not a value of the type")

// String closes the innermost open element and answers its text.
func (s *Scanner) String() string { return string(s.Text()) }

// StringUpTo is String with a limit in bytes.
func (s *Scanner) StringUpTo(limit int) string {
	path := s.stack
	text := s.Text()
	if len(text) > limit && s.err == nil {
		s.stack = path // the element that was just closed, for its name
		s.FailLimit("bytes", limit)
		return ""
	}
	return string(text)
}

// Int32 closes the innermost open element and answers its text as an int.
func (s *Scanner) Int32() int32 {
	path := s.stack
	n, err := strconv.ParseInt(string(trim(s.Text())), 10, 32)
	s.checkValue(err, path, "int")
	return int32(n)
}

// Int64 closes the innermost open element and answers its text as a long.
func (s *Scanner) Int64() int64 {
	path := s.stack
	n, err := strconv.ParseInt(string(trim(s.Text())), 10, 64)
	s.checkValue(err, path, "long")
	return n
}

// Int is Int32 for elements whose schema type is narrower than what agents send (MS-WUSP §2.2.2.2.3 has several).
func (s *Scanner) Int() int { return int(s.Int32()) }

// Bool closes the innermost open element and answers its text as a boolean.
func (s *Scanner) Bool() bool {
	path := s.stack
	b, err := ParseBool(s.Text())
	s.checkValue(err, path, "boolean")
	return b
}

// Time closes the innermost open element and answers its text as a dateTime in UTC.
func (s *Scanner) Time() time.Time {
	path := s.stack
	t, err := ParseTime(s.Text())
	s.checkValue(err, path, "dateTime")
	return t
}

// Date is Time for elements that carry a date (LastChangeTime); a dateTime is accepted too.
func (s *Scanner) Date() time.Time {
	path := s.stack
	text := s.Text()
	t, err := time.Parse(time.DateOnly, string(trim(text)))
	if err != nil {
		t, err = ParseTime(text)
	}
	s.checkValue(err, path, "date")
	return t
}

// GUID closes the innermost open element and answers its text as a guid.
func (s *Scanner) GUID() uuid.UUID {
	path := s.stack
	id, err := ParseGUID(s.Text())
	s.checkValue(err, path, "guid")
	return id
}

// Base64 closes the innermost open element and answers the bytes that its text stands for; nil when there are none.
func (s *Scanner) Base64() []byte {
	path := s.stack
	b, err := ParseBase64(s.Text())
	s.checkValue(err, path, "base64Binary")
	return b
}

// AppendBase64 is Base64 that appends to dst.
func (s *Scanner) AppendBase64(dst []byte) []byte {
	path := s.stack
	dst, err := appendBase64(dst, s.Text())
	s.checkValue(err, path, "base64Binary")
	return dst
}

// checkValue fails with the path of the element that was open when the stack was taken.
func (s *Scanner) checkValue(err error, stack []frame, kind string) {
	if err != nil && s.err == nil {
		s.stack = stack
		s.failValue(s.Path(), kind)
	}
}

// ParseBool reads an xs:boolean.
func ParseBool(text []byte) (bool, error) {
	switch string(trim(text)) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	default:
		return false, errValue
	}
}

// ParseTime reads an xs:dateTime; without zone it is UTC, as the oldest agents mean it.
func ParseTime(text []byte) (time.Time, error) {
	trimmed := string(trim(text))
	t, err := time.Parse(time.RFC3339Nano, trimmed)
	if err != nil {
		t, err = time.Parse("2006-01-02T15:04:05.999999999", trimmed)
	}
	if err != nil {
		return time.Time{}, errValue
	}
	return t.UTC(), nil
}

// guidLength is that of 8-4-4-4-12 hexadecimal digits, the only form on the wire.
const guidLength = 36

// ParseGUID reads a guid in any case, without braces.
func ParseGUID(text []byte) (uuid.UUID, error) {
	text = trim(text)
	if len(text) != guidLength {
		return uuid.Nil, errValue
	}
	return uuid.ParseBytes(text)
}

// ParseBase64 reads an xs:base64Binary; white space may stand anywhere, for old agents wrap lines. No bytes are nil.
func ParseBase64(text []byte) ([]byte, error) {
	b, err := appendBase64(nil, text)
	if len(b) == 0 {
		return nil, err
	}
	return b, err
}

// appendBase64 takes the digits together in the room after dst and decodes them in place.
func appendBase64(dst, text []byte) ([]byte, error) {
	begin := len(dst)
	dst = slices.Grow(dst, len(text))
	for _, c := range text {
		if !isSpace(c) {
			dst = append(dst, c)
		}
	}
	digits := dst[begin:]
	n, err := base64.StdEncoding.Strict().Decode(digits, digits)
	return dst[:begin+n], err
}

func trim(text []byte) []byte {
	for len(text) > 0 && isSpace(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}
