package updatepoint

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/seed599db172/softwareupdates/ssl"
)

// Point is the software update point of a site. AddSoftwareUpdatePoint returns it. All methods are safe for concurrent use.
type Point struct {
	site *Site

	// reconciling is held while the channel is configured and verified.
	reconciling sync.Mutex

	mu       sync.Mutex
	settings Settings
	retired  bool
	channel  Channel
	// open are the listeners that Run serves, by port of the settings; nil while it does not.
	open map[int]net.Addr
	// fault is why Run could not open the ports.
	fault error
}

// Channel is the condition of the way between a software update point and its WSUS server.
type Channel struct {
	State ConfigurationState
	// Reason says why State is not ConfigSuccess, and otherwise what is worth knowing; it may be empty.
	Reason string
	// Checked is when the virtual roots were asked; zero before.
	Checked time.Time
	// Roots are the nine virtual roots as they answered. Empty when none could be asked.
	Roots []ssl.RootState
}

// Missing names the virtual roots that are not as the settings want them, in the order of Roots. Synchronization waits for them.
func (c Channel) Missing() []string {
	var names []string
	for _, root := range c.Roots {
		if root.State != ssl.Ready {
			names = append(names, root.Name)
		}
	}
	return names
}

// Server is the name of the site system.
func (p *Point) Server() string { return p.current().Server }

// URL is the address of the WSUS web services that clients get.
func (p *Point) URL() string {
	set := p.current()
	return set.Ports.MetadataURL(set.Server, set.SSL.Required)
}

// Channel asks every virtual root now and returns what it found. The configuration state follows: a fault blocks synchronization
// and its end clears it. It is Reconcile under the name of what one wants to know.
func (p *Point) Channel(ctx context.Context) Channel { return p.Reconcile(ctx) }

// LastChannel returns what the last check found, without asking anyone.
func (p *Point) LastChannel() Channel { return p.condition() }

// Reconcile does what WSUS Configuration Manager does every hour and on every change: it detects WSUS, applies the channel again,
// so that changes from outside are overwritten, and verifies it as a client would. It returns the outcome, which
// LastChannel then keeps. When ctx ends before, the state stays what it was.
func (p *Point) Reconcile(ctx context.Context) Channel {
	p.reconciling.Lock()
	defer p.reconciling.Unlock()
	set := p.current()
	roots, note, err := p.configure(ctx, set)
	var pending error
	if len(roots) > 0 {
		pending = set.confirm(ctx)
	}
	if ctx.Err() != nil {
		return p.condition()
	}
	channel := Channel{State: ConfigSuccess, Reason: note, Roots: roots}
	if len(roots) > 0 {
		channel.Checked = p.site.now()
	}
	switch {
	case err == nil && errors.Is(pending, ErrConfigureSSL):
		channel.State, channel.Reason = ConfigPending, pending.Error()
	case err != nil || pending != nil:
		channel.State, channel.Reason = ConfigFailed, errors.Join(err, pending).Error()
	}
	return p.conclude(channel)
}

// configure detects WSUS, applies the channel and verifies it. There are roots when they could be asked.
func (p *Point) configure(ctx context.Context, set Settings) (roots []ssl.RootState, note string, err error) {
	found, err := set.WSUS.Detect(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("detect WSUS: %w", err)
	}
	if err := set.checkDetection(found); err != nil {
		return nil, "", err
	}
	if err := set.WSUS.Configure(ctx, Configuration{Name: set.Server, Ports: set.Ports, SSL: set.SSL}); err != nil {
		return nil, "", fmt.Errorf("configure WSUS: %w", err)
	}
	return p.verify(ctx, set)
}

// conclude keeps the outcome of a check, unless the role is gone. While the ports cannot be opened no outcome is a success.
func (p *Point) conclude(c Channel) Channel {
	p.mu.Lock()
	before := p.channel
	if p.retired {
		p.mu.Unlock()
		return before
	}
	if p.fault != nil {
		c.State, c.Reason = ConfigFailed, p.fault.Error()
	}
	p.channel = c
	server := p.settings.Server
	p.mu.Unlock()
	if before.State != c.State || before.Reason != c.Reason {
		p.site.log.Info("software update point state changed", "site", p.site.Code(), "server", server,
			"state", c.State, "reason", c.Reason)
		p.site.concluded.fire()
	}
	return c
}

// apply takes over settings; the state is pending until they have been reconciled.
func (p *Point) apply(set Settings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	pending := Channel{State: ConfigPending, Reason: "the settings have not been applied yet"}
	if what := changed(p.settings, set); what != "" && p.settings.Server != "" {
		pending.Reason = "WSUSUtil configuressl has not run since a change of " + what
	}
	p.settings, p.open, p.fault, p.channel = set, nil, nil, pending
}

// retire ends the role.
func (p *Point) retire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retired = true
	p.channel = Channel{State: ConfigNone, Reason: ErrNoSoftwareUpdatePoint.Error()}
}

// block keeps why the ports are not open.
func (p *Point) block(fault error) {
	p.mu.Lock()
	p.fault = fault
	p.mu.Unlock()
	p.conclude(Channel{})
}

// setOpen keeps where the ports are open; nil when they no longer are.
func (p *Point) setOpen(open map[int]net.Addr) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open, p.fault = open, nil
}

func (p *Point) openPorts() map[int]net.Addr {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

func (p *Point) condition() Channel {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.channel
}

func (p *Point) current() Settings {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.settings
}

func (p *Point) server() WSUS { return p.current().WSUS }
