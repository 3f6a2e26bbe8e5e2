package clientagent_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// The rows of the table in configmgr.md §7.3, by their states: what a scan job goes through, as it is told of topic 501.
func TestScanJobStates(t *testing.T) {
	t.Run("row 1, state 0: 1 on request; row 2, state 1: 2 on location; row 3, state 2: 3 ok", func(t *testing.T) {
		l := newScanLab(t, at("sup1"))
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		require.Equal(t, compliance.ScanUnknown, status.ScanState)
		require.NoError(t, l.scan())
		require.Equal(t, "1 2 3", l.states.take())
	})
	t.Run("row 2, state 1: 5 on location time-out", func(t *testing.T) {
		l := newScanLab(t)
		require.ErrorIs(t, l.scan(), clientagent.ErrNoLocation)
		l.run(59 * time.Minute)
		require.Equal(t, "1", l.states.take())
		l.run(2 * time.Minute)
		require.Equal(t, "5", l.states.take())
	})
	t.Run("row 2, state 1: the time-out is a setting", func(t *testing.T) {
		l := newScanLab(t)
		l.site.change(func(p *clientagent.Policy) { p.Settings.Scan.WSUSLocationTimeout = 3 * time.Hour })
		l.run(61 * time.Minute)
		require.ErrorIs(t, l.scan(), clientagent.ErrNoLocation)
		l.run(170 * time.Minute)
		require.Equal(t, "1", l.states.take())
		l.run(15 * time.Minute)
		require.Equal(t, "5", l.states.take())
	})
	t.Run("row 3, state 2: 6 ok with some errors", func(t *testing.T) {
		l := newScanLab(t, at("sup1"))
		l.server.publish(published{name: "broken", leaf: true, kind: `<`})
		require.NoError(t, l.scan())
		require.Equal(t, "1 2 6", l.states.take())
		result, err := l.agent.LastScan(t.Context())
		require.NoError(t, err)
		require.Len(t, result.Required(), 1, "what can be read is judged")
		require.NoError(t, l.scan())
		require.Equal(t, "1 2 6", l.states.take(), "row 5, state 6: 1 on the next request")
	})
	t.Run("row 3, state 2: 4 on retry error; row 4, state 4: 2 after 30 min", func(t *testing.T) {
		l := newScanLab(t, at("sup1"))
		l.down["sup1"] = true
		require.ErrorIs(t, l.scan(), errDown)
		require.Equal(t, "1 2 4", l.states.take())
		l.run(29 * time.Minute)
		require.Empty(t, l.states.take())
		l.down["sup1"] = false
		l.run(time.Minute)
		require.Equal(t, "2 3", l.states.take())
	})
	t.Run("row 3, state 2: 5 on other error; row 5, state 5: 1 on next request", func(t *testing.T) {
		l := newScanLab(t, at("sup1"), at("sup2"))
		l.server.outage = errLost
		require.ErrorIs(t, l.scan(), errLost)
		require.Equal(t, "1 2 5", l.states.take())
		status, err := l.agent.Status(t.Context())
		require.NoError(t, err)
		l.run(status.NextScan.Sub(l.now) - time.Second)
		require.Greater(t, l.now.Sub(l.begin), 30*time.Minute)
		require.Empty(t, l.states.take(), "it is final until the next request, here the first scheduled scan")
		require.Len(t, l.asked, 1, "nor is another server asked")
		l.server.outage = nil
		require.NoError(t, l.scan())
		require.Equal(t, "1 2 3", l.states.take())
	})
	t.Run("row 4, state 4: after 4 failures + 2 min switch SUP and go to 1", func(t *testing.T) {
		l := newScanLab(t, at("sup1"), at("sup2"))
		l.down["sup1"], l.down["sup2"] = true, true
		require.Error(t, l.scan())
		first := l.asked[0][len("0m "):]
		other := map[string]string{"sup1": "sup2", "sup2": "sup1"}[first]
		l.run(91 * time.Minute)
		require.Equal(t, []string{"0m " + first, "30m " + first, "60m " + first, "90m " + first}, l.asked)
		require.Equal(t, "1 2 4 2 4 2 4 2 4", l.states.take())
		l.down[other] = false
		l.run(time.Minute)
		require.Equal(t, "92m "+other, l.asked[4])
		require.Equal(t, "1 2 3", l.states.take())
	})
	t.Run("row 5, state 3: 1 on next request", func(t *testing.T) {
		l := newScanLab(t, at("sup1"))
		require.NoError(t, l.scan())
		l.states.take()
		require.NoError(t, l.scan())
		require.Equal(t, "1 2 3", l.states.take())
	})
}

