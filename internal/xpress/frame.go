package xpress

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	// BlockSize is how much of a body goes into one block: what a real server uses.
	BlockSize = 16352
	// MaxBlockSize is the longest block that the protocol allows, compressed or not.
	MaxBlockSize = 65535
	// headerSize are two lengths: of the block as it is meant, and of its bytes that follow.
	headerSize = 8
)

// The faults of a body. All of them match ErrCorrupt, except that ErrTooLong says that it is well so far and longer than the
// caller allows.
var (
	ErrCorrupt = errors.New("xpress: the body is damaged")
	ErrTooLong = errors.New("xpress: the body is longer than allowed")
)

func corrupt(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, args...))
}

// Append appends the compressed body to dst. An empty body has no block at all.
func Append(dst, body []byte) []byte {
	var e encoder
	for len(body) > 0 {
		block := body[:min(len(body), BlockSize)]
		body = body[len(block):]
		header := len(dst)
		dst = append(dst, make([]byte, headerSize)...)
		dst = e.append(dst, block)
		if len(dst)-header-headerSize >= len(block) {
			dst = append(dst[:header+headerSize], block...) // stored: both lengths are equal
		}
		binary.LittleEndian.PutUint32(dst[header:], uint32(len(block)))
		binary.LittleEndian.PutUint32(dst[header+4:], uint32(len(dst)-header-headerSize))
	}
	return dst
}

// Decode appends what a compressed body means to dst. It allocates no more than that, however much the body promises: more
// than limit bytes are refused with an error matching [ErrTooLong], a damaged body with one matching [ErrCorrupt].
func Decode(dst, body []byte, limit int64) ([]byte, error) {
	begin := len(dst)
	for block := 1; len(body) > 0; block++ {
		if len(body) < headerSize {
			return dst, corrupt("block %d: %d bytes of a header of %d", block, len(body), headerSize)
		}
		size, length := binary.LittleEndian.Uint32(body), binary.LittleEndian.Uint32(body[4:])
		body = body[headerSize:]
		switch {
		case size > MaxBlockSize || length > MaxBlockSize:
			return dst, corrupt("block %d: lengths %d and %d, at most %d are allowed", block, size, length, MaxBlockSize)
		case uint64(length) > uint64(len(body)):
			return dst, corrupt("block %d: %d bytes announced, %d are there", block, length, len(body))
		case int64(len(dst)-begin)+int64(size) > limit:
			return dst, fmt.Errorf("%w: over %d bytes", ErrTooLong, limit)
		}
		var err error
		if dst, err = appendBlock(dst, body[:length], int(size)); err != nil {
			return dst, fmt.Errorf("block %d: %w", block, err)
		}
		body = body[length:]
	}
	return dst, nil
}

// appendBlock: a block that is as long as what it means is stored. Real servers do so, though the text does not say it.
func appendBlock(dst, block []byte, size int) ([]byte, error) {
	if len(block) == size {
		return append(dst, block...), nil
	}
	return decodeBlock(dst, block, size)
}
