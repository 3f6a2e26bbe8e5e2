package metadata

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// toUTF8 takes off a byte order mark and turns UTF-16LE, which servers exchange with or without a mark, into UTF-8.
func toUTF8(doc []byte) ([]byte, error) {
	if len(doc) > MaxDocumentBytes {
		return nil, faultf(0, "document has %d bytes, the limit is %d", len(doc), MaxDocumentBytes)
	}
	switch {
	case bytes.HasPrefix(doc, []byte{0xEF, 0xBB, 0xBF}):
		doc = doc[3:]
	case bytes.HasPrefix(doc, []byte{0xFF, 0xFE}):
		return fromUTF16(doc[2:])
	case bytes.HasPrefix(doc, []byte{0xFE, 0xFF}):
		return nil, faultf(1, "document is UTF-16 big-endian, want UTF-8 or UTF-16 little-endian")
	case bytes.HasPrefix(doc, []byte{'<', 0}):
		return fromUTF16(doc)
	}
	if !utf8.Valid(doc) {
		return nil, faultf(invalidLine(doc), "document is not valid UTF-8")
	}
	return doc, nil
}

func fromUTF16(doc []byte) ([]byte, error) {
	if len(doc)%2 != 0 {
		return nil, faultf(0, "UTF-16 document has an odd number of bytes, %d", len(doc))
	}
	out := make([]byte, 0, len(doc))
	for i := 0; i < len(doc); i += 2 {
		r := rune(binary.LittleEndian.Uint16(doc[i:]))
		if utf16.IsSurrogate(r) {
			var low rune
			if i+4 <= len(doc) {
				low = rune(binary.LittleEndian.Uint16(doc[i+2:]))
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return nil, faultf(1+bytes.Count(out, []byte{'\n'}), "UTF-16 document has half of a surrogate pair")
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}

func invalidLine(doc []byte) int {
	line := 1
	for len(doc) > 0 {
		r, size := utf8.DecodeRune(doc)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		doc = doc[size:]
	}
	return line
}

// declared accepts the encodings that toUTF8 has dealt with; the decoder asks about every other name than UTF-8.
func declared(name string, r io.Reader) (io.Reader, error) {
	if strings.EqualFold(name, "utf-16") || strings.EqualFold(name, "unicode") {
		return r, nil
	}
	return nil, fmt.Errorf("encoding %q is not supported, want UTF-8 or UTF-16", name)
}
