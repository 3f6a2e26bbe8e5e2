package soap

import (
	"encoding/binary"
	"unicode/utf8"
)

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// checkCharacters verifies that data is UTF-8 and holds only characters that XML 1.0 §2.2 allows. It answers the offset of the
// first that is not, or -1, and whether there is a carriage return (such text must be normalized). Everything after this can
// look at bytes only.
func checkCharacters(data []byte) (bad int, carriageReturn bool) {
	for i := 0; i < len(data); {
		i += plainRun(data[i:])
		if i == len(data) {
			break
		}
		switch c := data[i]; {
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && size == 1 || !isCharacter(r) {
				return i, carriageReturn
			}
			i += size
		case c == '\r':
			carriageReturn = true
			i++
		case c < ' ' && c != '\t' && c != '\n':
			return i, carriageReturn
		default:
			i++
		}
	}
	return -1, carriageReturn
}

// plainRun counts, by the word, characters that need no look: no byte has its high bit set and none is below 0x20.
func plainRun(data []byte) int {
	i := 0
	for ; len(data)-i >= 32; i += 32 {
		block := data[i : i+32 : i+32]
		a, b := binary.LittleEndian.Uint64(block), binary.LittleEndian.Uint64(block[8:])
		c, d := binary.LittleEndian.Uint64(block[16:]), binary.LittleEndian.Uint64(block[24:])
		if (a|b|c|d|(a-0x20*lowBits)|(b-0x20*lowBits)|(c-0x20*lowBits)|(d-0x20*lowBits))&highBits != 0 {
			break
		}
	}
	for ; len(data)-i >= 8; i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		if (w|(w-0x20*lowBits))&highBits != 0 {
			break
		}
	}
	return i
}

// isCharacter is the production Char of XML 1.0 §2.2.
func isCharacter(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isNameStart and isNameByte know ASCII only: no name of these services has another letter.
func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func isNameByte(c byte) bool {
	return isNameStart(c) || c >= '0' && c <= '9' || c == '.' || c == '-'
}
