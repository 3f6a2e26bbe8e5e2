package wsustest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/examples/site/catalog"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// The table of states was made by hand, for machines that are evaluated by another agent.
func TestAgentAgainstTheTable(t *testing.T) {
	ctx := context.Background()
	server := sampleServer(t, nil)
	approveAll(t, server)
	over := httptest.NewServer(server)
	defer over.Close()
	rows, err := catalog.Table()
	require.NoError(t, err)
	for _, model := range []string{"windows10-22h2", "windows11-24h2", "server2022"} {
		t.Run(model, func(t *testing.T) {
			computer := wsustest.Computer{ClientID: model, Facts: machine(t, model)}
			agent, err := wsustest.NewAgent(over.URL, over.Client(), computer)
			require.NoError(t, err)
			scan, err := agent.Scan(ctx)
			require.NoError(t, err)
			require.NotEmpty(t, scan.New)
			require.Empty(t, agent.Findings())

			byID := map[string]applicability.State{}
			var files []int32
			for _, r := range agent.Cache() {
				state, err := agent.Evaluate(ctx, r)
				require.NoError(t, err)
				byID[r.Core().UpdateID.String()] = state
			}
			for _, row := range rows {
				want, got := row.Before[model], byID[row.ID.String()]
				require.Equal(t, want == catalog.Installed, got == applicability.Installed, "%s is %v, want %s", row.Title, got, want)
				if want == catalog.Required {
					require.Equal(t, applicability.Required, got, row.Title)
				}
			}
			needed, err := agent.Needed(ctx)
			require.NoError(t, err)
			for _, r := range needed {
				files = append(files, r.ID)
			}
			downloaded, err := agent.Download(ctx, files...)
			require.NoError(t, err)
			require.Empty(t, downloaded.Failed)
			require.NotZero(t, downloaded.Files)
			require.NoError(t, agent.ReportScan(ctx))
			require.NoError(t, agent.Report(ctx))
			require.Zero(t, agent.PendingEvents())
			require.Empty(t, agent.Findings())

			// A restart in between: the second scan costs one trip, or two with the driver pass, and brings nothing.
			text, err := json.Marshal(agent.State())
			require.NoError(t, err)
			var state wsustest.State
			require.NoError(t, json.Unmarshal(text, &state))
			again, err := wsustest.NewAgent(over.URL, over.Client(), computer)
			require.NoError(t, err)
			require.NoError(t, again.Restore(state))
			scan, err = again.Scan(ctx)
			require.NoError(t, err)
			require.Equal(t, wsustest.Scan{Trips: 1}, scan)
			require.Empty(t, again.Findings())
		})
	}
}

// TestEachScanHasItsTrips lets an agent use all its round trips up for other things, and counts what each kind of scan makes.
func TestEachScanHasItsTrips(t *testing.T) {
	ctx := context.Background()
	server := sampleServer(t, nil)
	counted := &wsustest.Chaos{Next: inProcess{server}} // which spoils nothing
	agent, err := wsustest.NewAgent(address, &http.Client{Transport: counted}, wsustest.Computer{ClientID: "pc1"})
	require.NoError(t, err)
	rows, err := catalog.Table()
	require.NoError(t, err)
	for _, scan := range []func() (wsustest.Scan, error){
		func() (wsustest.Scan, error) { return agent.ScanCategories(ctx, rows[0].ID) },
		func() (wsustest.Scan, error) { return agent.Scan(ctx) },
		func() (wsustest.Scan, error) { return agent.ScanCategories(ctx, rows[0].ID) },
	} {
		before := counted.Counts().Requests
		done, err := scan()
		require.NoError(t, err)
		require.Equal(t, counted.Counts().Requests-before, done.Trips)
		for err = nil; err == nil; _, err = agent.Describe(ctx, 1) {
		}
		require.ErrorIs(t, err, clientsync.ErrTooManyTrips)
	}
}

func TestNewAgentRefuses(t *testing.T) {
	_, err := wsustest.NewAgent(address, http.DefaultClient, wsustest.Computer{MaxTrips: -1, MaxPage: -2})
	require.ErrorContains(t, err, "ClientID is missing")
	require.ErrorContains(t, err, "MaxTrips is -1")
	require.ErrorContains(t, err, "MaxPage is -2")
	_, err = wsustest.NewAgent("wsus.test", nil, wsustest.Computer{ClientID: "pc1"})
	require.ErrorContains(t, err, "base URL")
}

// TestAgentEndsWhenAServerDoesNot keeps a server that always has more from filling the memory.
func TestAgentEndsWhenAServerDoesNot(t *testing.T) {
	next := 1_000_000
	endless := rewriting(func(x *exchange) {
		u := first(x.answer, "UpdateInfo")
		if u == "" {
			return
		}
		next++
		another := regexp.MustCompile(`<ID>\d+</ID><Dep`).ReplaceAllString(u, fmt.Sprintf("<ID>%d</ID><Dep", next))
		x.answer = strings.Replace(strings.Replace(x.answer, u, u+another, 1), "<Truncated>false", "<Truncated>true", 1)
	}, "SyncUpdates")(sampleServer(t, nil))
	agent, err := wsustest.NewAgent(address, &http.Client{Transport: inProcess{endless}}, wsustest.Computer{ClientID: "pc1"})
	require.NoError(t, err)
	agent.LimitCache(60)
	_, err = agent.Scan(context.Background())
	require.ErrorContains(t, err, "more than an agent keeps")
	require.Less(t, len(agent.Cache()), 120)
}
