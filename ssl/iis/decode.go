package iis

import (
	"bytes"
	"encoding/binary"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// encoding is how the text of a file is written down. IIS writes UTF-8 without byte order mark; editors leave the others.
type encoding int

const (
	utf8Plain encoding = iota
	utf8Mark
	utf16Little
	utf16Big
)

var (
	markUTF8   = []byte{0xEF, 0xBB, 0xBF}
	markLittle = []byte{0xFF, 0xFE}
	markBig    = []byte{0xFE, 0xFF}
)

// decode tells the encoding of a file by its byte order mark and returns the text as UTF-8 without it. It accepts only what
// encode gives back byte for byte, so half of a surrogate pair is refused.
func decode(data []byte) ([]byte, encoding, error) {
	switch {
	case bytes.HasPrefix(data, markUTF8):
		text := data[len(markUTF8):]
		return text, utf8Mark, checkCharacters(text)
	case bytes.HasPrefix(data, markLittle):
		text, err := fromUTF16(data[len(markLittle):], binary.LittleEndian)
		return text, utf16Little, err
	case bytes.HasPrefix(data, markBig):
		text, err := fromUTF16(data[len(markBig):], binary.BigEndian)
		return text, utf16Big, err
	}
	if bytes.HasPrefix(data, []byte{'<', 0}) || bytes.HasPrefix(data, []byte{0, '<'}) {
		return nil, 0, &SyntaxError{Line: 1, Column: 1, Reason: "UTF-16 without byte order mark: save the file as UTF-8"}
	}
	return data, utf8Plain, checkCharacters(data)
}

// encode is the opposite of decode.
func (e encoding) encode(text []byte) []byte {
	switch e {
	case utf8Mark:
		return append(bytes.Clone(markUTF8), text...)
	case utf16Little:
		return toUTF16(markLittle, text, binary.LittleEndian)
	case utf16Big:
		return toUTF16(markBig, text, binary.BigEndian)
	default:
		return bytes.Clone(text)
	}
}

// name is the one that an XML declaration may tell.
func (e encoding) name() string {
	if e == utf16Little || e == utf16Big {
		return "UTF-16"
	}
	return "UTF-8"
}

func fromUTF16(data []byte, order binary.ByteOrder) ([]byte, error) {
	if len(data)%2 != 0 {
		return nil, errors.New("UTF-16 text with half a character at its end: the file was cut off")
	}
	text := make([]byte, 0, len(data)/2)
	for i := 0; i < len(data); i += 2 {
		r := rune(order.Uint16(data[i:]))
		if utf16.IsSurrogate(r) && i+4 <= len(data) {
			if r = utf16.DecodeRune(r, rune(order.Uint16(data[i+2:]))); r != utf8.RuneError {
				i += 2
			}
		}
		if !isCharacter(r) || utf16.IsSurrogate(r) || r == utf8.RuneError && order.Uint16(data[i:]) != utf8.RuneError {
			return nil, errorAt(text, len(text), "a character that XML does not allow")
		}
		text = utf8.AppendRune(text, r)
	}
	return text, nil
}

func toUTF16(mark, text []byte, order binary.AppendByteOrder) []byte {
	data := make([]byte, 0, len(mark)+2*len(text))
	data = append(data, mark...)
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		if first, second := utf16.EncodeRune(r); first != utf8.RuneError {
			data = order.AppendUint16(order.AppendUint16(data, uint16(first)), uint16(second))
			continue
		}
		data = order.AppendUint16(data, uint16(r))
	}
	return data
}

// checkCharacters refuses bytes that are no UTF-8 and characters that XML does not allow.
func checkCharacters(text []byte) error {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return errorAt(text, i, "bytes that are not UTF-8: save the file as UTF-8")
		}
		if !isCharacter(r) {
			return errorAt(text, i, "a character that XML does not allow")
		}
		i += n
	}
	return nil
}

// isCharacter is the production Char of XML 1.0, less the surrogates, which no decoder gives.
func isCharacter(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}
