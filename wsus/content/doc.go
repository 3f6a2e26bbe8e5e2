// Package content keeps update files by digest, serves them, and downloads them.
//
// A file is named by its SHA-1 everywhere in the protocol and proved by its SHA-256 where the metadata has one. Nothing gets
// into a [Store] unverified, so nothing unverified can be served. [Dir] keeps files in a folder, [Memory] in memory; [Handler]
// serves them at the paths that [Path] makes, with the ranges and conditions that Delivery Optimization and BITS use
// (MS-WUSP §2.2.2.5); [Download] fetches one, resumes where it was broken off, and believes it only when size and digests hold.
package content
