package wsus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/ssl"
	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Config says what a server is made of.
type Config struct {
	// Store keeps what must not be lost. Required.
	Store Store
	// Content keeps update files. Required.
	Content content.Store
	// SelfUpdate is the folder SelfUpdate of a WSUS server, as it is, for agents before Windows 10: such an agent stops when it finds no
	// wuident.cab there. nil: the root answers 501, which newer agents never notice.
	SelfUpdate fs.FS
	// Logger gets one line for each thing that went wrong; nil discards.
	Logger *slog.Logger
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// PageSize is how many revisions one SyncUpdates answer holds at most; 0 means DefaultPageSize.
	PageSize int
	// CookieLifetime is how long a cookie is good for; 0 means one hour, as the product has it.
	CookieLifetime time.Duration
}

// Limits of one page of SyncUpdates. An agent gives up after 200 round trips (0x80244010), so pages must not be small.
const (
	DefaultPageSize = 100
	// PageBytes ends a page whose Core fragments have grown to this size; a single larger fragment makes a page of its own.
	PageBytes = 1 << 20
)

// Server is a WSUS server. Make one with NewServer.
type Server struct {
	store   Store
	content content.Store
	log     *slog.Logger
	now     func() time.Time
	page    int

	catalog *catalog.Catalog
	handler http.Handler
	config  atomic.Pointer[clientsync.Config]

	// mu serializes whatever changes the identity, the approvals or the catalogue.
	mu       sync.Mutex
	identity Identity
	ssl      ssl.Settings
	setup    atomic.Pointer[Setup]
	view     atomic.Pointer[view]

	clients clients
	states  stateBoard
	members memberships
	health  healthLog
}

// NewServer opens the catalogue of the store and is ready to serve. On the first start of a store it makes the server's
// identity: its id and the key that seals cookies.
func NewServer(ctx context.Context, c Config) (*Server, error) {
	if err := c.validate(); err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	s := &Server{store: c.Store, content: c.Content, log: c.Logger, now: c.Now, page: c.PageSize}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.page == 0 {
		s.page = DefaultPageSize
	}
	var err error
	if s.identity, err = s.loadIdentity(ctx); err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	s.publishConfig(c.CookieLifetime)
	setup := s.identity.Setup
	s.setup.Store(&setup)
	if s.catalog, err = catalog.Open(ctx, c.Store.Catalog()); err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	if err := s.members.load(ctx, s.store); err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	if err := s.refreshView(ctx); err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	// An import that a crash cut off may have left approvals behind.
	if _, err := s.refreshApprovals(ctx); err != nil {
		return nil, fmt.Errorf("new server: %w", err)
	}
	s.handler = s.routes(c.SelfUpdate)
	return s, nil
}

func (c Config) validate() error {
	var faults *multierror.Error
	if c.Store == nil {
		faults = multierror.Append(faults, errors.New("Config.Store is missing"))
	}
	if c.Content == nil {
		faults = multierror.Append(faults, errors.New("Config.Content is missing"))
	}
	if c.PageSize < 0 {
		faults = multierror.Append(faults, fmt.Errorf("Config.PageSize is %d, want 0 or more", c.PageSize))
	}
	if c.CookieLifetime < 0 {
		faults = multierror.Append(faults, fmt.Errorf("Config.CookieLifetime is %v, want 0 or more", c.CookieLifetime))
	}
	return faults.ErrorOrNil()
}

// loadIdentity returns the identity of the store, made now when it has none.
func (s *Server) loadIdentity(ctx context.Context) (Identity, error) {
	id, err := s.store.Identity(ctx)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return id, err
	}
	id = Identity{
		ServerID:      uuid.New(),
		CookieKey:     make([]byte, 32),
		ConfigChanged: s.now().UTC().Truncate(time.Millisecond),
	}
	if _, err := rand.Read(id.CookieKey); err != nil {
		return Identity{}, fmt.Errorf("make cookie key: %w", err)
	}
	return id, s.store.PutIdentity(ctx, id)
}

// publishConfig makes the identity visible to the client protocol. A zero lifetime keeps the one in force.
func (s *Server) publishConfig(lifetime time.Duration) {
	if lifetime == 0 {
		if c := s.config.Load(); c != nil {
			lifetime = c.CookieLifetime
		}
	}
	s.config.Store(&clientsync.Config{
		ServerID:       s.identity.ServerID,
		CookieKey:      s.identity.CookieKey,
		LastChange:     s.identity.ConfigChanged,
		CookieLifetime: lifetime,
	})
}

// Close releases the files of the catalogue; the stores stay their owners'. No request may be running or follow.
func (s *Server) Close() error { return s.catalog.Close() }

// CatalogVersion is the number of the generation in force. It grows with every import that changed something.
func (s *Server) CatalogVersion() int64 { return s.view.Load().generation.Number() }

// Version names the state of everything that an administrator sees: which server, which generation, which approvals. It is compared for
// equality only: two different strings are two different states.
func (s *Server) Version() string {
	v := s.view.Load()
	return fmt.Sprintf("%s/%d/%d", s.config.Load().ServerID, v.generation.Number(), v.sequence)
}

// ServeHTTP serves the nine virtual roots; see the package documentation for what is built.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }
