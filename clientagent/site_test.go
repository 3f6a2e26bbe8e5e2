package clientagent_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// site is a site for tests. It holds the rules of state messages against the agent, and keeps what was told.
type site struct {
	mu      sync.Mutex
	policy  clientagent.Policy
	version int
	known   map[string]string // token by client

	serial   int64
	current  map[string]compliance.Message
	history  []string
	reports  []compliance.Report
	breach   []string // of the rules
	outage   error
	lose     bool // take reports over and lose the answers
	resync   bool // ask for a full report once
	polls    int
	notReady bool
}

func newSite() *site {
	s := &site{known: map[string]string{}, current: map[string]compliance.Message{}}
	settings := clientagent.DefaultSettings()
	settings.ExactStart = true
	s.set(clientagent.Policy{SiteCode: "LAB", Settings: settings, UpdateSource: "{source}", ContentVersion: 1,
		Locations: []clientagent.Location{{WSUSURL: "http://wsus.test", Version: 1}}})
	return s
}

func (s *site) set(p clientagent.Policy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.version++
	p.ETag = fmt.Sprint("v", s.version)
	s.policy = p
}

func (s *site) change(edit func(p *clientagent.Policy)) {
	p := s.policy
	edit(&p)
	s.set(p)
}

func (s *site) Register(_ context.Context, r clientagent.Registration) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outage != nil {
		return "", s.outage
	}
	if token, known := s.known[r.ClientID]; known && token != r.Token {
		return "", clientagent.ErrNotAuthorized
	}
	s.known[r.ClientID] = "token of " + r.ClientID
	return s.known[r.ClientID], nil
}

func (s *site) Policy(_ context.Context, token, etag string) (clientagent.Policy, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.polls++
	switch {
	case s.outage != nil:
		return clientagent.Policy{}, s.outage
	case !s.authorized(token):
		return clientagent.Policy{}, clientagent.ErrNotAuthorized
	case s.notReady:
		return clientagent.Policy{}, clientagent.ErrNotReady
	case etag == s.policy.ETag:
		return clientagent.Policy{}, clientagent.ErrNotModified
	}
	return s.policy, nil
}

func (s *site) authorized(token string) bool {
	for _, known := range s.known {
		if token == known {
			return true
		}
	}
	return false
}

var errLost = errors.New("the answer was lost")

func (s *site) Report(_ context.Context, token string, r compliance.Report) (compliance.Receipt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outage != nil {
		return compliance.Receipt{}, s.outage
	}
	if !s.authorized(token) {
		return compliance.Receipt{}, clientagent.ErrNotAuthorized
	}
	if err := r.Validate(); err != nil {
		s.breach = append(s.breach, err.Error())
	}
	s.reports = append(s.reports, r)
	if s.resync && !r.Full {
		s.resync = false
		return compliance.Receipt{Serial: s.serial, Resync: true}, nil
	}
	if r.Full {
		clear(s.current)
		s.serial = 0
		if len(r.Messages) > 0 {
			s.serial = r.Messages[0].Serial - 1
		}
	}
	for _, m := range r.Messages {
		if m.Serial <= s.serial {
			continue
		}
		if m.Serial != s.serial+1 {
			s.breach = append(s.breach, fmt.Sprintf("serial %d came after %d", m.Serial, s.serial))
			return compliance.Receipt{Serial: s.serial, Resync: true}, nil
		}
		s.serial = m.Serial
		s.current[topicOf(m)] = m
		s.history = append(s.history, fmt.Sprintf("%s=%d", topicOf(m), m.StateID))
	}
	if s.lose {
		return compliance.Receipt{}, errLost
	}
	return compliance.Receipt{Serial: s.serial}, nil
}

func topicOf(m compliance.Message) string {
	return fmt.Sprintf("%d/%s", m.Topic.Type, strings.ToLower(m.Topic.ID))
}

// state is the state that was last told of a topic; -1 is none.
func (s *site) state(topic compliance.TopicType, id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.current[fmt.Sprintf("%d/%s", topic, id)]
	if !ok {
		return -1
	}
	return m.StateID
}

func (s *site) update(name string) compliance.State {
	if state := s.state(compliance.UpdateDetection, updateID(name).String()); state >= 0 {
		return compliance.State(state)
	}
	return compliance.NotRequired
}

// deploy adds a deployment; a zero deadline makes it optional.
func (s *site) deploy(name string, start, deadline time.Time, updates ...string) uuid.UUID {
	d := clientagent.Deployment{ID: updateID("deployment " + name), Name: name, StartTime: start, EnforcementDeadline: deadline}
	for _, update := range updates {
		d.Updates = append(d.Updates, updateID(update))
	}
	s.change(func(p *clientagent.Policy) {
		p.Deployments = append(append([]clientagent.Deployment{}, p.Deployments...), d)
	})
	return d.ID
}
