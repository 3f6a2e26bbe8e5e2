package clientagent_test

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// lab is an agent with all that is around it. Time passes only by its hand, and its dice always fall the same.
type lab struct {
	testing.TB
	site    *site
	server  *server
	machine *machine
	store   clientagent.Store
	cache   content.Store
	agent   *clientagent.Agent
	now     time.Time
	config  clientagent.Config
}

func newLab(t testing.TB, catalog ...published) *lab {
	l := &lab{TB: t, site: newSite(), server: newServer(catalog...), machine: newMachine(), store: clientagent.Memory(),
		cache: content.Memory(), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	l.config = clientagent.Config{Site: l.site, Machine: l.machine, Store: l.store, Cache: l.cache,
		HTTPClient: &http.Client{Transport: l.server}, Now: func() time.Time { return l.now },
		Zone: time.UTC, Rand: rand.New(rand.NewPCG(1, 2))}
	l.server.clock = func() time.Time { return l.now }
	for _, p := range catalog {
		if p.kind == "" && len(p.bundles) == 0 {
			l.machine.want(p.name)
		}
	}
	l.start()
	return l
}

// start makes a new agent of the same store, as after a restart of the process.
func (l *lab) start() {
	l.Helper()
	agent, err := clientagent.New(l.config)
	require.NoError(l, err)
	l.agent = agent
}

// step steps the agent at the present time, and wants no failure.
func (l *lab) step() time.Time {
	l.Helper()
	next, err := l.agent.Step(l.Context(), l.now)
	require.NoError(l, err)
	require.True(l, next.After(l.now), "next step at %v, now is %v", next, l.now)
	return next
}

// pass lets time pass, stepping the agent whenever it wants to be stepped.
func (l *lab) pass(d time.Duration) {
	l.Helper()
	end := l.now.Add(d)
	for {
		next := l.step()
		if next.After(end) {
			l.now = end
			return
		}
		l.now = next
	}
}

// assignment is what was told of a deployment: topics 302, 300 and 301.
func (l *lab) assignment(id uuid.UUID) [3]int {
	return [3]int{l.site.state(compliance.AssignmentEvaluation, id.String()),
		l.site.state(compliance.AssignmentCompliance, id.String()), l.site.state(compliance.AssignmentEnforcement, id.String())}
}

func (l *lab) job(name string) int {
	return l.site.state(compliance.CIEnforcement, updateID(name).String())
}

// leaf is an update that is an end of its own, with content.
func leaf(name string) published {
	return published{name: name, deployable: true, leaf: true, file: []byte("content of " + name)}
}
