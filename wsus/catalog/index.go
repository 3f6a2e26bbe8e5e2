package catalog

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/seed599db172/softwareupdates/wsus/content"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// The index file of a generation, all numbers as uvarints unless said otherwise:
//
//	magic | number | next id | segments: count, size… | strings: count, length…, bytes | ids: count, 16 bytes… |
//	revisions: count, revision… | CRC-32C of all before, 4 bytes little-endian
//
// Texts and update ids occur many times and are written once; everything else refers to them by position.
//
// A revision with flagDrivers ends with its drivers: count, driver…
const indexMagic = "SUCATIX2"

// indexMagicWithoutDrivers begins an index that was written before drivers were kept. It is otherwise the same.
const indexMagicWithoutDrivers = "SUCATIX1"

// MaxIndexBytes bounds an index that is read. 6,000 revisions need about 1 MB.
const MaxIndexBytes = 1 << 30

// Flags of a revision.
const (
	flagDeployable = 1 << iota
	flagExpired
	flagLeaf
	flagCategoryClause // of a clause
	flagDrivers

	revisionFlags = uint64(flagDeployable | flagExpired | flagLeaf | flagDrivers)
)

func indexName(number int64) string { return fmt.Sprintf("generation-%010d.idx", number) }

// encodeIndex returns the file of a generation whose segments have the given sizes.
func encodeIndex(g *Generation, sizes []int64) []byte {
	e := newEncoder()
	e.uint(uint64(len(g.revisions)))
	for _, r := range g.revisions {
		e.revision(r)
	}
	out := []byte(indexMagic)
	out = binary.AppendUvarint(out, uint64(g.number))
	out = binary.AppendUvarint(out, uint64(g.nextID))
	out = binary.AppendUvarint(out, uint64(len(sizes)))
	for _, size := range sizes {
		out = binary.AppendUvarint(out, uint64(size))
	}
	out = e.appendTables(out)
	out = append(out, e.out...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

func (e *encoder) revision(r *Revision) {
	e.uint(uint64(r.ID))
	e.id(r.UpdateID)
	e.uint(uint64(r.Identity.Revision))
	e.string(string(r.Type))
	e.string(r.CategoryType)
	e.flags(r)
	e.clauses(r.Prerequisites)
	e.clauses(r.Bundled)
	e.uint(uint64(len(r.Superseded)))
	for _, id := range r.Superseded {
		e.id(id)
	}
	e.string(r.Title)
	e.string(r.KB)
	e.string(r.Severity)
	e.string(r.Handler)
	e.uint(uint64(len(r.Files)))
	for _, f := range r.Files {
		e.file(f)
	}
	e.time(r.CreationDate)
	e.uint(uint64(r.Since))
	e.uint(uint64(r.LeafChanged))
	e.span(r.stored.document)
	e.bytes(r.stored.documentSHA256[:])
	e.span(r.stored.core)
	e.span(r.stored.extended)
	e.string(r.stored.language)
	e.uint(uint64(len(r.stored.localized)))
	for _, l := range r.stored.localized {
		e.string(l.language)
		e.span(l.text)
	}
	if len(r.Drivers) > 0 {
		e.drivers(r.Drivers)
	}
}

func (e *encoder) flags(r *Revision) {
	var flags uint64
	if r.Deployable {
		flags |= flagDeployable
	}
	if r.Expired {
		flags |= flagExpired
	}
	if r.Leaf {
		flags |= flagLeaf
	}
	if len(r.Drivers) > 0 {
		flags |= flagDrivers
	}
	e.uint(flags)
}

func (e *encoder) clauses(clauses []metadata.Clause) {
	e.uint(uint64(len(clauses)))
	for _, c := range clauses {
		var flags uint64
		if c.IsCategory {
			flags = flagCategoryClause
		}
		e.uint(flags)
		e.uint(uint64(len(c.Members)))
		for _, m := range c.Members {
			e.id(m.UpdateID)
			e.uint(uint64(m.Revision))
		}
	}
}

func (e *encoder) file(f content.Ref) {
	e.bytes(f.SHA1[:])
	e.bytes(f.SHA256[:])
	e.uint(uint64(f.Size))
	e.string(f.Name)
}
