package updatepoint

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// policy returns what a client is told, or only the ETag with ErrNotModified when the client holds that. The ETag is a digest of
// the content without the version, so it survives a restart and changes for a client only when something changes for it. A poll
// of a policy that has not changed since the last one composes nothing.
func (s *Site) policy(ctx context.Context, token string, holds func(etag string) bool) (clientagent.Policy, error) {
	id, err := s.authenticate(token)
	if err != nil {
		return clientagent.Policy{}, fmt.Errorf("policy: %w", err)
	}
	if etag := s.unchanged(ctx, id); etag != "" && holds(etag) {
		return clientagent.Policy{ETag: etag}, clientagent.ErrNotModified
	}
	p, name, err := s.assemble(ctx, id)
	if err != nil {
		return clientagent.Policy{}, fmt.Errorf("policy of %s: %w", id, err)
	}
	version := p.Version
	p.Version = 0
	content, err := json.Marshal(p)
	if err != nil {
		return clientagent.Policy{}, fmt.Errorf("policy of %s: %w", id, err)
	}
	digest := sha256.Sum256(content)
	p.Version, p.ETag = version, hex.EncodeToString(digest[:16])
	s.tags.put(id, policyTag{version: version, name: name, etag: p.ETag})
	if holds(p.ETag) {
		return clientagent.Policy{ETag: p.ETag}, clientagent.ErrNotModified
	}
	return p, nil
}

// unchanged is the ETag of a client's policy when it is known without composing the policy.
func (s *Site) unchanged(ctx context.Context, id string) string {
	tag := s.tags.get(id)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.installed(ctx) != nil || tag.version != s.state.policyVersion || tag.name != s.state.clients[id].Name {
		return ""
	}
	return tag.etag
}

// assemble gathers the policy of a client, without ETag, and the name that the client had then.
func (s *Site) assemble(ctx context.Context, id string) (clientagent.Policy, string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := s.installed(ctx); err != nil {
		return clientagent.Policy{}, "", err
	}
	st := &s.state
	client := st.clients[id]
	p := clientagent.Policy{
		SiteCode:       st.site.Code,
		Version:        st.policyVersion,
		Settings:       st.resultant(client),
		SwitchPoint:    st.switches[id],
		Locations:      st.locations(),
		UpdateSource:   st.site.UpdateSource.String(),
		ContentVersion: st.sync.ContentVersion,
		Deployments:    []clientagent.Deployment{},
	}
	if !p.Settings.Enabled {
		return p, client.Name, nil
	}
	p.ServiceWindows = st.serviceWindows(client)
	for _, d := range st.inOrder() {
		if !d.Disabled && st.inCollection(d.Collection, client) {
			p.Deployments = append(p.Deployments, d.policy())
		}
	}
	p.MaxRunTimes = st.maxRunTimes(p.Deployments)
	return p, client.Name, nil
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
