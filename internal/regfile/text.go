package regfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxBytes is the longest export or output that is read.
const MaxBytes = 4 << 20

// decode returns the text in UTF-8. Tools write UTF-16 with byte order mark (format 5.00) or the code page of the machine
// (REGEDIT4, reg query). Of a code page only ASCII is certain, and what is looked for is ASCII: other bytes are taken for Latin-1.
func decode(data []byte) (string, error) {
	if len(data) > MaxBytes {
		return "", fmt.Errorf("it has more than %d bytes", MaxBytes)
	}
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return decodeBytes(bytes.TrimPrefix(data, []byte("\ufeff")))
	}
	if len(data)%2 != 0 {
		return "", errors.New("it ends in the middle of a UTF-16 character")
	}
	return decodeUTF16(data[2:], order), nil
}

func decodeBytes(data []byte) (string, error) {
	if bytes.IndexByte(data, 0) >= 0 {
		return "", errors.New("it is neither text nor UTF-16 with byte order mark")
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	characters := make([]rune, len(data))
	for i, b := range data {
		characters[i] = rune(b)
	}
	return string(characters), nil
}

func decodeUTF16(data []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}
