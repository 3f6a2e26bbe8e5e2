package updatepoint

import (
	"fmt"
	"slices"
)

// Mode is how strictly a site protects what its clients and servers say to each other.
type Mode uint8

const (
	// MixedMode leaves SSL to the settings of the software update point (Configuration Manager 2007). Today a site of this kind
	// is called "HTTPS or HTTP". It is the zero value.
	MixedMode Mode = iota
	// NativeMode asks for certificates everywhere (Configuration Manager 2007): the software update point uses SSL whatever its own
	// settings say, and clients get policy and report over TLS only. Today a site of this kind is called "HTTPS only".
	NativeMode
)

// String is the product's name of the mode.
func (m Mode) String() string {
	switch m {
	case MixedMode:
		return "mixed mode"
	case NativeMode:
		return "native mode"
	}
	return fmt.Sprintf("Mode(%d)", uint8(m))
}

// reservedCodes are names that Windows or the product keeps for itself, so that no site may have them as its code.
var reservedCodes = []string{"AUX", "CON", "NUL", "PRN", "SMS"}

// validateCode accepts three characters of A-Z and 0-9.
func validateCode(code string) error {
	if len(code) != 3 {
		return fmt.Errorf("site code %q: want three characters", code)
	}
	for _, c := range []byte(code) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return fmt.Errorf("site code %q: want only A-Z and 0-9", code)
		}
	}
	if slices.Contains(reservedCodes, code) {
		return fmt.Errorf("site code %q is reserved", code)
	}
	return nil
}
