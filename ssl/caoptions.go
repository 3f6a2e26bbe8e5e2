package ssl

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// maxNameLength of a DNS name (RFC 1035 §2.3.4) and maxLabelLength of a part of it.
const (
	maxNameLength  = 253
	maxLabelLength = 63
)

// names are what a server certificate is for, normalised, in the order given.
type names []string

func (o CAOptions) validate() (names, error) {
	var faults *multierror.Error
	if len(o.Names) == 0 {
		faults = multierror.Append(faults, errors.New("no name given: the CA must know the name that clients use"))
	}
	var all names
	for _, name := range o.Names {
		normal := normalName(name)
		if err := checkName(normal); err != nil {
			faults = multierror.Append(faults, fmt.Errorf("name %q: %w", name, err))
		} else if !slices.Contains(all, normal) {
			all = append(all, normal)
		}
	}
	if o.LeafLifetime != 0 && o.LeafLifetime < MinLeafLifetime {
		faults = multierror.Append(faults, fmt.Errorf("lifetime %v of server certificates is below %v", o.LeafLifetime, MinLeafLifetime))
	}
	return all, faults.ErrorOrNil()
}

// normalName makes names comparable: lower case, no dot at the end, IP addresses in their shortest form.
func normalName(name string) string {
	if ip, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return ip.Unmap().String()
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

func checkName(name string) error {
	if ip, err := netip.ParseAddr(name); err == nil {
		if ip.Zone() != "" {
			return errors.New("an address with a zone cannot stand in a certificate")
		}
		return nil
	}
	if len(name) > maxNameLength {
		return fmt.Errorf("longer than %d characters", maxNameLength)
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > maxLabelLength || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") ||
			strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return errors.New("neither a DNS name nor an IP address")
		}
	}
	return nil
}
