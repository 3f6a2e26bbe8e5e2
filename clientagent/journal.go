package clientagent

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Limits of a journal, which is read as foreign bytes: a disk may hand back anything.
const (
	// maxKey is the longest key in bytes.
	maxKey = 1 << 10
	// maxBatch is the largest batch in bytes: one page of SyncUpdates can carry Core fragments of 51 MB.
	maxBatch = 256 << 20
	// maxBatchRecords is how many records a batch may have.
	maxBatchRecords = 1 << 20
)

// ErrDamaged answers for a journal with a damaged batch that good ones follow, and for a file that is none: dropping it would lose what was
// acknowledged.
var ErrDamaged = errors.New("journal is damaged")

// A journal is a row of frames: mark, length and CRC-32C of the payload, payload. The payload is a count and as many records: key
// length, key, value length plus one (0 deletes), value; all numbers are uvarints. A batch is synced before the next is
// begun, so at most the last frame can be torn.
const frameHead = 16

var (
	frameMark  = []byte("\x89SUA\r\n\x1a\n")
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// span is where a value lies in the journal; a negative size deletes the key.
type span struct {
	offset int64
	size   int
}

// appendFrame appends a batch to b, and the spans of its values relative to b's start.
func appendFrame(b []byte, keys []string, records map[string][]byte) ([]byte, []span) {
	start := len(b)
	b = append(b, frameMark...)
	b = append(b, make([]byte, frameHead-len(frameMark))...)
	b = binary.AppendUvarint(b, uint64(len(keys)))
	spans := make([]span, 0, len(keys))
	for _, key := range keys {
		b = binary.AppendUvarint(b, uint64(len(key)))
		b = append(b, key...)
		value := records[key]
		if value == nil {
			b = binary.AppendUvarint(b, 0)
			spans = append(spans, span{size: -1})
			continue
		}
		b = binary.AppendUvarint(b, uint64(len(value))+1)
		spans = append(spans, span{offset: int64(len(b)), size: len(value)})
		b = append(b, value...)
	}
	payload := b[start+frameHead:]
	binary.LittleEndian.PutUint32(b[start+8:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(b[start+12:], crc32.Checksum(payload, castagnoli))
	return b, spans
}

// readJournal applies the batches of r in order and returns where the good ones end. What follows there is a torn batch that was
// never acknowledged, unless a whole batch can still be found in it: then the error is ErrDamaged.
func readJournal(r io.ReaderAt, size int64, apply func(key string, at span)) (end int64, err error) {
	for end < size {
		payload, err := readFrame(r, end, size)
		if err == nil {
			err = readBatch(payload, end+frameHead, apply)
		}
		var bad badFrame
		if errors.As(err, &bad) {
			if end == 0 && !mayBeTorn(r) {
				return 0, fmt.Errorf("%w: its beginning is not that of a journal which this version can read; it was left as it is", ErrDamaged)
			}
			if next, found := findFrame(r, end+1, size); found {
				return end, fmt.Errorf("%w at offset %d (%s), whole batches follow at %d", ErrDamaged, end, string(bad), next)
			}
			return end, nil
		}
		if err != nil {
			return end, err
		}
		end += frameHead + int64(len(payload))
	}
	return end, nil
}

// mayBeTorn says whether the file begins as a first batch does that a crash has torn: with the mark, as far as it got to the disk. Anything else
// was written by somebody else, or by a later version.
func mayBeTorn(r io.ReaderAt) bool {
	head := make([]byte, len(frameMark))
	n, _ := r.ReadAt(head, 0)
	for i, c := range head[:n] {
		if c != 0 && c != frameMark[i] {
			return false
		}
	}
	return true
}

// badFrame says why bytes are no frame.
type badFrame string

func (b badFrame) Error() string { return string(b) }

func readFrame(r io.ReaderAt, at, size int64) ([]byte, error) {
	if size-at < frameHead {
		return nil, badFrame("short head")
	}
	var head [frameHead]byte
	if _, err := r.ReadAt(head[:], at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(head[:len(frameMark)], frameMark) {
		return nil, badFrame("no mark")
	}
	length := int64(binary.LittleEndian.Uint32(head[8:]))
	if length > maxBatch || length > size-at-frameHead {
		return nil, badFrame("short payload")
	}
	payload := make([]byte, length)
	if _, err := r.ReadAt(payload, at+frameHead); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(head[12:]) {
		return nil, badFrame("wrong checksum")
	}
	return payload, nil
}

// readBatch checks the whole payload before it applies any of it.
func readBatch(payload []byte, at int64, apply func(key string, at span)) error {
	type entry struct {
		key  string
		span span
	}
	rest := payload
	number := func() (uint64, bool) {
		n, width := binary.Uvarint(rest)
		if width <= 0 {
			return 0, false
		}
		rest = rest[width:]
		return n, true
	}
	count, ok := number()
	if !ok || count > maxBatchRecords || count > uint64(len(payload)) {
		return badFrame("wrong count")
	}
	entries := make([]entry, 0, count)
	for range count {
		length, ok := number()
		if !ok || length > maxKey || length > uint64(len(rest)) {
			return badFrame("wrong key length")
		}
		e := entry{key: string(rest[:length]), span: span{size: -1}}
		rest = rest[length:]
		length, ok = number()
		if !ok || length > uint64(len(rest))+1 {
			return badFrame("wrong value length")
		}
		if length > 0 {
			e.span = span{offset: at + int64(len(payload)-len(rest)), size: int(length - 1)}
			rest = rest[length-1:]
		}
		entries = append(entries, e)
	}
	if len(rest) > 0 {
		return badFrame("bytes after the last record")
	}
	for _, e := range entries {
		apply(e.key, e.span)
	}
	return nil
}

// findFrame looks for a whole frame from an offset on.
func findFrame(r io.ReaderAt, from, size int64) (int64, bool) {
	const window = 64 << 10
	buffer := make([]byte, window+len(frameMark)-1)
	for ; from < size; from += window {
		n, _ := r.ReadAt(buffer[:min(int64(len(buffer)), size-from)], from)
		for at := 0; ; at++ {
			next := bytes.Index(buffer[at:n], frameMark)
			if next < 0 {
				break
			}
			at += next
			if _, err := readFrame(r, from+int64(at), size); err == nil {
				return from + int64(at), true
			}
		}
	}
	return 0, false
}
