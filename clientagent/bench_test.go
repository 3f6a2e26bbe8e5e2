package clientagent_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// mostAgentBytes is the limit that the design sets itself for the memory of an agent that waits, its records aside.
const mostAgentBytes = 32 << 10

// BenchmarkIdleAgents measures what an agent that has scanned and waits takes in memory, its records apart; beside it the limit, and how much
// of the limit that is.
func BenchmarkIdleAgents(b *testing.B) {
	const agents = 2000
	for b.Loop() {
		records, agent := idleAgents(b, agents)
		b.ReportMetric(agent, "B/agent")
		b.ReportMetric(records, "B/records")
		b.ReportMetric(mostAgentBytes, "B/limit")
		b.ReportMetric(agent/mostAgentBytes, "x-limit")
	}
}

// The limit holds, and what is held to it is the memory of agents that really have scanned and keep their records.
func TestIdleAgentLimit(t *testing.T) {
	records, agent := idleAgents(t, 60)
	require.Greater(t, records, 1000.0, "the records of a scan of the whole catalogue")
	require.Greater(t, agent, 500.0, "an agent is more than its records")
	require.Less(t, agent, float64(mostAgentBytes))
}

// idleAgents is what each of so many agents takes of the heap, and each of their stores in bytes of records.
func idleAgents(t testing.TB, count int) (records, agent float64) {
	l := newLab(t, levels()...)
	l.machine.set("windows", true)
	l.machine.set("x64", true)
	var keep []*clientagent.Agent
	var stores []*clientagent.MemoryStore
	before := heap()
	for i := range count {
		store := clientagent.Memory()
		config := l.config
		config.Store, config.ClientID = store, fmt.Sprint("client-", i)
		agent, err := clientagent.New(config)
		require.NoError(t, err)
		_, err = agent.Scan(t.Context())
		require.NoError(t, err)
		_, err = agent.Step(t.Context(), l.now)
		require.NoError(t, err)
		keep, stores = append(keep, agent), append(stores, store)
	}
	l.server.events, l.server.syncs, l.site.reports, l.site.history = nil, nil, nil, nil
	whole := float64(heap()) - float64(before)
	for _, store := range stores {
		for record := range store.List(t.Context(), "") {
			records += float64(len(record.Key) + len(record.Value))
		}
	}
	runtime.KeepAlive(keep)
	return records / float64(count), (whole - records) / float64(count)
}

// heap collects twice: what lies in pools survives once.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// resting is an agent one second before it wants to be stepped.
func resting(t testing.TB) *lab {
	l := newLab(t, leaf("a"))
	for range 10 {
		l.now = l.step()
	}
	l.now = l.now.Add(-time.Second)
	return l
}

// BenchmarkStep measures a step with nothing due, which a queue of many agents takes all day; beside it, in the same run and in turns, what
// such a step asks of its store, asked with nothing made of the answers.
func BenchmarkStep(b *testing.B) {
	l := resting(b)
	step := func() {
		if _, err := l.agent.Step(b.Context(), l.now); err != nil {
			b.Fatal(err)
		}
	}
	tape := l.tape(step)
	const turn = 50
	var own, reads timed
	for b.Loop() {
		own.run(turn, func() {
			for range turn {
				step()
			}
		})
		reads.run(turn, func() {
			for range turn {
				tape.again(b.Context(), l.store)
			}
		})
	}
	b.ReportMetric(own.each(), "ns/op")
	b.ReportMetric(own.rate(), "steps/s")
	b.ReportMetric(float64(len(tape.calls)), "reads")
	b.ReportMetric(reads.each(), "reads-ns/op")
	b.ReportMetric(own.each()/reads.each(), "x-reads")
}

// A step with nothing due reads a few records and writes none, and its limit reads the same ones to the last byte.
func TestStepLimit(t *testing.T) {
	l := resting(t)
	tape := l.tape(func() { l.step() })
	require.NotEmpty(t, tape.calls)
	require.LessOrEqual(t, len(tape.calls), 12)
	require.Positive(t, tape.read)
	require.Zero(t, tape.written)
	again := &storeTape{Store: l.store}
	tape.again(t.Context(), again)
	require.Equal(t, tape.calls, again.calls)
	require.Equal(t, tape.read, again.read)
}
