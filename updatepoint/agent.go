package updatepoint

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// EnableClientAgent switches the Software Updates Client Agent on for all clients of the site, with the given settings, whatever
// their Enabled says. Custom client settings go on winning over them. Clients follow with their next policy. Settings out of range are
// refused, all at once.
func (s *Site) EnableClientAgent(ctx context.Context, settings clientagent.Settings) error {
	if err := settings.Validate(); err != nil {
		return fmt.Errorf("enable client agent: %w", err)
	}
	settings = settings.Clone()
	settings.Enabled = true
	if err := s.putSettings(ctx, settings); err != nil {
		return fmt.Errorf("enable client agent: %w", err)
	}
	return nil
}

// DisableClientAgent makes the components of all clients dormant, but where custom client settings enable them: their policy names no
// deployments until the agent is enabled again. The deployments of the site stay.
func (s *Site) DisableClientAgent(ctx context.Context) error {
	settings, err := s.ClientAgent(ctx)
	if err != nil {
		return fmt.Errorf("disable client agent: %w", err)
	}
	settings.Enabled = false
	if err := s.putSettings(ctx, settings); err != nil {
		return fmt.Errorf("disable client agent: %w", err)
	}
	return nil
}

// ClientAgent returns the settings of the agent. Before EnableClientAgent they are the zero value: not enabled.
func (s *Site) ClientAgent(ctx context.Context) (clientagent.Settings, error) {
	if err := ctx.Err(); err != nil {
		return clientagent.Settings{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.state.settings.Clone(), nil
}

func (s *Site) putSettings(ctx context.Context, settings clientagent.Settings) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	err := s.commit(ctx, changes{keySettings: settings}, func(st *state) { st.settings = settings })
	if err == nil {
		s.log.Info("client agent settings changed", "site", s.Code(), "enabled", settings.Enabled)
		s.advise()
	}
	return err
}
