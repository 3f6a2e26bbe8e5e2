package soap

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// The tags around an item of an ArrayOfInt as agents write it, as the low bytes of a little-endian word.
const (
	openInt      = '<' | 'i'<<8 | 'n'<<16 | 't'<<24 | '>'<<32
	openIntSize  = len("<int>")
	openIntMask  = 1<<(8*openIntSize) - 1
	closeInt     = '<' | '/'<<8 | 'i'<<16 | 'n'<<24 | 't'<<32 | '>'<<40
	closeIntSize = len("</int>")
	closeIntMask = 1<<(8*closeIntSize) - 1
)

const (
	wordSize = 8
	// maxGuess bounds what a list is given in advance.
	maxGuess = 2048
	// maxDigits of an int32.
	maxDigits = 10
)

// intRun takes what is written in exactly the usual form; what is not is left to the general path. The caller's list element
// has no prefix then, or the items would have one. Tags are compared and digits read by the word: a request is little else.
func (s *Scanner) intRun(list []int32, limit int) []int32 {
	if s.err != nil || s.empty || len(s.stack) >= s.limits.Depth {
		return list
	}
	data, pos := s.data, s.pos
	room := min(limit-len(list), s.limits.Elements-s.elements)
	begin := len(list)
	for len(list)-begin < room && len(data)-pos >= openIntSize+maxDigits+wordSize {
		if binary.LittleEndian.Uint64(data[pos:])&openIntMask != openInt {
			break
		}
		n, end := parseDigits(data, pos+openIntSize)
		if end < 0 || binary.LittleEndian.Uint64(data[end:])&closeIntMask != closeInt {
			break
		}
		end += closeIntSize
		if len(list) == cap(list) { // as if the rest of the message were items like this one
			list = slices.Grow(list, min((len(data)-pos)/(end-pos), maxGuess))
		}
		list = append(list, n)
		pos = end
	}
	s.elements += len(list) - begin
	s.pos = pos
	return list
}

// parseDigits reads a decimal number without sign; end is -1 when there is none that fits. At least maxDigits+wordSize bytes
// must follow pos.
func parseDigits(data []byte, pos int) (n int32, end int) {
	const (
		zeros  = 0x3030303030303030 // the digit 0 in each byte
		beyond = 0x7676767676767676 // makes what is above 9 overflow into the high bit
	)
	word := binary.LittleEndian.Uint64(data[pos:]) ^ zeros
	// The lowest byte that is no digit has its high bit set; what a carry does to the bytes after it does not matter.
	digits := bits.TrailingZeros64((word+beyond|word)&highBits) / 8
	switch digits {
	case 0:
		return 0, -1
	case wordSize:
		return parseLong(data, pos)
	}
	// The digits move to the high bytes, zeros lead; then neighbours are joined: tens, hundreds, ten thousands.
	word <<= 8 * (wordSize - digits)
	word = word * (10<<8 + 1) >> 8 & 0x00FF00FF00FF00FF
	word = word * (100<<16 + 1) >> 16 & 0x0000FFFF0000FFFF
	word = word * (10000<<32 + 1) >> 32
	return int32(word), pos + digits
}

// parseLong reads eight digits and more.
func parseLong(data []byte, pos int) (n int32, end int) {
	var value int64
	start := pos
	for ; pos-start <= maxDigits; pos++ {
		digit := data[pos] - '0'
		if digit > 9 {
			break
		}
		value = value*10 + int64(digit)
	}
	if value > math.MaxInt32 {
		return 0, -1
	}
	return int32(value), pos
}
