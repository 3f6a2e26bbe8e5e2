package xpress

import "encoding/binary"

const (
	hashBits = 13
	// maxChain is how many earlier places are tried for a match: more finds little more in XML.
	maxChain = 16
)

// encoder finds matches by chains of places that begin with the same three bytes. Places are kept plus one: 0 is none.
type encoder struct {
	head [1 << hashBits]int32
	prev [BlockSize]int32

	out     []byte
	flags   uint32
	free    int // bits of flags that are not used yet
	flagsAt int
	pending int // place of a nibble byte whose high half is free, or -1
}

// append appends one block, of at most BlockSize bytes.
func (e *encoder) append(dst, block []byte) []byte {
	clear(e.head[:])
	e.out, e.pending = dst, -1
	e.openFlags()
	for at := 0; at < len(block); {
		distance, length := e.longest(block, at)
		if length < minMatch {
			e.out = append(e.out, block[at])
			e.flag(0)
			e.remember(block, at)
			at++
			continue
		}
		e.match(distance, length)
		e.flag(1)
		for range length {
			e.remember(block, at)
			at++
		}
	}
	// One bit must follow the last element, and unused bits are ones.
	binary.LittleEndian.PutUint32(e.out[e.flagsAt:], e.flags<<e.free|(1<<e.free-1))
	return e.out
}

func (e *encoder) openFlags() {
	e.flags, e.free, e.flagsAt = 0, 32, len(e.out)
	e.out = append(e.out, 0, 0, 0, 0)
}

func (e *encoder) flag(bit uint32) {
	e.flags = e.flags<<1 | bit
	if e.free--; e.free == 0 {
		binary.LittleEndian.PutUint32(e.out[e.flagsAt:], e.flags)
		e.openFlags()
	}
}

// longest finds the longest match that begins before at.
func (e *encoder) longest(block []byte, at int) (distance, length int) {
	if len(block)-at < minMatch {
		return 0, 0
	}
	candidate := e.head[hash(block[at:])]
	for range maxChain {
		place := int(candidate) - 1
		if place < 0 || at-place > maxDistance {
			break
		}
		if n := common(block[place:], block[at:]); n > length {
			distance, length = at-place, n
		}
		candidate = e.prev[place]
	}
	return distance, length
}

func (e *encoder) remember(block []byte, at int) {
	if len(block)-at < minMatch {
		return
	}
	h := hash(block[at:])
	e.prev[at] = e.head[h]
	e.head[h] = int32(at) + 1
}

func (e *encoder) match(distance, length int) {
	rest := length - minMatch
	token := uint16(distance-1)<<lengthBits | uint16(min(rest, longLength))
	e.out = binary.LittleEndian.AppendUint16(e.out, token)
	if rest < longLength {
		return
	}
	e.nibble(min(rest-longLength, longNibble))
	if rest < longLength+longNibble {
		return
	}
	if b := rest - longLength - longNibble; b < longByte {
		e.out = append(e.out, byte(b))
		return
	}
	e.out = append(e.out, longByte)
	e.out = binary.LittleEndian.AppendUint16(e.out, uint16(rest))
}

func (e *encoder) nibble(n int) {
	if e.pending >= 0 {
		e.out[e.pending] |= byte(n) << 4
		e.pending = -1
		return
	}
	e.pending = len(e.out)
	e.out = append(e.out, byte(n))
}

func hash(b []byte) uint32 {
	return (uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16) * 0x9E3779B1 >> (32 - hashBits)
}

// common is how far two slices agree; b is the shorter one, as it begins later in the same block.
func common(a, b []byte) int {
	n := 0
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
