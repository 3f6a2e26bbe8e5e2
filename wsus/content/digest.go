package content

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// SHA1 is the digest that names a file everywhere in the protocol.
type SHA1 [20]byte

// String is the digest as it stands in paths: 40 upper-case hexadecimal digits.
func (d SHA1) String() string { return strings.ToUpper(hex.EncodeToString(d[:])) }

// ParseSHA1 reads 40 hexadecimal digits of either case.
func ParseSHA1(s string) (SHA1, error) {
	var d SHA1
	if len(s) != hex.EncodedLen(len(d)) {
		return SHA1{}, fmt.Errorf("SHA-1 %.60q: not %d hexadecimal digits", s, hex.EncodedLen(len(d)))
	}
	if _, err := hex.Decode(d[:], []byte(s)); err != nil {
		return SHA1{}, fmt.Errorf("SHA-1 %q: %w", s, err)
	}
	return d, nil
}

// SHA256 is the digest that proves it. The zero value means that the metadata has none.
type SHA256 [32]byte

// IsZero says that the metadata has no SHA-256.
func (d SHA256) IsZero() bool { return d == SHA256{} }

// String is 64 upper-case hexadecimal digits.
func (d SHA256) String() string { return strings.ToUpper(hex.EncodeToString(d[:])) }
