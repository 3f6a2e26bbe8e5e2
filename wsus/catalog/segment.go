package catalog

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"slices"
)

// SegmentLimit is the size at which a segment is full and the next one is begun. A segment exceeds it by one update at most.
const SegmentLimit = 256 << 20

// segmentMagic begins every segment and names its format.
const segmentMagic = "SUCATSG1"

// span is a piece of a segment. Segments are counted from 0 here and from 1 in file names.
type span struct {
	segment int
	offset  int64
	length  int
	crc     uint32
}

func segmentName(segment int) string { return fmt.Sprintf("segment-%06d.seg", segment+1) }

// castagnoli has its own instruction on the machines that matter.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// segment is an open segment up to the end that its generation knows.
type segment struct {
	reader Reader
	size   int64
}

// openSegment checks what can be checked without reading a segment: its beginning and that its end is there.
func openSegment(vol Volume, index int, size int64) (segment, error) {
	name := segmentName(index)
	r, err := vol.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return segment{}, &DamageError{File: name, Reason: "it is missing"}
	}
	if err != nil {
		return segment{}, err
	}
	if have := r.Size(); have < size {
		r.Close()
		return segment{}, &DamageError{File: name, Offset: have,
			Reason: fmt.Sprintf("it ends here, and %d bytes were synced", size)}
	}
	magic := make([]byte, len(segmentMagic))
	if _, err := r.ReadAt(magic, 0); err != nil && err != io.EOF || string(magic) != segmentMagic {
		r.Close()
		return segment{}, &DamageError{File: name, Reason: "it does not begin as a segment does"}
	}
	return segment{reader: r, size: size}, nil
}

// read appends the bytes of a span to dst.
func (g *Generation) read(dst []byte, s span) ([]byte, error) {
	start := len(dst)
	dst = slices.Grow(dst, s.length)[:start+s.length]
	if _, err := g.segments[s.segment].reader.ReadAt(dst[start:], s.offset); err != nil && err != io.EOF {
		return dst[:start], fmt.Errorf("read %s at %d: %w", segmentName(s.segment), s.offset, err)
	}
	if crc32.Checksum(dst[start:], castagnoli) != s.crc {
		return dst[:start], &DamageError{File: segmentName(s.segment), Offset: s.offset,
			Reason: fmt.Sprintf("the checksum of these %d bytes does not hold", s.length)}
	}
	return dst, nil
}

// within says that a span lies in a segment of the given sizes.
func (s span) within(sizes []int64) bool {
	return s.segment < len(sizes) && s.offset >= int64(len(segmentMagic)) && s.length >= 0 && s.length <= math.MaxInt32 &&
		s.offset <= sizes[s.segment]-int64(s.length)
}
