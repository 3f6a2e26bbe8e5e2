package catalog

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
)

// encoder writes the revisions of an index and collects what they refer to.
type encoder struct {
	out     []byte
	strings map[string]uint64
	text    []string
	ids     map[uuid.UUID]uint64
	idList  []uuid.UUID
}

func newEncoder() *encoder {
	return &encoder{strings: make(map[string]uint64), ids: make(map[uuid.UUID]uint64)}
}

func (e *encoder) uint(v uint64) { e.out = binary.AppendUvarint(e.out, v) }

func (e *encoder) bytes(b []byte) { e.out = append(e.out, b...) }

func (e *encoder) string(s string) {
	i, ok := e.strings[s]
	if !ok {
		i = uint64(len(e.text))
		e.strings[s] = i
		e.text = append(e.text, s)
	}
	e.uint(i)
}

func (e *encoder) id(id uuid.UUID) {
	i, ok := e.ids[id]
	if !ok {
		i = uint64(len(e.idList))
		e.ids[id] = i
		e.idList = append(e.idList, id)
	}
	e.uint(i)
}

// time keeps seconds and nanoseconds apart, because years before 1678 do not fit into nanoseconds; the zero time is all zero.
func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.uint(0)
		return
	}
	e.uint(1)
	e.out = binary.AppendVarint(e.out, t.Unix())
	e.uint(uint64(t.Nanosecond()))
}

func (e *encoder) span(s span) {
	e.uint(uint64(s.segment))
	e.uint(uint64(s.offset))
	e.uint(uint64(s.length))
	e.out = binary.LittleEndian.AppendUint32(e.out, s.crc)
}

func (e *encoder) appendTables(out []byte) []byte {
	out = binary.AppendUvarint(out, uint64(len(e.text)))
	for _, s := range e.text {
		out = binary.AppendUvarint(out, uint64(len(s)))
	}
	for _, s := range e.text {
		out = append(out, s...)
	}
	out = binary.AppendUvarint(out, uint64(len(e.idList)))
	for _, id := range e.idList {
		out = append(out, id[:]...)
	}
	return out
}
