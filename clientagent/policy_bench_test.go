package clientagent_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// polling is an agent whose policy has so many optional deployments of so many updates, at the moment of its next poll.
func polling(t testing.TB, deployments, updates int) *lab {
	l := newLab(t, leaf("a"))
	l.site.change(func(p *clientagent.Policy) {
		for i := range deployments {
			d := clientagent.Deployment{ID: updateID(fmt.Sprint("deployment ", i)), Name: fmt.Sprint("d", i), StartTime: l.now.AddDate(1, 0, 0)}
			for j := range updates {
				d.Updates = append(d.Updates, uuid.UUID{byte(i), byte(j), byte(j >> 8), 6: 0x40, 8: 0x80})
			}
			p.Deployments = append(p.Deployments, d)
		}
	})
	l.pass(3 * time.Hour)
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	l.now = status.NextPolicy
	return l
}

// barePoll is the limit of a poll: the question to the site and its answer that nothing has changed, and what such a step reads and writes.
func (l *lab) barePoll(token string, tape *storeTape, store clientagent.Store) error {
	_, err := l.site.Policy(l.Context(), token, l.site.policy.ETag)
	tape.again(l.Context(), store)
	return err
}

// token is what the only client of the site got when it registered.
func (l *lab) token() string {
	l.Helper()
	require.Len(l, l.site.known, 1)
	return slices.Collect(maps.Values(l.site.known))[0]
}

// tapePoll is what a poll that finds nothing changed asks of the store.
func tapePoll(l *lab) *storeTape {
	return l.tape(func() {
		l.step()
		l.now = l.now.Add(time.Hour)
	})
}

// BenchmarkUnchangedPoll measures a step that polls a policy of 20 deployments of 100 updates, and finds it unchanged; beside it, in the same
// run and in turns, the limit: the bare poll of the site, and the bare reads and writes. Steps that scan besides, once a week, are not counted.
func BenchmarkUnchangedPoll(b *testing.B) {
	l := polling(b, 20, 100)
	token, tape, store := l.token(), tapePoll(l), l.copied()
	var own, bare timed
	for b.Loop() {
		l.site.reports, l.server.syncs = nil, nil
		var step timed
		step.run(1, func() {
			if _, err := l.agent.Step(b.Context(), l.now); err != nil {
				b.Fatal(err)
			}
		})
		if len(l.server.syncs) == 0 {
			own.total, own.calls = own.total+step.total, own.calls+1
		}
		l.now = l.now.Add(time.Hour)
		bare.run(1, func() {
			if err := l.barePoll(token, tape, store); !errors.Is(err, clientagent.ErrNotModified) {
				b.Fatal(err)
			}
		})
	}
	b.ReportMetric(own.each(), "ns/op")
	b.ReportMetric(float64(len(tape.calls)), "calls")
	b.ReportMetric(bare.each(), "bare-ns/op")
	b.ReportMetric(own.each()/bare.each(), "x-bare")
}

// The limit polls once as a step does, gets the same answer, and reads and writes the same bytes.
func TestUnchangedPollLimit(t *testing.T) {
	l := polling(t, 20, 100)
	tape, again := tapePoll(l), &storeTape{Store: l.copied()}
	require.Positive(t, tape.read)
	require.Positive(t, tape.written)
	before := l.site.polls
	l.step()
	require.Equal(t, before+1, l.site.polls)
	require.ErrorIs(t, l.barePoll(l.token(), tape, again), clientagent.ErrNotModified)
	require.Equal(t, before+2, l.site.polls)
	require.Equal(t, tape.calls, again.calls)
	require.Equal(t, tape.read, again.read)
	require.Equal(t, tape.written, again.written)
}

// What a poll of an unchanged policy takes does not grow with the deployments in it.
func TestUnchangedPollCostsAlmostNothing(t *testing.T) {
	for _, size := range []int{1, 30} {
		l := polling(t, size, 50)
		store := &countingStore{Store: l.store}
		l.config.Store = store
		l.start()
		l.step() // the first look of a process
		reads := 0
		for range 10 {
			l.now = l.now.Add(time.Hour)
			store.gets, store.puts = 0, 0
			l.step()
			reads = max(reads, store.gets)
			require.LessOrEqual(t, store.puts, 2, "the cycle of the poll and that of the state messages")
		}
		require.LessOrEqual(t, reads, 16, "%d deployments of 50 updates", size)
	}
}

// countingStore counts the calls.
type countingStore struct {
	clientagent.Store
	gets, puts int
}

func (c *countingStore) Get(ctx context.Context, key string) ([]byte, error) {
	c.gets++
	return c.Store.Get(ctx, key)
}

func (c *countingStore) Put(ctx context.Context, records map[string][]byte) error {
	c.puts++
	return c.Store.Put(ctx, records)
}

// Deployments that rest are looked at again as soon as anything has changed: the policy, what a scan found, and the hand of the user.
func TestRestingDeploymentsAreLookedAtAfterAnyChange(t *testing.T) {
	for name, change := range map[string]func(l *lab){
		"another deadline": func(l *lab) {
			l.site.change(func(p *clientagent.Policy) { p.Deployments[0].EnforcementDeadline = l.now.Add(30 * time.Minute) })
		},
		"new deployment": func(l *lab) { l.site.deploy("other", l.now, l.now, "a") },
		"new setting": func(l *lab) {
			l.site.change(func(p *clientagent.Policy) {
				p.Settings.BatchDeadlines, p.Settings.BatchingPeriod = true, 365*24*time.Hour
				p.Deployments = append(p.Deployments, clientagent.Deployment{ID: updateID("now"), Name: "now", StartTime: l.now,
					EnforcementDeadline: l.now, Updates: []uuid.UUID{updateID("b")}})
			})
		},
		"user":     func(l *lab) { require.NoError(l, l.agent.Install(l.Context(), updateID("a"))) },
		"deadline": func(l *lab) { l.pass(48 * time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, leaf("a"), leaf("b"))
			l.site.deploy("d", l.now, l.now.Add(48*time.Hour), "a")
			l.pass(10 * time.Hour)
			require.False(t, l.machine.has("a"))
			change(l)
			l.pass(61 * time.Minute)
			require.True(t, l.machine.has("a"))
		})
	}
}
