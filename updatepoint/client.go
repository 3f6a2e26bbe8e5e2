package updatepoint

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// MaxNameLength is how many bytes the name of a client, collection or deployment may have.
const MaxNameLength = 256

// Client is a computer that is assigned to the site.
type Client struct {
	// ID is a GUID in lower case, as the client chose it.
	ID         string
	Name       string
	Registered time.Time
}

type clientRecord struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Registered time.Time `json:"registered"`
	// Secret is the digest of the secret that came with the first registration; empty when none did.
	Secret string `json:"secret,omitempty"`
}

// proves tells whether a registration shows the secret of the client.
func (c clientRecord) proves(secret string) bool {
	return c.Secret != "" && subtle.ConstantTimeCompare([]byte(digestOf(secret)), []byte(c.Secret)) == 1
}

func digestOf(secret string) string {
	digest := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(digest[:])
}

// Clients returns the registered clients, ordered by name and id.
func (s *Site) Clients(ctx context.Context) ([]Client, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	clients := make([]Client, 0, len(s.state.clients))
	for _, r := range s.state.clients {
		clients = append(clients, Client{ID: r.ID, Name: r.Name, Registered: r.Registered})
	}
	slices.SortFunc(clients, func(a, b Client) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return clients, nil
}

// register makes a client known, or takes over a new name from one that is known and shows its token or its secret.
func (s *Site) register(ctx context.Context, r clientagent.Registration) (string, error) {
	id, err := parseRegistration(r)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadRequest, err)
	}
	lock := s.registration(id)
	lock.Lock()
	defer lock.Unlock()
	s.mu.RLock()
	have, known := s.state.clients[id]
	count := len(s.state.clients)
	s.mu.RUnlock()
	record := clientRecord{ID: id, Name: r.Name, Registered: s.now()}
	switch {
	case !known && count >= s.config.MaxClients:
		return "", fmt.Errorf("%w: %d", ErrTooManyClients, s.config.MaxClients)
	case known:
		bearer, err := s.authenticate(r.Token)
		held := err == nil && bearer == id
		if !held && !have.proves(r.Secret) {
			return "", fmt.Errorf("register %s: %w: the id is known and needs its token", id, clientagent.ErrNotAuthorized)
		}
		if have.Name == r.Name {
			return s.seal(have), nil
		}
		record.Registered, record.Secret = have.Registered, have.Secret
	case r.Secret != "":
		record.Secret = digestOf(r.Secret)
	}
	err = s.commit(ctx, changes{keyClients + id: record}, func(st *state) { st.clients[id] = record })
	if err != nil {
		return "", fmt.Errorf("register %s: %w", id, err)
	}
	return s.seal(record), nil
}

// RemoveClient forgets a client: its token is void, and its id may register anew, without one. What it reported stays kept, and
// counts again when it does. The case of the id does not matter. ErrNotFound answers for one that is not there.
func (s *Site) RemoveClient(ctx context.Context, id string) error {
	id = strings.ToLower(id)
	lock := s.registration(id)
	lock.Lock()
	defer lock.Unlock()
	s.mu.RLock()
	_, known := s.state.clients[id]
	s.mu.RUnlock()
	if !known {
		return fmt.Errorf("remove client %.64q: %w", id, ErrNotFound)
	}
	if err := s.commit(ctx, changes{keyClients + id: nil}, func(st *state) { delete(st.clients, id) }); err != nil {
		return fmt.Errorf("remove client %s: %w", id, err)
	}
	s.tags.drop(id)
	return nil
}

// registration is the mutex that serializes changes of a client.
func (s *Site) registration(id string) *sync.Mutex {
	return &s.registering[maphash.String(s.stripes, id)%uint64(len(s.registering))]
}

// parseRegistration returns the client's id in lower case.
func parseRegistration(r clientagent.Registration) (string, error) {
	var faults *multierror.Error
	id, err := parseClientID(r.ClientID)
	if err != nil {
		faults = multierror.Append(faults, err)
	}
	if err := validateName("client name", r.Name); err != nil {
		faults = multierror.Append(faults, err)
	}
	if n := len(r.Secret); n != 0 && (n < 32 || n > 128) {
		faults = multierror.Append(faults, fmt.Errorf("client secret has %d characters, want 32 to 128", n))
	}
	return id, faults.ErrorOrNil()
}

// parseClientID accepts the plain form of a GUID only.
func parseClientID(text string) (string, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 || id == uuid.Nil {
		return "", fmt.Errorf("client id %.64q is not a GUID", text)
	}
	return id.String(), nil
}

// validateName accepts what can be shown on one line: valid UTF-8 without control characters.
func validateName(what, name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New(what + " is missing")
	case len(name) > MaxNameLength:
		return fmt.Errorf("%s has %d bytes, want at most %d", what, len(name), MaxNameLength)
	case !utf8.ValidString(name), strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("%s %q has characters that cannot be shown", what, name)
	}
	return nil
}
