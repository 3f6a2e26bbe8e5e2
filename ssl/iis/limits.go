package iis

// The bounds of a file. Real ones have up to 100 KiB, a depth of 9 and 2000 elements; servers with thousands of sites have a few
// megabytes.
const (
	// MaxBytes is the size from which on a file is refused.
	MaxBytes             = 16 << 20
	maxDepth             = 64
	maxElements          = 250_000
	maxAttributes        = 500_000
	maxElementAttributes = 256
)
