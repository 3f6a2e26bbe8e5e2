package clientagent_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// garbling is a site that answers nonsense for a while.
type garbling struct {
	*site
	receipt *compliance.Receipt
	etag    string
}

func (g *garbling) Policy(ctx context.Context, token, etag string) (clientagent.Policy, error) {
	if strings.ContainsAny(etag, "\"\n\x00 ") || len(etag) > 4096 {
		return clientagent.Policy{}, fmt.Errorf("invalid header field value for If-None-Match") // as net/http answers
	}
	p, err := g.site.Policy(ctx, token, etag)
	if g.etag != "" {
		p.ETag = g.etag
	}
	return p, err
}

func (g *garbling) Report(ctx context.Context, token string, r compliance.Report) (compliance.Receipt, error) {
	if g.receipt != nil {
		return *g.receipt, nil
	}
	return g.site.Report(ctx, token, r)
}

// Whatever serials a site made up, the agent is at peace with it once it counts right again: nothing of it is kept.
func TestSerialThatNobodyGivesIsNotBelieved(t *testing.T) {
	for _, serial := range []int64{math.MaxInt64, 1 << 60, -5, math.MinInt64} {
		for _, resync := range []bool{false, true} {
			l := newLab(t, leaf("a"))
			g := &garbling{site: l.site, receipt: &compliance.Receipt{Serial: serial, Resync: resync}}
			l.config.Site = g
			l.start()
			var fault error
			for fault == nil { // the first scan comes within two hours
				l.now, fault = l.agent.Step(t.Context(), l.now)
			}
			require.ErrorContains(t, fault, "no agent gives")
			g.receipt = nil
			l.pass(time.Hour)
			require.Empty(t, l.site.breach)
			status, err := l.agent.Status(t.Context())
			require.NoError(t, err)
			require.Zero(t, status.Unsent)
			require.EqualValues(t, 2, status.LastSerial)
			require.EqualValues(t, 2, l.site.serial)
		}
	}
}

// An ETag that cannot be sent back would keep the agent from ever polling again.
func TestETagThatNoHeaderCarriesIsRefused(t *testing.T) {
	for _, etag := range []string{"a\nb", "a\x00", `a"b`, "a b", strings.Repeat("e", 1<<20)} {
		l := newLab(t, leaf("a"))
		g := &garbling{site: l.site, etag: etag}
		l.config.Site = g
		l.start()
		_, err := l.agent.Step(t.Context(), l.now)
		require.ErrorContains(t, err, "etag")
		g.etag = ""
		id := l.site.deploy("d", l.now, l.now.Add(time.Minute), "a")
		l.pass(time.Hour)
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	}
}

// Neither a token that no header carries, nor one that is longer than servers take, is kept.
func TestTokenThatNoHeaderCarriesIsRefused(t *testing.T) {
	for _, token := range []string{`a\nb`, `a\u0000`, "é", strings.Repeat("t", 5000)} {
		point := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"token":"%s"}`, token) }))
		site := clientagent.HTTP(point.URL, nil)
		got, err := site.Register(t.Context(), clientagent.Registration{ClientID: "c", Name: "pc"})
		require.ErrorContains(t, err, "token")
		require.Empty(t, got)
		site.Close()
		point.Close()
	}
}

// Deadlines at both ends of what a date can be keep no other deployment from its turn. Beyond, a policy is refused and the last one holds.
func TestDeadlineAtTheEndOfTime(t *testing.T) {
	for _, c := range []struct {
		deadline time.Time
		want     int // installations
		fault    string
	}{
		{time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC), 1, ""},
		{time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), 0, ""},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), 0, "in the year 10000: want 1 to 9999"},
		{time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), 0, "in the year -5: want 1 to 9999"},
	} {
		l := newLab(t, leaf("a"), leaf("b"))
		other := l.site.deploy("other", l.now, l.now.Add(time.Hour), "b")
		l.step()
		l.site.deploy("d", l.now, c.deadline, "a")
		l.site.change(func(p *clientagent.Policy) {
			p.Deployments[1].RandomizationEnabled, p.Deployments[1].SoftDeadlineEnabled = true, true
			p.Settings.RandomizeDeadline, p.Settings.BatchDeadlines = true, true
			p.Settings.ComputerAgent.GracePeriod = 5 * time.Hour
			p.ServiceWindows = clientagent.ServiceWindows{daily("evening", clientagent.UserDefinedWindow, 18, 4*time.Hour)}
		})
		for end := l.now.Add(30 * time.Hour); l.now.Before(end); {
			next, err := l.agent.Step(t.Context(), l.now)
			if err != nil {
				require.NotEmpty(t, c.fault, "%v: %v", c.deadline, err)
				require.ErrorContains(t, err, c.fault)
			}
			l.now = next
		}
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(other), "%v", c.deadline)
		require.Equal(t, c.want, l.machine.installs["a"], "%v", c.deadline)
	}
}
