package updatepoint

import (
	"strings"
	"sync"
)

// versioned tells whether records change what some client is told, and the version of the policy after that. The caller holds the
// mutex that serializes changes of these records; all those that count are under changing.
func (s *Site) versioned(c changes) (version int64, changed bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for key, value := range c {
		changed = changed || s.state.concernsPolicy(key, value)
	}
	if !changed {
		return s.state.policyVersion, false
	}
	return s.state.policyVersion + 1, true
}

// concernsPolicy errs on the side of yes: an unknown record costs each client one comparison of its policy.
func (st *state) concernsPolicy(key string, value any) bool {
	switch {
	case key == keySite, key == keySecret, key == keyStatus:
		return false
	case strings.HasPrefix(key, keyClients), strings.HasPrefix(key, keySystems):
		return false
	case key == keySync:
		next, is := value.(syncRecord)
		return !is || next.Holds != st.sync.Holds || next.ContentVersion != st.sync.ContentVersion
	}
	return true
}

// policyTag is what was last found out about the policy of a client: it has this ETag as long as the policy of the site has the
// version and the client the name.
type policyTag struct {
	version int64
	name    string
	etag    string
}

// policyTags keep a poll of an unchanged policy from composing it. They are only in memory: the first poll after a start composes.
type policyTags struct {
	mu   sync.Mutex
	tags map[string]policyTag
}

func (p *policyTags) get(client string) policyTag {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tags[client]
}

func (p *policyTags) put(client string, tag policyTag) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tags == nil {
		p.tags = map[string]policyTag{}
	}
	p.tags[client] = tag
}

func (p *policyTags) drop(client string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.tags, client)
}
