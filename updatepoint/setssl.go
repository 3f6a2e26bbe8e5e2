package updatepoint

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed599db172/softwareupdates/ssl"
)

// ErrListenersGiven answers SetSSL for a point whose listeners were given: they end with the old settings and cannot be opened again.
var ErrListenersGiven = errors.New("the listeners of the software update point were given: add the role again with new ones")

// SetSSL switches SSL on or off for the software update point, or changes its certificate source, and leaves the other settings as they
// are. Everything follows from this one setting: which virtual roots refuse plain HTTP, the listeners, the addresses that clients get,
// what configuressl is told, and what the roots are verified against, which is done before it returns. What was found is the answer and
// what LastChannel then keeps; a root that is missing is no error but a state, in which synchronization waits.
//
// It refuses what AddSoftwareUpdatePoint would refuse, such as no SSL in native mode, and then nothing has changed.
func (p *Point) SetSSL(ctx context.Context, settings ssl.Settings) (Channel, error) {
	set := p.current()
	if p.condition().State == ConfigNone {
		return p.condition(), fmt.Errorf("set SSL: %w", ErrNoSoftwareUpdatePoint)
	}
	if set.Plain != nil || set.Secure != nil || set.Servers != nil {
		return p.condition(), fmt.Errorf("set SSL: %w", ErrListenersGiven)
	}
	set.SSL = settings
	if _, err := p.site.AddSoftwareUpdatePoint(ctx, set); err != nil {
		return p.condition(), fmt.Errorf("set SSL: %w", err)
	}
	return p.condition(), nil
}
