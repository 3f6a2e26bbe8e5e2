package updatepoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// policy returns what a client is told, or ErrNotModified when it has that already. The ETag is a digest of the content, so it
// survives a restart and changes for a client only when something changes for it.
func (s *Site) policy(ctx context.Context, token, etag string) (clientagent.Policy, error) {
	id, err := s.authenticate(token)
	if err != nil {
		return clientagent.Policy{}, fmt.Errorf("policy: %w", err)
	}
	p, err := s.assemble(ctx, id)
	if err != nil {
		return clientagent.Policy{}, fmt.Errorf("policy of %s: %w", id, err)
	}
	content, err := json.Marshal(p)
	if err != nil {
		return clientagent.Policy{}, fmt.Errorf("policy of %s: %w", id, err)
	}
	digest := sha256.Sum256(content)
	p.ETag = hex.EncodeToString(digest[:16])
	if etag == p.ETag {
		return clientagent.Policy{}, clientagent.ErrNotModified
	}
	return p, nil
}

// assemble gathers the policy of a client, without ETag.
func (s *Site) assemble(ctx context.Context, id string) (clientagent.Policy, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return clientagent.Policy{}, err
	}
	st := &s.state
	p := clientagent.Policy{
		SiteCode:       st.site.Code,
		Settings:       st.settings,
		Locations:      st.locations(),
		UpdateSource:   st.site.UpdateSource.String(),
		ContentVersion: st.sync.ContentVersion,
		Deployments:    []clientagent.Deployment{},
	}
	if !st.settings.Enabled {
		return p, nil
	}
	client := st.clients[id]
	p.ServiceWindows = st.serviceWindows(client)
	for _, d := range st.inOrder() {
		if !d.Disabled && st.inCollection(d.Collection, client) {
			p.Deployments = append(p.Deployments, d.policy())
		}
	}
	p.MaxRunTimes = st.maxRunTimes(p.Deployments)
	return p, nil
}

// locations lists the software update point when it holds the content version, and nothing otherwise.
func (st *state) locations() []clientagent.Location {
	if !st.sync.Holds {
		return []clientagent.Location{}
	}
	return []clientagent.Location{{
		WSUSURL:    st.point.Ports.MetadataURL(st.point.Server, st.point.SSL),
		ServerName: st.point.Server,
		Version:    st.sync.ContentVersion,
	}}
}
