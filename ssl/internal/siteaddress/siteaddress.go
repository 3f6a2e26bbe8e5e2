// Package siteaddress understands the address that WSUSUtil configuressl prints.
package siteaddress

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/seed599db172/softwareupdates/ports"
)

// What is wrong with an answer.
var (
	ErrNoURL        = errors.New("the tool printed no address")
	ErrNotSecure    = errors.New("the server is not secured")
	ErrOtherAddress = errors.New("the server has another address")
)

// pattern finds the address wherever the tool's language puts it.
var pattern = regexp.MustCompile(`(?i)\bhttps?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?`)

// Find returns the first address of an output, or "".
func Find(output []byte) string { return pattern.FindString(string(output)) }

// Check compares an address with the name and, when they are given, the ports that the server should have.
func Check(address, name string, pair ports.Pair) error {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return fmt.Errorf("%w: %q", ErrNoURL, address)
	}
	if !strings.EqualFold(u.Scheme, "https") {
		return fmt.Errorf("%w: it answers %s: bind HTTPS with a certificate to the web site of WSUS, turn Require SSL on for its "+
			"five virtual roots, and run the command again", ErrNotSecure, address)
	}
	if !strings.EqualFold(u.Hostname(), name) {
		return fmt.Errorf("%w: it answers %s, and the name should be %s", ErrOtherAddress, address, name)
	}
	if want := pair.MetadataURL(name, true); !pair.IsZero() && !strings.EqualFold(strings.TrimSuffix(address, ":443"), want) {
		return fmt.Errorf("%w: it answers %s instead of %s: compare the bindings of the web site with the ports of the "+
			"software update point", ErrOtherAddress, address, want)
	}
	return nil
}
