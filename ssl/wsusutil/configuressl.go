package wsusutil

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/ssl/internal/siteaddress"
)

// Result of ConfigureSSL.
type Result struct {
	// URL is the address that the server now has, as the tool printed it.
	URL string
}

// What ConfigureSSL answers when the tool ran and the outcome is not the one wanted; Result.URL is set with all but ErrNoURL.
var (
	// ErrNoURL: the tool printed no address.
	ErrNoURL = siteaddress.ErrNoURL
	// ErrNotSecure: the address is still http. The web site has no usable HTTPS binding, or Require SSL is not on.
	ErrNotSecure = siteaddress.ErrNotSecure
	// ErrOtherAddress: name or port of the address are not those of the Config.
	ErrOtherAddress = siteaddress.ErrOtherAddress
)

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
	result := Result{URL: siteaddress.Find(out.Stdout)}
	if result.URL == "" {
		return Result{}, fmt.Errorf("configure SSL: %w: %q", ErrNoURL, excerpt(out.Stdout))
	}
	if err := siteaddress.Check(result.URL, c.Name, c.Ports); err != nil {
		return result, fmt.Errorf("configure SSL: %w", err)
	}
	return result, nil
}