// §1.5.3: a scan cut short, as by power-off, is not counted.
func TestScanCutShortIsNotCounted(t *testing.T) {
	l := newScanLab(t, at("sup1"), at("sup2"))
	require.NoError(t, l.scan())
	used := l.asked[0][len("0m "):]
	l.down["sup1"], l.down["sup2"] = true, true
	require.Error(t, l.scan())
	for range 5 {
		ctx, stop := context.WithCancel(t.Context())
		l.config.HTTPClient.Transport = cut{stop}
		l.lab.start()
		_, err := l.agent.Scan(ctx)
		require.ErrorIs(t, err, context.Canceled)
	}
	l.config.HTTPClient.Transport = l
	l.lab.start()
	l.asked = nil
	l.run(32 * time.Minute)
	require.NotEmpty(t, l.asked)
	for _, attempt := range l.asked {
		require.Contains(t, attempt, used)
	}
}

// The number of failures and the time between them are settings.
func TestScanRetriesAreSettings(t *testing.T) {
	l := newScanLab(t, at("sup1"))
	l.site.change(func(p *clientagent.Policy) {
		p.Settings.Scan = clientagent.ScanSettings{MaxScanRetryCount: 2, ScanRetryDelay: 10 * time.Minute, WSUSScanRetryCodes: []int32{clientagent.CodeCannotConnect}}
	})
	l.run(61 * time.Minute)
	l.begin, l.down["sup1"] = l.now, true
	require.Error(t, l.scan())
	l.run(25 * time.Minute)
	require.Equal(t, []string{"0m sup1", "10m sup1", "12m sup1", "22m sup1", "24m sup1"}, l.asked, "two failures, then the next server: here the same")
	l.down["sup1"], l.server.status = false, 503
	l.run(time.Hour)
	status, err := l.agent.Status(t.Context())
	require.NoError(t, err)
	require.Equal(t, compliance.ScanFailed, status.ScanState, "0x80244022 is no retry code here")
}

// §1.5: the 36 codes, written down from the list.
func TestRetryCodes(t *testing.T) {
	var want []int32
	for _, code := range []uint32{0x80040693, 0x80072EFD, 0x80072EFE, 0x8024001A, 0x8024001E,
		0x80244004, 0x80244005, 0x80244006, 0x80244007, 0x80244008, 0x80244009, 0x8024400A, 0x8024400B, 0x8024400C, 0x8024400D, 0x8024400E,
		0x80244010, 0x80244015, 0x80244016, 0x80244018, 0x80244019, 0x8024401A, 0x8024401C, 0x8024401D, 0x8024401E, 0x8024401F, 0x80244020,
		0x80244021, 0x80244022, 0x80244023, 0x80244024, 0x80244026, 0x80244027, 0x8024402B, 0x8024402C, 0x8024F004} {
		want = append(want, int32(code))
	}
	require.Len(t, want, 36)
	require.Equal(t, want, clientagent.DefaultScanRetryCodes())
}

// cut ends the program in the midst of a request.
type cut struct{ stop context.CancelFunc }

func (c cut) RoundTrip(r *http.Request) (*http.Response, error) {
	c.stop()
	return nil, r.Context().Err()
}
