// Package catalog keeps the update catalogue of a server on disk: every revision of every update with the fragments that
// clients are sent, ready to be read.
//
// Documents and fragments are appended to segments and never moved. A generation is a small index over them; it is immutable,
// and an import writes a new one beside the old and swaps it in, so that a request sees one state of the catalogue from
// beginning to end, without a lock. Names on the volume:
//
//	segment-000001.seg          fragments, appended, up to SegmentLimit
//	generation-0000000007.idx   the index of generation 7
//	CURRENT                     which generation is in force, and its checksum
//
// An import is acknowledged when segment, generation and CURRENT are synced, in this order; a crash at any moment leaves the
// old generation or the new one. What a crash leaves behind the known end of a segment is cut off by the next import. Every
// fragment and index carries a CRC-32C, and damage is a [*DamageError] that names file and offset.
//
// Revision ids are a persisted sequence and are never given to another revision, since clients keep them for years.
package catalog
