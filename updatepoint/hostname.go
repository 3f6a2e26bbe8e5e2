package updatepoint

import (
	"fmt"
	"strings"
)

// validateHostName accepts a DNS name as RFC 1123 §2.1 has it, also one of a single label. An address is not a name: no
// certificate of a software update point carries one.
func validateHostName(name string) error {
	if name == "" {
		return fmt.Errorf("%w: it is empty", ErrServerName)
	}
	if len(name) > 253 {
		return fmt.Errorf("%w: %.40q… is longer than 253 characters", ErrServerName, name)
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if !validLabel(label) {
			return fmt.Errorf("%w: %q", ErrServerName, name)
		}
	}
	if strings.Trim(labels[len(labels)-1], "0123456789") == "" {
		return fmt.Errorf("%w: %q looks like an address", ErrServerName, name)
	}
	return nil
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, c := range []byte(label) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-':
		default:
			return false
		}
	}
	return true
}
