package clientsync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// DefaultClientVersion is the protocol version that a Session speaks: what a client should send (MS-WUSP §2.2.2.2.1).
const DefaultClientVersion = "1.8"

// Session keeps the handshake of one client with one server: it makes each call when its preconditions hold (MS-WUSP §3.2: the
// order is GetConfig, GetAuthorizationCookie, GetCookie, RefreshCache after a server change, RegisterComputer) and recovers
// from faults as §2.2.2.4 says, at most once per fault code and call. It is for one goroutine at a time.
type Session struct {
	Client *Client
	// ClientID is 1 to 255 of a-z, 0-9 and hyphen, the same for ever.
	ClientID string
	// DNSName is what the computer introduces itself by, and Info.DNSName when that is empty.
	DNSName string
	// TargetGroup that the client claims; may be empty.
	TargetGroup string
	// Info is registered when the server wants it and when it has changed since.
	Info ComputerInfo
	// ProtocolVersion of this client; empty means DefaultClientVersion.
	ProtocolVersion string
	// State is what to keep between runs, under the client's and the server's name. The zero value starts afresh.
	State SessionState
	// Refresh is called when the server's revision ids may be others than the client's cache has (after InvalidCookie and
	// ServerChanged), with a session that has a cookie. It shall map the cache with RefreshCache. An error ends the call and
	// Refresh is called again before the next one. nil: nothing is called.
	Refresh func(ctx context.Context, s *Session) error
	// Relocate is called after FileLocationChanged and shall ask for file locations anew; the call is then made again. nil: the
	// fault is the caller's.
	Relocate func(ctx context.Context, s *Session) error
	// Patience is for servers that ask for time.
	Patience Patience
	// MaxTrips bounds Trips; 0: nothing does. An agent counts one scan, and sets Trips to 0 before it.
	MaxTrips int
	// Trips counts the round trips, those of the handshake among them.
	Trips int
	// Recovered is told of every recovery, before it is made; nil: nobody is.
	Recovered func(Recovery)
	// Random draws the jitter of Patience from [0, 1); nil: math/rand.
	Random func() float64
	// Now is time.Now when nil.
	Now func() time.Time

	refreshing  bool // Refresh is running
	relocating  bool // Relocate is running
	registerNow bool // the server asked for it
}

// SessionState survives restarts as JSON. It holds a cookie: keep it where other users cannot read it.
type SessionState struct {
	// Config is nil before the first GetConfig and after ConfigChanged.
	Config *ConfigResult `json:"config,omitempty"`
	// Cookie replaced with each answer that has one.
	Cookie Cookie `json:"cookie"`
	// CookieStale asks for a new cookie; the old one still tells the server what the client has seen.
	CookieStale bool `json:"cookieStale,omitempty"`
	// Registered is a digest of the ComputerInfo that the server has; empty: none.
	Registered string `json:"registered,omitempty"`
	// RefreshPending says that Refresh has yet to succeed.
	RefreshPending bool `json:"refreshPending,omitempty"`
}

// prepare makes everything true that a call needs. Refresh makes calls of its own and may leave less than it found, hence the
// second look at configuration and cookie.
func (s *Session) prepare(ctx context.Context) error {
	steps := []func(context.Context) error{
		s.prepareConfig, s.prepareCookie, s.prepareCache,
		s.prepareConfig, s.prepareCookie, s.prepareRegistration,
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) prepareConfig(ctx context.Context) error {
	if s.State.Config != nil {
		return nil
	}
	if err := s.trip(); err != nil {
		return err
	}
	config, err := s.Client.GetConfig(ctx, s.version())
	if err != nil {
		return err
	}
	s.State.Config = &config
	return nil
}

// prepareCookie believes the clear expiration: when the clocks differ the server's fault sets it right.
func (s *Session) prepareCookie(ctx context.Context) error {
	cookie := s.State.Cookie
	if len(cookie.EncryptedData) > 0 && !s.State.CookieStale && s.now().Before(cookie.Expiration) {
		return nil
	}
	if err := s.trip(); err != nil {
		return err
	}
	authorization, err := s.Client.GetAuthorizationCookie(ctx, s.State.Config.ServiceURL, s.ClientID, s.TargetGroup, s.DNSName)
	if err != nil {
		return err
	}
	if err := s.trip(); err != nil {
		return err
	}
	s.State.Cookie, err = s.Client.GetCookie(ctx, GetCookieParameters{
		AuthCookies: []AuthorizationCookie{authorization}, OldCookie: cookie,
		LastChange: s.State.Config.LastChange, CurrentTime: s.now(), ProtocolVersion: s.version(),
	})
	if err != nil {
		s.State.Cookie = cookie // for the next attempt to refer to
		s.State.CookieStale = true
		return err
	}
	s.State.CookieStale = false
	return nil
}

func (s *Session) prepareCache(ctx context.Context) error {
	if !s.State.RefreshPending || s.refreshing {
		return nil
	}
	if s.Refresh != nil {
		s.refreshing = true
		err := s.Refresh(ctx, s)
		s.refreshing = false
		if err != nil {
			return fmt.Errorf("refresh the cache: %w", err)
		}
	}
	s.State.RefreshPending = false
	return nil
}

// prepareRegistration lets Refresh go first, unless the server will have it otherwise.
func (s *Session) prepareRegistration(ctx context.Context) error {
	if s.refreshing && !s.registerNow {
		return nil
	}
	info := s.info()
	digest, err := info.digest()
	if err != nil {
		return err
	}
	if !s.State.Config.IsRegistrationRequired || s.State.Registered == digest {
		return nil
	}
	if err := s.trip(); err != nil {
		return err
	}
	if err := s.Client.RegisterComputer(ctx, s.State.Cookie, info); err != nil {
		return err
	}
	s.State.Registered = digest
	s.registerNow = false
	return nil
}

// info is what is registered: a server refuses a computer without a name.
func (s *Session) info() ComputerInfo {
	info := s.Info
	if info.DNSName == "" {
		info.DNSName = s.DNSName
	}
	return info
}

func (c ComputerInfo) digest() (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("digest of the computer info: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func (s *Session) version() string {
	if s.ProtocolVersion == "" {
		return DefaultClientVersion
	}
	return s.ProtocolVersion
}

func (s *Session) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}
