package clientagent_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Floors of BenchmarkDeltaScans, so low that a machine of two slow cores with other work is above them.
const (
	leastScansASecond = 25
	mostIdleBytes     = 64 << 10 // with its records and what site and server know of it; BenchmarkIdleAgents has the agent alone
)

// BenchmarkDeltaScans has 10,000 agents in one process that have scanned scan again after one update was published, all against one server: the
// time is that of all of them on all cores.
func BenchmarkDeltaScans(b *testing.B) {
	const agents = 10_000
	now := simBegin()
	site, err := newSimSite(b.Context(), 1, func() time.Time { return now })
	require.NoError(b, err)
	catalog := make([]*simUpdate, 20)
	for i := range catalog {
		name := fmt.Sprintf("u%02d", i)
		catalog[i] = &simUpdate{name: name, id: updateID(name)}
	}
	require.NoError(b, site.publish(b.Context(), catalog))
	require.NoError(b, site.EnableClientAgent(b.Context(), clientagent.DefaultSettings()))
	before := heap()
	fleet := make([]*clientagent.Agent, agents)
	for i := range fleet {
		fleet[i] = newBenchAgent(b, site, i, func() time.Time { return now })
	}
	scanAll(b, fleet)
	idle := (heap() - before) / agents
	published := 0
	for b.Loop() {
		b.StopTimer()
		now = now.Add(48 * time.Hour)
		name := fmt.Sprintf("more%02d", published)
		require.NoError(b, site.publish(b.Context(), []*simUpdate{{name: name, id: updateID(name)}}))
		published++
		b.StartTimer()
		scanAll(b, fleet)
	}
	rate := float64(agents*b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "scans/s")
	b.ReportMetric(float64(idle), "B/agent+server")
	if rate < leastScansASecond {
		b.Errorf("%.0f scans a second are less than %d", rate, leastScansASecond)
	}
	if idle > mostIdleBytes {
		b.Errorf("%d bytes for an idle agent, its records and what the server knows of it are more than %d", idle, mostIdleBytes)
	}
}

func newBenchAgent(b *testing.B, site *simSite, number int, clock func() time.Time) *clientagent.Agent {
	m := &simMachine{name: fmt.Sprintf("pc%05d.lab.example", number), keys: map[string]bool{}}
	for i := range 20 {
		m.keys[registryKey(fmt.Sprintf("wants u%02d", i))] = (i+number)%3 > 0
	}
	client := &http.Client{Transport: simWire{site}}
	agent, err := clientagent.New(clientagent.Config{Site: clientagent.HTTPWith("http://"+simServer+":8530", client), Machine: m,
		Store: clientagent.Memory(), Cache: content.Memory(), HTTPClient: client, Now: clock,
		ClientID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(m.name)).String()})
	require.NoError(b, err)
	return agent
}

// scanAll scans with as many agents at a time as there are cores.
func scanAll(b *testing.B, fleet []*clientagent.Agent) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, agent := range fleet {
		group.Go(func() error { _, err := agent.Scan(b.Context()); return err })
	}
	require.NoError(b, group.Wait())
}

// simWire carries requests to a site and its server, and loses none.
type simWire struct{ site *simSite }

func (w simWire) RoundTrip(r *http.Request) (*http.Response, error) {
	handler := w.site.updates
	if strings.HasPrefix(r.URL.Path, "/SMS_MP/") {
		handler = w.site.management
	}
	answer := &simRecorder{header: http.Header{}, status: http.StatusOK}
	if r.Body == nil {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	handler.ServeHTTP(answer, r)
	return answer.response(r), nil
}
