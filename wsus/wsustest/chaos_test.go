package wsustest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus/wsustest"
)

// ask says what became of one request, in a word.
func ask(client *http.Client, n int) string {
	response, err := client.Post(fmt.Sprintf("%s/%d", address, n), "text/plain", strings.NewReader("body"))
	if err != nil {
		return "lost"
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil {
		return fmt.Sprintf("cut at %d", len(body))
	}
	return "whole"
}

// TestChaosBySeed wants what one seed does to be done again, and the counters to say what the server and the client saw.
func TestChaosBySeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		run := func(seed uint64) (outcomes []string, served int, counts wsustest.ChaosCounts, took time.Duration) {
			server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				require.Equal(t, "body", string(body), "a duplicate is whole")
				served++
				_, _ = io.WriteString(w, strings.Repeat("x", 1000))
			})
			chaos := &wsustest.Chaos{Next: inProcess{server}, Seed: seed, Drop: 0.1, DropAnswer: 0.1, Duplicate: 0.1, Truncate: 0.1, Delay: 0.1,
				Reorder: 0.1, MaxDelay: time.Hour}
			start := time.Now()
			for n := range 300 {
				outcomes = append(outcomes, ask(&http.Client{Transport: chaos}, n))
			}
			return outcomes, served, chaos.Counts(), time.Since(start)
		}
		first, served, counts, took := run(7)
		again, _, countsAgain, tookAgain := run(7)
		require.Equal(t, first, again)
		require.Equal(t, counts, countsAgain)
		require.Equal(t, took, tookAgain)
		other, _, _, _ := run(8)
		require.NotEqual(t, first, other)

		lost, cut := 0, 0
		for _, outcome := range first {
			switch {
			case outcome == "lost":
				lost++
			case strings.HasPrefix(outcome, "cut"):
				cut++
			}
		}
		require.Equal(t, 300, counts.Requests)
		require.Equal(t, lost, counts.Dropped+counts.AnswersDropped)
		require.Equal(t, cut, counts.Truncated)
		require.Equal(t, 300-counts.Dropped+counts.Duplicated, served)
		for _, n := range []int{counts.Dropped, counts.AnswersDropped, counts.Duplicated, counts.Truncated, counts.Delayed, counts.Reordered} {
			require.InDelta(t, 30, n, 20)
		}
		require.GreaterOrEqual(t, took, time.Duration(counts.Reordered)*time.Hour, "nobody overtook, so the held ones waited to the end")
	})
}

// TestChaosReorders wants a request that is held back to arrive after one that came later.
func TestChaosReorders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var arrived []string
		server := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			arrived = append(arrived, r.URL.Path)
		})
		chaos := &wsustest.Chaos{Next: inProcess{server}, Reorder: 0.5, MaxDelay: time.Hour}
		// Which requests a seed holds back is found by trying: the first, and not the second.
		for ; ; chaos.Seed++ {
			trial := &wsustest.Chaos{Next: inProcess{server}, Reorder: 0.5, Seed: chaos.Seed}
			ask(&http.Client{Transport: trial}, 1)
			held := trial.Counts().Reordered
			ask(&http.Client{Transport: trial}, 2)
			if held == 1 && trial.Counts().Reordered == 1 {
				break
			}
		}
		arrived = nil
		start := time.Now()
		var both sync.WaitGroup
		both.Go(func() { ask(&http.Client{Transport: chaos}, 1) })
		synctest.Wait()
		both.Go(func() { ask(&http.Client{Transport: chaos}, 2) })
		both.Wait()
		require.Equal(t, []string{"/2", "/1"}, arrived)
		require.Zero(t, time.Since(start), "being overtaken ends the wait")
	})
}

// TestChaosIsNoFaultOfTheServer lets an agent do everything over a bad connection. It gets through, in pieces, and blames nobody.
func TestChaosIsNoFaultOfTheServer(t *testing.T) {
	ctx := context.Background()
	server := sampleServer(t, nil)
	chaos := &wsustest.Chaos{Next: inProcess{server}, Seed: 11, Drop: 0.05, DropAnswer: 0.05, Truncate: 0.05, Duplicate: 0.1}
	agent, err := wsustest.NewAgent(address, &http.Client{Transport: chaos}, wsustest.Computer{ClientID: "pc1"})
	require.NoError(t, err)
	insist := func(what string, do func() error) {
		t.Helper()
		for try := 0; do() != nil; try++ {
			require.Less(t, try, 100, "%s does not get through", what)
		}
	}
	insist("the scan", func() error { _, err := agent.Scan(ctx); return err })
	left := map[int32]bool{}
	for _, r := range agent.Cache() {
		left[r.ID] = true
	}
	insist("the download", func() error {
		downloaded, err := agent.Download(ctx, slices.Collect(maps.Keys(left))...)
		if err != nil {
			return err
		}
		for id := range left {
			if downloaded.Failed[id] == nil {
				delete(left, id)
			}
		}
		return errors.Join(slices.Collect(maps.Values(downloaded.Failed))...)
	})
	for range 20 {
		require.NoError(t, agent.ReportScan(ctx))
		for _, r := range agent.Cache() {
			agent.ReportInstall(r, 0)
		}
	}
	queued := agent.PendingEvents()
	require.Greater(t, queued, 5000)
	require.Error(t, agent.Report(ctx), "the connection is too bad for all of them at once")
	require.Less(t, agent.PendingEvents(), queued, "what was taken is not sent again")
	insist("the report", func() error { return agent.Report(ctx) })
	require.Zero(t, agent.PendingEvents())
	require.Empty(t, agent.Findings())
}

// TestRoundTrippersLeaveTheRequest holds to the contract of http.RoundTripper: the request may be read and closed, not changed.
func TestRoundTrippersLeaveTheRequest(t *testing.T) {
	for _, way := range []http.RoundTripper{&wsustest.Chaos{Next: inProcess{http.NotFoundHandler()}},
		&wsustest.Recorder{Next: inProcess{http.NotFoundHandler()}, Output: io.Discard}, wsustest.NewReplay(nil)} {
		body := &closing{Reader: strings.NewReader("body")}
		request, err := http.NewRequest(http.MethodPost, address, body)
		require.NoError(t, err)
		if response, err := way.RoundTrip(request); err == nil {
			require.NoError(t, response.Body.Close())
		}
		require.Same(t, body, request.Body)
		require.True(t, body.closed)
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

func TestChaosKeepsToTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		require.NoError(t, err)
		_, err = (&wsustest.Chaos{Next: inProcess{http.NotFoundHandler()}, Reorder: 1, MaxDelay: time.Hour}).RoundTrip(request)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}
