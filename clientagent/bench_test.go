package clientagent_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// BenchmarkIdleAgents measures what an agent that has scanned and waits takes in memory, its records included and apart: the limit
// that the design sets itself is 32 KB for an agent, its records aside.
func BenchmarkIdleAgents(b *testing.B) {
	const agents = 2000
	for b.Loop() {
		records, whole := idleAgents(b, agents)
		b.ReportMetric(float64(whole-records)/agents, "B/agent")
		b.ReportMetric(float64(records)/agents, "B/records")
		b.ReportMetric(32<<10, "B/limit")
	}
}

// idleAgents is the heap that agents take, and how much of it their stores.
func idleAgents(b *testing.B, count int) (records, whole uint64) {
	l := newLab(b, levels()...)
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
		require.NoError(b, err)
		_, err = agent.Scan(b.Context())
		require.NoError(b, err)
		_, err = agent.Step(b.Context(), l.now)
		require.NoError(b, err)
		keep, stores = append(keep, agent), append(stores, store)
	}
	l.server.events, l.server.syncs, l.site.reports, l.site.history = nil, nil, nil, nil
	whole = heap() - before
	for _, store := range stores {
		for record := range store.List(b.Context(), "") {
			records += uint64(len(record.Key) + len(record.Value))
		}
	}
	runtime.KeepAlive(keep)
	return records, whole
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkStep measures a step with nothing due, which a queue of many agents takes all day.
func BenchmarkStep(b *testing.B) {
	l := newLab(b, leaf("a"))
	for range 10 {
		next, err := l.agent.Step(b.Context(), l.now)
		require.NoError(b, err)
		l.now = next
	}
	l.now = l.now.Add(-time.Second)
	for b.Loop() {
		if _, err := l.agent.Step(b.Context(), l.now); err != nil {
			b.Fatal(err)
		}
	}
}
