// Package content keeps update files by digest, serves them, and downloads them.
//
// A file is named by its SHA-1 everywhere in the protocol and proved by its SHA-256 where the metadata has one. Nothing gets
// into a [Store] unverified, so nothing unverified can be served. [Dir] keeps files in a folder, [Memory] in memory; both list what
// they hold, and remove. [Handler] serves them at the paths that [Path] makes, with the ranges and conditions that Delivery
// Optimization and BITS use (MS-WUSP §2.2.2.5); [Download] fetches one, resumes where it was broken off, and believes it only when
// size and digests hold.
//
// What is proved and what is not: digests tie a file to its metadata, and whoever controls the metadata controls the file. The
// PKCS#7 (Authenticode) signatures of files, and those that a Microsoft server puts on metadata, are not verified here. Windows
// Update Agents verify the signature of a file before they install it; an agent of package clientagent relies on the digests and
// on the secured channel that the metadata came over.
package content
