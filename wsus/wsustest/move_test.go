package wsustest_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// switched is an address behind which another server can stand.
type switched struct{ handler http.Handler }

func (s *switched) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// TestServerChanged puts another server with other revision ids behind the same address. The agent maps its cache and ends as a new one would.
func TestServerChanged(t *testing.T) {
	ctx := context.Background()
	behind := &switched{sampleServer(t, nil)}
	newAgent := func(id string) *wsustest.Agent {
		agent, err := wsustest.NewAgent(address, &http.Client{Transport: inProcess{behind}}, wsustest.Computer{ClientID: id, Facts: machine(t, "windows11-24h2")})
		require.NoError(t, err)
		return agent
	}
	agent := newAgent("moved")
	_, err := agent.Scan(ctx)
	require.NoError(t, err)
	idBefore := agent.Cache()[len(agent.Cache())-1].ID

	// The second server has met 20 other updates first, so that the same update has another id there.
	second := sampleServerAfter(t, 20)
	behind.handler = second
	var codes []clientsync.FaultCode
	agent.Session().Recovered = func(r clientsync.Recovery) { codes = append(codes, r.Fault.Code) }
	scan, err := agent.Scan(ctx)
	require.NoError(t, err)
	require.Len(t, codes, 1)
	require.Contains(t, []clientsync.FaultCode{clientsync.InvalidCookie, clientsync.ServerChanged}, codes[0])
	require.Empty(t, agent.Findings())
	fresh := newAgent("fresh")
	whole, err := fresh.Scan(ctx)
	require.NoError(t, err)
	require.Less(t, len(scan.New), len(whole.New), "what the cache has is not sent again")
	require.Equal(t, revisions(fresh), revisions(agent))
	require.NotEqual(t, idBefore, agent.Cache()[len(agent.Cache())-1].ID)
}

func revisions(a *wsustest.Agent) map[int32]clientsync.UpdateIdentity {
	all := map[int32]clientsync.UpdateIdentity{}
	for _, r := range a.Cache() {
		all[r.ID] = r.Identity()
	}
	return all
}

func sampleServerAfter(t *testing.T, others int) *wsus.Server {
	t.Helper()
	var samples []sample
	for n := range others {
		samples = append(samples, sample{n: n + 1, revision: 1, kind: "Detectoid"})
	}
	return sampleServer(t, nil, samples...)
}

// TestCookieLife lets cookies expire between scans, and in the middle of one.
func TestCookieLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		server := sampleServer(t, func(c *wsus.Config) { c.PageSize = 2 })
		slow := &wsustest.Chaos{Next: inProcess{server}, Delay: 1, MaxDelay: 10 * time.Minute, Seed: 3}
		agent, err := wsustest.NewAgent(address, &http.Client{Transport: slow}, wsustest.Computer{ClientID: "slow", Facts: machine(t, "server2022")})
		require.NoError(t, err)
		start := time.Now()
		_, err = agent.Scan(ctx)
		require.NoError(t, err)
		require.Greater(t, time.Since(start), 2*time.Hour, "several cookies were used up")
		require.Empty(t, agent.Findings())
		cached := len(agent.Cache())
		slow.Delay = 0
		time.Sleep(24 * time.Hour)
		scan, err := agent.Scan(ctx)
		require.NoError(t, err)
		require.Empty(t, scan.New)
		require.Empty(t, scan.Changed, "the old cookie says what was seen")
		require.Len(t, agent.Cache(), cached)
	})
}
