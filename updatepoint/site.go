package updatepoint

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/compliance"
)

// DefaultMaxClients is how many clients a stand-alone primary site has at most in the product.
const DefaultMaxClients = 175_000

// Config says what a site is made of.
type Config struct {
	// Mode is MixedMode unless set. It may change between two starts; a software update point is checked against the new mode
	// when it is added again.
	Mode Mode
	// Store keeps the site. Required.
	Store Store
	// Compliance keeps what clients report. Required.
	Compliance compliance.Store
	// Logger gets one line for each thing that changed or went wrong, never a token or a key; nil discards.
	Logger *slog.Logger
	// Now is the clock for dates that are kept or shown; nil means time.Now.
	Now func() time.Time
	// Random is the source of the site's secret and ids; nil means crypto/rand.Reader.
	Random io.Reader
	// MaxClients limits how many clients may register; 0 means DefaultMaxClients.
	MaxClients int
	// SyncInterval is the synchronization schedule that Run keeps; 0 means none, as an empty schedule in the product: Run then
	// synchronizes only a software update point that never was, and what Synchronize is called for.
	SyncInterval time.Duration
}

// Site is a primary site: its site systems, the software update point, clients, collections and deployments. Make one with
// NewSite. All methods are safe for concurrent use; what they acknowledge is in the store.
type Site struct {
	config  Config
	log     *slog.Logger
	tracker *compliance.Tracker

	// changing is held by whoever changes the site, from reading what the change depends on until the store has it.
	changing sync.Mutex
	// registering is the same for clients, spread by id: registrations do not wait for each other.
	registering [64]sync.Mutex
	stripes     maphash.Seed
	// synchronizing holds a token while a synchronization runs.
	synchronizing chan struct{}
	// running holds a token while Run runs.
	running chan struct{}

	// tags say which policies have not changed.
	tags policyTags

	mu    sync.RWMutex
	state state
	point *Point

	// changed fires, under mu, when the software update point is added, reconfigured or removed.
	changed signal
	// concluded fires when the state of its channel changes.
	concluded signal
}

// NewSite opens the site that the store holds, or makes it on the first start. A code is three characters of A-Z and 0-9, not
// reserved. A store of another site answers ErrSiteMismatch.
func NewSite(ctx context.Context, code string, c Config) (*Site, error) {
	if err := c.validate(code); err != nil {
		return nil, fmt.Errorf("new site: %w", err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.MaxClients == 0 {
		c.MaxClients = DefaultMaxClients
	}
	s := &Site{
		config:        c,
		stripes:       maphash.MakeSeed(),
		log:           c.Logger,
		synchronizing: make(chan struct{}, 1),
		running:       make(chan struct{}, 1),
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if err := s.load(ctx, code); err != nil {
		return nil, fmt.Errorf("new site %s: %w", code, err)
	}
	var err error
	if s.tracker, err = compliance.NewTracker(ctx, c.Compliance, compliance.Options{}); err != nil {
		return nil, fmt.Errorf("new site %s: %w", code, err)
	}
	return s, nil
}

func (c Config) validate(code string) error {
	var faults *multierror.Error
	if err := validateCode(code); err != nil {
		faults = multierror.Append(faults, err)
	}
	if c.Mode > NativeMode {
		faults = multierror.Append(faults, fmt.Errorf("Config.Mode is %v, want MixedMode or NativeMode", c.Mode))
	}
	if c.Store == nil {
		faults = multierror.Append(faults, errors.New("Config.Store is missing"))
	}
	if c.Compliance == nil {
		faults = multierror.Append(faults, errors.New("Config.Compliance is missing"))
	}
	if c.MaxClients < 0 {
		faults = multierror.Append(faults, fmt.Errorf("Config.MaxClients is %d, want 0 or more", c.MaxClients))
	}
	if c.SyncInterval < 0 {
		faults = multierror.Append(faults, fmt.Errorf("Config.SyncInterval is %v, want 0 or more", c.SyncInterval))
	}
	return faults.ErrorOrNil()
}

// Code is the site code.
func (s *Site) Code() string { return s.state.site.Code }

// Mode is the mode the site was opened with.
func (s *Site) Mode() Mode { return s.config.Mode }

// now is the time that records carry: UTC, to the millisecond, so that it reads back from JSON as it was.
func (s *Site) now() time.Time { return s.config.Now().UTC().Truncate(time.Millisecond) }
