package clientagent

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
	"weak"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Config is what an agent is made of. Site, Machine and Store are required, and Cache when the Store has none.
type Config struct {
	// Site is the site that the agent is assigned to: HTTP, Direct, or any other Site.
	Site Site
	// Machine is what the agent runs on. Its optional abilities are HardwareReporter, Restarter, RestartWatcher, UserWatcher,
	// NetworkWatcher, MeterWatcher, GroupPolicyReader, WindowsUpdateConfigurer and those of applicability.Facts, such as
	// applicability.WMI. It is asked while it installs, too, when somebody looks at the agent meanwhile.
	Machine Machine
	// Store keeps the agent's records; it is the agent's alone.
	Store Store
	// Cache keeps downloaded update files; nil takes the Store's, when it has a method Content. With the optional ability CacheCleaner it
	// is kept to the maximum cache size of the settings. Agents of one process may share a cache. Each then removes what it does not need
	// itself and has not used or seen for the minimum duration: another one that needs it fetches it again. An installation that has begun
	// keeps its files.
	Cache content.Store
	// HTTPClient speaks with WSUS servers and fetches content. Nil takes http.DefaultClient; a server with a certificate of a
	// private authority needs a client with its root.
	HTTPClient *http.Client
	// Logger nil discards.
	Logger *slog.Logger
	// Now tells the time for Run, Scan and Install; nil means time.Now. Step gets its time from the caller.
	Now func() time.Time
	// Zone is the time zone of the machine, for everything that the policy says in local time; nil means time.Local.
	Zone *time.Location
	// Rand draws the random delays; nil seeds one at random. The agent uses it from one goroutine at a time.
	Rand *rand.Rand
	// ClientID is used at the first start with a Store instead of a random GUID, for simulations that shall repeat exactly.
	ClientID string
	// Pace shortens the cycles in laboratories; the zero value is the product's pace.
	Pace Pace
	// AllTitles fetches the titles of updates that are not required, too, for programs that show whole lists. The Windows Update Agent does
	// without: it asks about what concerns the machine, and a large catalogue has thousands of others.
	AllTitles bool
	// Logic says what becomes of updates that cannot be judged. The zero value is that of the product: they do not apply, and the
	// reason tells why. With applicability.ThreeValued their state is Unknown.
	Logic applicability.Logic
	// Locales are the languages of titles, best first; nil means en-US and en.
	Locales []string
}

// Agent is the Software Updates Client Agent of one machine. It is driven by Step, or by Run; its methods are safe for concurrent use.
type Agent struct {
	config  Config
	site    Site
	machine Machine
	store   Store
	cache   content.Store
	http    *http.Client
	log     *slog.Logger
	now     func() time.Time
	rand    *rand.Rand

	busy chan struct{} // holds one element while somebody works
	wake chan struct{} // tells Run that due times have changed
	// written tells those who follow the records of every change.
	written broadcast
	// stops are the downloads that users do not want any more.
	stops stops
	// touched counts the batches of records that deployments look at, quiet is when they have to look again.
	touched atomic.Int64
	quiet   quiet
	// cleaned is when the cache has to be looked at again.
	cleaned quiet
	// decoded is the policy that was read last.
	decoded weak.Pointer[decodedPolicy]
	// fresh is true until the first step: what waits for a restart may have got it while no agent was running.
	fresh bool
}

// New makes an agent. It reads and writes nothing yet. The error names every missing field, as a *multierror.Error.
func New(c Config) (*Agent, error) {
	if c.Cache == nil {
		if s, ok := c.Store.(interface{ Content() content.Store }); ok {
			c.Cache = s.Content()
		}
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("new agent: %w", err)
	}
	a := &Agent{config: c, site: c.Site, machine: c.Machine, store: c.Store, cache: c.Cache, http: c.HTTPClient, log: c.Logger,
		now: c.Now, rand: c.Rand, busy: make(chan struct{}, 1), wake: make(chan struct{}, 1), fresh: true}
	if a.http == nil {
		a.http = http.DefaultClient
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.rand == nil {
		a.rand = rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	}
	if a.config.Zone == nil {
		a.config.Zone = time.Local
	}
	if a.config.Locales == nil {
		a.config.Locales = []string{"en-US", "en"}
	}
	return a, nil
}

func (c Config) check() error {
	var faults *multierror.Error
	if c.Site == nil {
		faults = multierror.Append(faults, errors.New("site is missing"))
	}
	if c.Machine == nil {
		faults = multierror.Append(faults, errors.New("machine is missing"))
	}
	if c.Store == nil {
		faults = multierror.Append(faults, errors.New("store is missing"))
	}
	if c.Cache == nil {
		faults = multierror.Append(faults, errors.New("cache is missing: neither given nor part of the store"))
	}
	if len(c.ClientID) > 255 {
		faults = multierror.Append(faults, fmt.Errorf("client id of %d bytes is longer than 255", len(c.ClientID)))
	}
	return faults.ErrorOrNil()
}
