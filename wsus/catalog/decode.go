package catalog

import (
	"encoding/binary"
	"hash/crc32"
	"math"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// decodeIndex reads what encodeIndex has written, relates the revisions, and returns the sizes of the segments beside them.
func decodeIndex(name string, data []byte) (*Generation, []int64, error) {
	body := len(data) - 4
	known := revisionFlags
	switch magic := string(data[:max(0, min(body, len(indexMagic)))]); magic {
	case indexMagic:
	case indexMagicWithoutDrivers:
		known &^= flagDrivers
	default:
		return nil, nil, &DamageError{File: name, Reason: "it does not begin as an index does"}
	}
	if crc32.Checksum(data[:body], castagnoli) != binary.LittleEndian.Uint32(data[body:]) {
		return nil, nil, &DamageError{File: name, Offset: int64(body), Reason: "the checksum of the file does not hold"}
	}
	d := &decoder{in: data[len(indexMagic):body], flags: known}
	number, nextID := d.int64(), d.int32()
	d.sizes = make([]int64, d.count(1))
	for i := range d.sizes {
		d.sizes[i] = d.int64()
	}
	d.tables()
	revisions := d.revisions(nextID)
	if d.err != nil || len(d.in) != 0 {
		return nil, nil, &DamageError{File: name, Offset: int64(body - len(d.in)), Reason: errIndex.Error()}
	}
	g := newGeneration(number, nextID, revisions)
	g.lacksDrivers = known&flagDrivers == 0
	return g, d.sizes, nil
}

// minRevision is less than the bytes of the shortest revision: its digest and the checksums of three spans.
const minRevision = 32 + 3*4

func (d *decoder) revisions(nextID int32) []*Revision {
	all := make([]Revision, d.count(minRevision))
	out := make([]*Revision, len(all))
	last := int32(0)
	for i := range all {
		d.revision(&all[i])
		if all[i].ID <= last || all[i].ID >= nextID {
			d.fail()
			return nil
		}
		last = all[i].ID
		out[i] = &all[i]
	}
	return out
}

func (d *decoder) revision(r *Revision) {
	r.ID = d.int32()
	r.Identity = metadata.Identity{UpdateID: d.id(), Revision: d.int32()}
	r.Type = metadata.UpdateType(d.string())
	r.CategoryType = d.string()
	flags := d.uint(math.MaxUint32)
	if flags&^d.flags != 0 {
		d.fail()
	}
	r.Deployable, r.Expired, r.Leaf = flags&flagDeployable != 0, flags&flagExpired != 0, flags&flagLeaf != 0
	r.Prerequisites = d.clauses()
	r.Bundled = d.clauses()
	r.Superseded = list(d, 1, func() uuid.UUID { return d.id() })
	r.Title = d.string()
	r.KB = d.string()
	r.Severity = d.string()
	r.Handler = d.string()
	r.Files = list(d, len(content.SHA1{})+len(content.SHA256{})+2, d.file)
	r.CreationDate = d.time()
	r.Since = d.int64()
	r.LeafChanged = d.int64()
	r.stored.document = d.span()
	r.stored.documentSHA256 = [32]byte(d.take(32))
	r.stored.core = d.span()
	r.stored.extended = d.span()
	r.stored.language = d.string()
	r.stored.localized = list(d, 1+7, func() localized { return localized{language: d.string(), text: d.span()} })
	if flags&flagDrivers != 0 {
		r.Drivers = d.drivers()
	}
}

func (d *decoder) clauses() []metadata.Clause {
	return list(d, 2, func() metadata.Clause {
		return metadata.Clause{
			IsCategory: d.uint(flagCategoryClause) == flagCategoryClause,
			Members:    list(d, 2, func() metadata.Identity { return metadata.Identity{UpdateID: d.id(), Revision: d.int32()} }),
		}
	})
}

func (d *decoder) file() content.Ref {
	return content.Ref{
		SHA1:   content.SHA1(d.take(len(content.SHA1{}))),
		SHA256: content.SHA256(d.take(len(content.SHA256{}))),
		Size:   int64(d.uint(math.MaxInt64)),
		Name:   d.string(),
	}
}

// list reads a count and so many elements of at least size bytes; an empty list is nil.
func list[T any](d *decoder, size int, element func() T) []T {
	n := d.count(size)
	if n == 0 {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = element()
	}
	return out
}
