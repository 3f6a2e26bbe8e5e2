package clientagent_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// simFleet are agents in one process that have scanned, all of one site and server. The scouts are like the others, but what they send is
// kept.
type simFleet struct {
	site      *simSite
	now       time.Time
	agents    []*clientagent.Agent
	scouts    []*clientagent.Agent
	tapes     []*wireTape // of the scouts
	published int
}

func newSimFleet(t testing.TB, agents, scouts int) *simFleet {
	f := &simFleet{now: simBegin()}
	var err error
	f.site, err = newSimSite(t.Context(), 1, func() time.Time { return f.now })
	require.NoError(t, err)
	catalog := make([]*simUpdate, 20)
	for i := range catalog {
		name := fmt.Sprintf("u%02d", i)
		catalog[i] = &simUpdate{name: name, id: updateID(name)}
	}
	require.NoError(t, f.site.publish(t.Context(), catalog))
	require.NoError(t, f.site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	for i := range scouts {
		tape := &wireTape{wire: simWire{f.site}}
		f.tapes = append(f.tapes, tape)
		f.scouts = append(f.scouts, f.newAgent(t, agents+i, tape))
	}
	require.NoError(t, scanAll(t.Context(), f.scouts))
	for i := range agents {
		f.agents = append(f.agents, f.newAgent(t, i, simWire{f.site}))
	}
	require.NoError(t, scanAll(t.Context(), f.agents))
	return f
}

func (f *simFleet) newAgent(t testing.TB, number int, wire http.RoundTripper) *clientagent.Agent {
	m := &simMachine{name: fmt.Sprintf("pc%05d.lab.example", number), keys: map[string]bool{}}
	for i := range 20 {
		m.keys[registryKey(fmt.Sprintf("wants u%02d", i))] = (i+number)%3 > 0
	}
	client := &http.Client{Transport: wire}
	agent, err := clientagent.New(clientagent.Config{Site: clientagent.HTTPWith("http://"+simServer+":8530", client), Machine: m,
		Store: clientagent.Memory(), Cache: content.Memory(), HTTPClient: client, Now: func() time.Time { return f.now },
		ClientID: uuid.NewSHA1(uuid.NameSpaceOID, []byte(m.name)).String()})
	require.NoError(t, err)
	return agent
}

// publish has one more update published, two days later, and the scouts scan for it.
func (f *simFleet) publish(t testing.TB) {
	f.now = f.now.Add(48 * time.Hour)
	name := fmt.Sprintf("more%02d", f.published)
	f.published++
	require.NoError(t, f.site.publish(t.Context(), []*simUpdate{{name: name, id: updateID(name)}}))
	for _, tape := range f.tapes {
		tape.taken = nil
	}
	require.NoError(t, scanAll(t.Context(), f.scouts))
}

func scanAll(ctx context.Context, agents []*clientagent.Agent) error {
	return onAllCores(len(agents), func(i int) error { _, err := agents[i].Scan(ctx); return err })
}

// again sends what the scouts sent, so many times, and makes nothing of the answers.
func (f *simFleet) again(ctx context.Context, times int, to func(exchange) http.RoundTripper) error {
	return onAllCores(times*len(f.tapes), func(i int) error {
		for _, x := range f.tapes[i%len(f.tapes)].taken {
			if err := x.again(ctx, to(x)); err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkDeltaScans has 10,000 agents in one process scan again after one update was published, all against one server, on all cores. Beside
// it, in the same run, all that the agents of a sample send in such a scan, sent again over the same wire: to a bare handler that reads it all
// and answers as many bytes, and to the server, whose part in a scan that is.
func BenchmarkDeltaScans(b *testing.B) {
	const agents, scouts = 10_000, 100
	before := heap()
	f := newSimFleet(b, agents, scouts)
	idle := float64(heap()-before) / (agents + scouts)
	var own, server, bare timed
	for b.Loop() {
		f.publish(b)
		own.run(agents, func() { require.NoError(b, scanAll(b.Context(), f.agents)) })
		server.run(10*scouts, func() { require.NoError(b, f.again(b.Context(), 10, f.toServer)) })
		bare.run(100*scouts, func() { require.NoError(b, f.again(b.Context(), 100, toBare)) })
	}
	b.ReportMetric(own.rate(), "scans/s")
	b.ReportMetric(own.each(), "ns/scan")
	b.ReportMetric(own.each()/server.each(), "x-server")
	b.ReportMetric(own.each()/bare.each(), "x-bare")
	b.ReportMetric(bare.each(), "bare-ns/scan")
	b.ReportMetric(float64(len(f.tapes[0].taken)), "requests/scan")
	b.ReportMetric(idle, "B/agent+server")
	b.ReportMetric(0, "ns/op") // that of all agents, the sample and the limits together says nothing
}

func (f *simFleet) toServer(exchange) http.RoundTripper { return simWire{f.site} }

func toBare(x exchange) http.RoundTripper { return handlerWire{&bareHandler{size: len(x.answer)}} }

// The limits of a delta scan do its work: each request of the scan is sent again, the server answers as much as it did, and the bare handler
// reads all and answers as many bytes. What is sent is a delta: it has the new update in its answer, and only that.
func TestDeltaScanLimits(t *testing.T) {
	f := newSimFleet(t, 1, 3)
	f.publish(t)
	for _, tape := range f.tapes {
		require.NotEmpty(t, tape.taken)
		require.LessOrEqual(t, len(tape.taken), 6)
		updates := 0
		for _, x := range tape.taken {
			updates += strings.Count(x.answer, "<UpdateInfo>")
			require.Equal(t, http.StatusOK, x.status)
			bare := &bareHandler{size: len(x.answer)}
			for _, wire := range []http.RoundTripper{f.toServer(x), handlerWire{bare}} {
				tape := &wireTape{wire: wire}
				require.NoError(t, x.again(t.Context(), tape))
				require.Len(t, tape.taken, 1)
				again := tape.taken[0]
				require.Equal(t, []any{x.method, x.url, x.header, x.body, x.status}, []any{again.method, again.url, again.header, again.body, again.status})
				require.Len(t, again.answer, len(x.answer), "the answers have cookies that differ, but not in length")
			}
			require.Equal(t, len(x.body), bare.read)
		}
		require.Equal(t, 1, updates)
	}
}
