// Package xpress is the transport compression of the client-server protocol (MS-WUSP §2.1.1): a body is a sequence of blocks, and
// each block is plain LZ77 of MS-XCA §2.3 and §2.4, decoded on its own.
//
// [Append] compresses, [Decode] reads. What does not shrink is stored as it is, so that a body grows by eight bytes a block at
// most. Both are safe for concurrent use.
package xpress
