package catalog

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
)

// writeBuffer gathers the pieces of small updates into one write.
const writeBuffer = 64 << 10

// segmentWriter appends to the last segment of a generation and begins new ones. What it writes counts only once a generation
// knows its end; until then the next writer cuts it off.
type segmentWriter struct {
	vol   Volume
	limit int64
	sizes []int64 // of all segments, grown by what was written
	file  Appender
	buf   *bufio.Writer
}

func newSegmentWriter(vol Volume, sizes []int64, limit int64) *segmentWriter {
	return &segmentWriter{vol: vol, limit: limit, sizes: slices.Clone(sizes)}
}

// begin makes room for one update, whose pieces stay together.
func (w *segmentWriter) begin() error {
	full := len(w.sizes) == 0 || w.sizes[len(w.sizes)-1] >= w.limit
	if w.file != nil && !full {
		return nil
	}
	if err := w.close(); err != nil {
		return err
	}
	if full {
		w.sizes = append(w.sizes, 0)
	}
	return w.open(segmentName(len(w.sizes)-1), &w.sizes[len(w.sizes)-1])
}

func (w *segmentWriter) open(name string, size *int64) error {
	file, err := w.vol.Append(name)
	if err != nil {
		return err
	}
	w.file, w.buf = file, bufio.NewWriterSize(file, writeBuffer)
	switch have := file.Size(); {
	case have < *size:
		return &DamageError{File: name, Offset: have, Reason: fmt.Sprintf("it ends here, and %d bytes were synced", *size)}
	case have > *size:
		if err := file.Truncate(*size); err != nil {
			return err
		}
	}
	if *size == 0 {
		*size = int64(len(segmentMagic))
		_, err = w.buf.WriteString(segmentMagic)
	}
	return err
}

// append writes one piece.
func (w *segmentWriter) append(data []byte) (span, error) {
	if len(data) > math.MaxInt32 {
		return span{}, fmt.Errorf("%w: a text of %d bytes", ErrInvalid, len(data))
	}
	last := len(w.sizes) - 1
	s := span{segment: last, offset: w.sizes[last], length: len(data), crc: crc32.Checksum(data, castagnoli)}
	w.sizes[last] += int64(len(data))
	_, err := w.buf.Write(data)
	return s, err
}

// close syncs what was written.
func (w *segmentWriter) close() error {
	if w.file == nil {
		return nil
	}
	err := w.buf.Flush()
	if err == nil {
		err = w.file.Sync()
	}
	err = errors.Join(err, w.file.Close())
	w.file, w.buf = nil, nil
	return err
}

// abandon closes without syncing.
func (w *segmentWriter) abandon() {
	if w.file != nil {
		w.file.Close() // what was written does not count
		w.file, w.buf = nil, nil
	}
}
