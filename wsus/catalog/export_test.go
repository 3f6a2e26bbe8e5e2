package catalog

import (
	"context"
	"encoding/binary"
	"hash/crc32"

	"github.com/seed599db172/softwareupdates/internal/durable"
)

// VolumeOn is Dir on any file system.
func VolumeOn(fsys durable.FS) *DirVolume {
	return &DirVolume{fsys: fsys, close: func() error { return nil }}
}

// OpenWithSegmentLimit is Open with small segments.
func OpenWithSegmentLimit(ctx context.Context, vol Volume, limit int64) (*Catalog, error) {
	return open(ctx, vol, limit)
}

// DecodeIndex reads an index whose checksum is made to hold.
func DecodeIndex(body []byte) (*Generation, error) {
	data := append([]byte(indexMagic), body...)
	data = binary.LittleEndian.AppendUint32(data, crc32.Checksum(data, castagnoli))
	g, _, err := decodeIndex("index", data)
	return g, err
}

// IndexBody returns what DecodeIndex reads.
func IndexBody(g *Generation) []byte {
	sizes := make([]int64, len(g.segments))
	for i, s := range g.segments {
		sizes[i] = s.size
	}
	data := encodeIndex(g, sizes)
	return data[len(indexMagic) : len(data)-4]
}

// Rewrite decodes the file of an index, of whichever format, and encodes it anew.
func Rewrite(data []byte) ([]byte, error) {
	g, sizes, err := decodeIndex("index", data)
	if err != nil {
		return nil, err
	}
	return encodeIndex(g, sizes), nil
}

// CoreAt tells where the Core fragment of a revision is.
func CoreAt(r *Revision) (segment string, offset int64, length int) {
	return segmentName(r.stored.core.segment), r.stored.core.offset, r.stored.core.length
}
