package wsus

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/ports"
	"github.com/seed599db172/softwareupdates/ssl"
)

// Channel is how clients reach the server: the name in its certificate, its ports, and whether five of the virtual roots
// answer over TLS only.
type Channel struct {
	Name  string
	Ports ports.Pair
	SSL   ssl.Settings
}

// SetChannel informs the health monitoring component, as the product's `WSUSUtil configuressl` does: it keeps UsingSSL, the
// certificate name and the port in the store, and from then on health checks use that scheme, the advertised URLs carry that
// name, and, with SSL required, the five roots refuse plain HTTP. Listeners that already run keep their certificate source until
// they are started again.
func (s *Server) SetChannel(ctx context.Context, c Channel) error {
	if err := c.Ports.Validate(); err != nil {
		return fmt.Errorf("set channel: %w", err)
	}
	setup := Setup{UsingSSL: c.SSL.Required, ServerCertificateName: c.Name, PortNumber: c.Ports.HTTP}
	if c.SSL.Required {
		setup.PortNumber = c.Ports.HTTPS
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.identity
	id.Setup = setup
	if id.Setup != s.identity.Setup {
		if err := s.store.PutIdentity(ctx, id); err != nil {
			return fmt.Errorf("set channel: %w", err)
		}
	}
	s.identity, s.ssl = id, c.SSL
	s.setup.Store(&setup)
	return nil
}

// Setup returns what SetChannel last wrote: the registry values of the product's set-up.
func (s *Server) Setup() Setup { return *s.setup.Load() }

// Ports returns the pair that belongs to the port of the set-up by the pairing rule; the zero Pair before SetChannel.
func (s Setup) Ports() ports.Pair {
	var pair ports.Pair
	var err error
	switch {
	case s.PortNumber == 0:
		return ports.Pair{}
	case s.UsingSSL:
		pair, err = ports.ForHTTPS(s.PortNumber)
	default:
		pair, err = ports.ForHTTP(s.PortNumber)
	}
	if err != nil {
		return ports.Pair{}
	}
	return pair
}

// URL is the base address of the web services: what WUServer on a client must say. Empty before SetChannel.
func (s Setup) URL() string {
	pair := s.Ports()
	if pair == (ports.Pair{}) {
		return ""
	}
	return pair.MetadataURL(s.ServerCertificateName, s.UsingSSL)
}
