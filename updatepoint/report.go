package updatepoint

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// report takes over state messages. The client's id must be that of the token, its name is the registered one, and a scan cannot
// have covered a catalogue that the site has not had yet.
func (s *Site) report(ctx context.Context, token string, r compliance.Report) (compliance.Receipt, error) {
	id, err := s.authenticate(token)
	if err != nil {
		return compliance.Receipt{}, fmt.Errorf("report: %w", err)
	}
	if claimed, err := parseClientID(r.ClientID); err != nil || claimed != id {
		return compliance.Receipt{}, fmt.Errorf("report of %s: %w: the report names client %.64q", id, clientagent.ErrNotAuthorized, r.ClientID)
	}
	s.mu.RLock()
	err = s.installed(ctx)
	r.ClientID, r.Name = id, s.state.clients[id].Name
	newest := s.state.sync.ContentVersion
	s.mu.RUnlock()
	if err != nil {
		return compliance.Receipt{}, fmt.Errorf("report of %s: %w", id, err)
	}
	receipt, err := s.tracker.Record(ctx, withinVersion(r, newest))
	if err != nil {
		return compliance.Receipt{}, fmt.Errorf("report of %s: %w", id, err)
	}
	return receipt, nil
}

// withinVersion drops claims of a newer catalogue than the newest. They come from a time before this site was rebuilt or restored, and say
// nothing of the catalogue that it has.
func withinVersion(r compliance.Report, newest int64) compliance.Report {
	messages := make([]compliance.Message, len(r.Messages))
	for i, m := range r.Messages {
		if m.ContentVersion > newest {
			m.ContentVersion = 0
		}
		messages[i] = m
	}
	r.Messages = messages
	return r
}
