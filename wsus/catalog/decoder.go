package catalog

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"
)

// errIndex is what a decoder answers for bytes that no encoder has written. The checksum has been looked at before, so it
// means a fault of the program that wrote them.
var errIndex = errors.New("the index is inconsistent")

// decoder reads an index. After the first error it yields zeros; whoever uses it asks for err at the end. Counts are bounded by
// the bytes that are left, so that no index makes it allocate much more than it is long.
type decoder struct {
	in  []byte
	err error

	strings []string
	ids     []uuid.UUID
	sizes   []int64 // of the segments
	flags   uint64  // that a revision may have
}

func (d *decoder) fail() {
	d.err, d.in = errIndex, nil
}

func (d *decoder) uint(limit uint64) uint64 {
	v, n := binary.Uvarint(d.in)
	if n <= 0 || v > limit {
		d.fail()
		return 0
	}
	d.in = d.in[n:]
	return v
}

func (d *decoder) int64() int64 { return int64(d.uint(math.MaxInt64)) }
func (d *decoder) int32() int32 { return int32(d.uint(math.MaxInt32)) }

// count reads how many elements follow, each of which takes at least size bytes.
func (d *decoder) count(size int) int { return int(d.uint(uint64(len(d.in) / size))) }

func (d *decoder) take(n int) []byte {
	if n > len(d.in) {
		d.fail()
		return make([]byte, n)
	}
	b := d.in[:n]
	d.in = d.in[n:]
	return b
}

func (d *decoder) string() string {
	if i := d.uint(math.MaxInt32); i < uint64(len(d.strings)) {
		return d.strings[i]
	}
	d.fail()
	return ""
}

func (d *decoder) id() uuid.UUID {
	if i := d.uint(math.MaxInt32); i < uint64(len(d.ids)) {
		return d.ids[i]
	}
	d.fail()
	return uuid.Nil
}

func (d *decoder) time() time.Time {
	if d.uint(1) == 0 {
		return time.Time{}
	}
	seconds, n := binary.Varint(d.in)
	if n <= 0 {
		d.fail()
		return time.Time{}
	}
	d.in = d.in[n:]
	return time.Unix(seconds, int64(d.uint(uint64(time.Second-1)))).UTC()
}

func (d *decoder) span() span {
	s := span{segment: int(d.uint(math.MaxInt32)), offset: d.int64(), length: int(d.int32())}
	s.crc = binary.LittleEndian.Uint32(d.take(4))
	if d.err == nil && !s.within(d.sizes) {
		d.fail()
	}
	return s
}

func (d *decoder) tables() {
	lengths := make([]int, d.count(1))
	total := 0
	for i := range lengths {
		lengths[i] = d.count(1)
		if total += lengths[i]; total > len(d.in) {
			d.fail()
			return
		}
	}
	text := string(d.take(total)) // one allocation for all texts
	d.strings = make([]string, len(lengths))
	for i, n := range lengths {
		d.strings[i], text = text[:n], text[n:]
	}
	d.ids = make([]uuid.UUID, d.count(len(uuid.UUID{})))
	for i := range d.ids {
		d.ids[i] = uuid.UUID(d.take(len(uuid.UUID{})))
	}
}
