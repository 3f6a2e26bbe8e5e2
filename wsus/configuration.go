package wsus

import (
	"context"
	"errors"
	"fmt"
)

// ConfigurationStore keeps the configuration.
type ConfigurationStore interface {
	// Configuration answers ErrNotFound before the first PutConfiguration.
	Configuration(ctx context.Context) (Configuration, error)
	// PutConfiguration takes the next Sequence; see GroupStore.Groups.
	PutConfiguration(ctx context.Context, c Configuration) error
}

// Configuration are the settings of a server that decide what computers get, with the names of the product's
// IUpdateServerConfiguration.
type Configuration struct {
	// TargetingMode says who puts computers into target groups.
	TargetingMode TargetingMode
	// AutoRefreshUpdateApprovals lets approvals follow to a new revision of their update. Without it, and while the license
	// agreement of the new one is not accepted, they are stale: the approved revision stays the one that is offered.
	AutoRefreshUpdateApprovals bool
	// AutoRefreshUpdateApprovalsDeclineExpired declines an update that was approved for installation when a new revision says that it
	// has expired. Without it the approval stays and offers nothing: what has expired is never installed.
	AutoRefreshUpdateApprovalsDeclineExpired bool
}

// DefaultConfiguration is that of a server on which nobody has set anything: computers name their groups, and approvals follow.
func DefaultConfiguration() Configuration {
	return Configuration{TargetingMode: ClientTargeting, AutoRefreshUpdateApprovals: true, AutoRefreshUpdateApprovalsDeclineExpired: true}
}

// TargetingMode says who puts computers into target groups. The numbers are ours; they are what a Store keeps.
type TargetingMode uint8

// The two modes of the product.
const (
	// ClientTargeting goes by the names that computers send, several with a semicolon between (the policy "Enable client-side
	// targeting").
	ClientTargeting TargetingMode = iota
	// ServerTargeting goes by AddComputerTarget, whatever computers ask for.
	ServerTargeting
)

// String returns the product's name of the mode.
func (m TargetingMode) String() string {
	switch m {
	case ClientTargeting:
		return "Client"
	case ServerTargeting:
		return "Server"
	}
	return fmt.Sprintf("TargetingMode(%d)", uint8(m))
}

// Configuration returns the settings in force.
func (s *Server) Configuration() Configuration { return s.view.Load().configuration }

// SetConfiguration keeps the settings and has them in force when it returns. After another TargetingMode the groups of every computer
// are others from its next request on, and that request's answer tells it of everything it has cached; no cookie has to be renewed
// for it. Switching AutoRefreshUpdateApprovals on refreshes the approvals that are stale.
func (s *Server) SetConfiguration(ctx context.Context, c Configuration) error {
	if c.TargetingMode > ServerTargeting {
		return fmt.Errorf("set configuration: %v is neither ClientTargeting nor ServerTargeting", c.TargetingMode)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c == s.view.Load().configuration {
		return nil
	}
	if err := s.store.PutConfiguration(ctx, c); err != nil {
		return fmt.Errorf("set configuration: %w", err)
	}
	if err := s.refreshView(ctx); err != nil {
		return fmt.Errorf("set configuration: %w", err)
	}
	if _, err := s.refreshApprovals(ctx); err != nil {
		return fmt.Errorf("set configuration: %w", err)
	}
	return nil
}

// loadConfiguration returns what the store has.
func (s *Server) loadConfiguration(ctx context.Context) (Configuration, error) {
	c, err := s.store.Configuration(ctx)
	if errors.Is(err, ErrNotFound) {
		return DefaultConfiguration(), nil
	}
	return c, err
}
