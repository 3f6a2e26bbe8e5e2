package clientagent

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// sessionRecord is what the agent keeps of its talk with a server. A catalogue belongs to the server it came from.
type sessionRecord struct {
	Server string                  `json:"server"`
	State  clientsync.SessionState `json:"state"`
}

// serverSession is a session, with how often it has mapped the catalogue.
type serverSession struct {
	*clientsync.Session
	refreshes int
}

// openSession goes on with the session of the server at url. Another server than last time has other revision ids for the same
// revisions: the cache is mapped before the first call that uses it.
func (a *Agent) openSession(ctx context.Context, t *turn, url string, machine computer, all catalogue) (*serverSession, error) {
	client, err := clientsync.NewClient(url, a.http)
	if err != nil {
		return nil, err
	}
	last, found, err := load[sessionRecord](ctx, a.store, keySession)
	if err != nil {
		return nil, err
	}
	if !found || last.Server != client.BaseURL() {
		last.State = clientsync.SessionState{RefreshPending: len(all) > 0}
	}
	s := &serverSession{Session: &clientsync.Session{Client: client, ClientID: t.me.ClientID, DNSName: machine.name,
		Info: machine.info(), State: last.State, Now: a.now}}
	s.Refresh = func(ctx context.Context, session *clientsync.Session) error {
		s.refreshes++
		return a.refreshCache(ctx, session, all)
	}
	return s, nil
}

// keepSession puts the state of the session into the same batch as what the server told in it: the cookie knows what was told.
func (c *changes) keepSession(s *serverSession) {
	c.set(keySession, sessionRecord{Server: s.Client.BaseURL(), State: s.State})
}

// refreshCache maps the catalogue to the revision ids of the server (MS-WUSP §3.1.5.8). What the server leaves out it does not deploy to
// this client, or sends anew.
func (a *Agent) refreshCache(ctx context.Context, s *clientsync.Session, all catalogue) error {
	known := make(map[clientsync.UpdateIdentity]*revision, len(all))
	identities := make([]clientsync.UpdateIdentity, 0, len(all))
	for _, id := range all.ids() {
		if r := all[id]; r.core != nil {
			known[r.Identity] = r
			identities = append(identities, r.Identity)
		}
	}
	if len(all) == 0 {
		return nil
	}
	refreshed, err := s.RefreshCache(ctx, identities)
	if err != nil {
		return err
	}
	c := a.begin()
	for id := range all {
		c.remove(revisionKey(id))
	}
	clear(all)
	for _, answer := range refreshed {
		r := known[answer.GlobalID]
		if r == nil {
			continue
		}
		mapped := *r
		mapped.ID, mapped.Leaf, mapped.Deployment = answer.RevisionID, answer.IsLeaf, answer.Deployment
		all[mapped.ID] = &mapped
		c.set(revisionKey(mapped.ID), mapped)
	}
	// The catalogue is that of this server now, also when the scan fails before the server has answered: whoever goes back to the last one
	// must map it again. The cookie may know of an earlier catalogue, so it goes.
	c.set(keySession, sessionRecord{Server: s.Client.BaseURL(), State: clientsync.SessionState{RefreshPending: true}})
	if len(all) < len(identities) {
		c.set(keyPartial, true)
	}
	a.log.InfoContext(ctx, "mapped the cache to the server's revision ids", "asked", len(identities), "kept", len(all))
	if err := c.commit(ctx); err != nil {
		return fmt.Errorf("write the mapped cache: %w", err)
	}
	return nil
}
