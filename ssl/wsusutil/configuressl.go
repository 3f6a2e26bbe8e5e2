package wsusutil

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/seed599db172/softwareupdates/ssl"
)

// Result of ConfigureSSL.
type Result struct {
	// URL is the address that the server now has, as the tool printed it.
	URL string
}

// What ConfigureSSL answers when the tool ran and the outcome is not the one wanted; Result.URL is set with all but ErrNoURL.
var (
	// ErrNoURL: the tool printed no address.
	ErrNoURL = errors.New("the tool printed no address")
	// ErrNotSecure: the address is still http. The web site has no usable HTTPS binding, or Require SSL is not on.
	ErrNotSecure = errors.New("the server is not secured")
	// ErrOtherAddress: name or port of the address are not those of the Config.
	ErrOtherAddress = errors.New("the server has another address")
)

// urlPattern finds the address wherever the tool's language puts it.
var urlPattern = regexp.MustCompile(`(?i)\bhttps?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{1,5})?`)

// ConfigureSSL runs `WsusUtil configuressl <name>` and reads the address that it prints. It needs an administrator of the
// machine or a member of WSUS Administrators. A tool that fails is a [*ToolError].
func ConfigureSSL(ctx context.Context, runner ssl.Runner, c Config) (Result, error) {
	if err := c.validate(); err != nil {
		return Result{}, fmt.Errorf("configure SSL: %w", err)
	}
	out, err := run(ctx, runner, ssl.Command{Name: c.ToolPath, Args: []string{"configuressl", c.Name}})
	if err != nil {
		return Result{}, fmt.Errorf("configure SSL: %w", err)
	}
	result := Result{URL: urlPattern.FindString(string(out.Stdout))}
	if result.URL == "" {
		return Result{}, fmt.Errorf("configure SSL: %w: %q", ErrNoURL, excerpt(out.Stdout))
	}
	if err := c.check(result.URL); err != nil {
		return result, fmt.Errorf("configure SSL: %w", err)
	}
	return result, nil
}

func (c Config) check(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoURL, err)
	}
	if !strings.EqualFold(u.Scheme, "https") {
		return fmt.Errorf("%w: it answers %s: bind HTTPS with a certificate to the web site of WSUS, turn Require SSL on for its "+
			"five virtual roots, and run the command again", ErrNotSecure, address)
	}
	if !strings.EqualFold(u.Hostname(), c.Name) {
		return fmt.Errorf("%w: it answers %s, and the name should be %s", ErrOtherAddress, address, c.Name)
	}
	if want := c.Ports.MetadataURL(c.Name, true); !c.Ports.IsZero() && !strings.EqualFold(strings.TrimSuffix(address, ":443"), want) {
		return fmt.Errorf("%w: it answers %s instead of %s: compare the bindings of the web site with the ports of the "+
			"software update point", ErrOtherAddress, address, want)
	}
	return nil
}
