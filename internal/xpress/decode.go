package xpress

import "encoding/binary"

// The code of a match: a token of 16 bits is (distance-1)<<3 | length, and a length that does not fit goes on in a nibble, a byte
// and a word (MS-XCA §2.4).
const (
	minMatch    = 3
	lengthBits  = 3
	longLength  = 1<<lengthBits - 1
	longNibble  = 15
	longByte    = 255
	maxDistance = 1 << (16 - lengthBits)
)

// decoder walks over one block. Nibbles of two long matches share a byte: pending is the place of one whose high half is free.
type decoder struct {
	in      []byte
	at      int
	pending int
}

// decodeBlock appends size bytes. It reads no byte before the block's own beginning in dst.
func decodeBlock(dst, block []byte, size int) ([]byte, error) {
	d := decoder{in: block, pending: -1}
	begin, end := len(dst), len(dst)+size
	for len(dst) < end {
		flags, ok := d.word32()
		if !ok {
			return dst, corrupt("ends after %d of %d bytes", len(dst)-begin, size)
		}
		for bit := 31; bit >= 0 && len(dst) < end; bit-- {
			if flags>>bit&1 == 0 {
				literal, ok := d.byte()
				if !ok {
					return dst, corrupt("ends after %d of %d bytes", len(dst)-begin, size)
				}
				dst = append(dst, literal)
				continue
			}
			distance, length, err := d.match()
			if err != nil {
				return dst, err
			}
			from := len(dst) - distance
			if from < begin {
				return dst, corrupt("a match reaches %d bytes before the block", begin-from)
			}
			if length > end-len(dst) {
				return dst, corrupt("a match of %d bytes where %d are missing", length, end-len(dst))
			}
			if distance >= length {
				dst = append(dst, dst[from:from+length]...)
				continue
			}
			for i := range length { // source and copy overlap: byte by byte
				dst = append(dst, dst[from+i])
			}
		}
	}
	return dst, nil
}

func (d *decoder) match() (distance, length int, err error) {
	token, ok := d.word16()
	if !ok {
		return 0, 0, corrupt("ends where a match should be")
	}
	distance, length = int(token>>lengthBits)+1, int(token&longLength)
	if length == longLength {
		if length, err = d.longLength(); err != nil {
			return 0, 0, err
		}
	}
	return distance, length + minMatch, nil
}

// longLength returns the length less minMatch.
func (d *decoder) longLength() (int, error) {
	nibble, ok := d.nibble()
	if !ok {
		return 0, corrupt("ends within the length of a match")
	}
	if nibble < longNibble {
		return nibble + longLength, nil
	}
	b, ok := d.byte()
	if !ok {
		return 0, corrupt("ends within the length of a match")
	}
	if b < longByte {
		return int(b) + longNibble + longLength, nil
	}
	word, ok := d.word16()
	if !ok {
		return 0, corrupt("ends within the length of a match")
	}
	// The word replaces what came before; 0 would announce 32 bits, which no block of this protocol can need.
	if int(word) < longNibble+longLength {
		return 0, corrupt("a match has the length %d in its longest form", word)
	}
	return int(word), nil
}

func (d *decoder) nibble() (int, bool) {
	if d.pending >= 0 {
		high := d.in[d.pending] >> 4
		d.pending = -1
		return int(high), true
	}
	b, ok := d.byte()
	d.pending = d.at - 1
	return int(b & 0xf), ok
}

func (d *decoder) byte() (byte, bool) {
	if d.at >= len(d.in) {
		return 0, false
	}
	d.at++
	return d.in[d.at-1], true
}

func (d *decoder) word16() (uint16, bool) {
	if len(d.in)-d.at < 2 {
		return 0, false
	}
	d.at += 2
	return binary.LittleEndian.Uint16(d.in[d.at-2:]), true
}

func (d *decoder) word32() (uint32, bool) {
	if len(d.in)-d.at < 4 {
		return 0, false
	}
	d.at += 4
	return binary.LittleEndian.Uint32(d.in[d.at-4:]), true
}
