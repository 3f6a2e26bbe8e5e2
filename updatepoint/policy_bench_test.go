package updatepoint_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// pollSite is a site with so many deployments of so many updates, and a client that holds its policy.
func pollSite(t testing.TB, deployments, updates int) (site *updatepoint.Site, token string, held clientagent.Policy) {
	site, _ = newSite(t, updatepoint.MixedMode)
	var offered []updatepoint.Update
	var ids []uuid.UUID
	for i := range updates {
		offered = append(offered, update(byte(i+1), fmt.Sprint("Update ", i)))
		ids = append(ids, id(byte(i+1)))
	}
	withPoint(t, site, offered...)
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	for i := range deployments {
		_, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: fmt.Sprint("d", i), Updates: ids, Collection: updatepoint.AllSystems})
		require.NoError(t, err)
	}
	token, err := updatepoint.InProcess(site).Register(t.Context(), clientagent.Registration{ClientID: pc1, Name: "pc1"})
	require.NoError(t, err)
	held, err = updatepoint.InProcess(site).Policy(t.Context(), token, "")
	require.NoError(t, err)
	return site, token, held
}

// BenchmarkPollUnchangedPolicy measures what a client asks every hour, with 50 deployments of 200 updates behind it; beside it, in the same run
// and in turns, the bare check of a token.
func BenchmarkPollUnchangedPolicy(b *testing.B) {
	site, token, held := pollSite(b, 50, 200)
	way := updatepoint.InProcess(site)
	check := bareCheck{secret: make([]byte, sha256.Size)}
	sealed := check.seal(make([]byte, bareBody))
	poll := func() {
		if _, err := way.Policy(b.Context(), token, held.ETag); !errors.Is(err, clientagent.ErrNotModified) {
			b.Fatal(err)
		}
	}
	var own, bare timed
	for b.Loop() {
		own.run(pollTurn, poll)
		bare.run(pollTurn, func() {
			if !check.holds(sealed) {
				b.Fatal("the token is not good")
			}
		})
	}
	own.beside(b, &bare)
	b.ReportMetric(testing.AllocsPerRun(100, poll), "own-allocs")
}

// pollTurn is how many polls are made before it is the other's turn.
const pollTurn = 100

// BenchmarkPollUnchangedPolicyHTTP is the same through the handler; beside it, in the same run and in turns, a bare handler that answers 304.
func BenchmarkPollUnchangedPolicyHTTP(b *testing.B) {
	site, token, held := pollSite(b, 50, 200)
	request := pollRequest(b, token, held.ETag)
	poll := func(handler http.Handler) func() {
		return func() {
			w := httptest.NewRecorder()
			if handler.ServeHTTP(w, request); w.Code != http.StatusNotModified {
				b.Fatal(w.Code)
			}
		}
	}
	served, least := poll(site.Handler()), poll(&bareNotModified{})
	var own, bare timed
	for b.Loop() {
		own.run(pollTurn, served)
		bare.run(pollTurn, least)
	}
	own.beside(b, &bare)
	b.ReportMetric(testing.AllocsPerRun(100, served), "own-allocs")
	b.ReportMetric(testing.AllocsPerRun(100, least), "bare-allocs")
}

func pollRequest(t testing.TB, token, etag string) *http.Request {
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, clientagent.PolicyPath, nil)
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("If-None-Match", `"`+etag+`"`)
	return request
}

// The cost of an unchanged poll does not grow with the policy: so many allocations are the check of the token and the answer.
func TestUnchangedPollCostsAlmostNothing(t *testing.T) {
	for _, size := range []int{1, 50} {
		site, token, held := pollSite(t, size, 4*size)
		handler, request := site.Handler(), pollRequest(t, token, held.ETag)
		polls := testing.AllocsPerRun(100, func() {
			w := httptest.NewRecorder()
			if handler.ServeHTTP(w, request); w.Code != http.StatusNotModified {
				t.Error(w.Code)
			}
		})
		require.LessOrEqual(t, polls, 30.0, "%d deployments", size)
	}
}
