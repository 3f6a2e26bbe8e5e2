package wsus_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
)

// reporter is a registered computer that has scanned, with the updates 1 to n.
func reporter(t testing.TB, n int) (*wsus.Server, *wua) {
	t.Helper()
	var docs []document
	for i := range n {
		docs = append(docs, document{id: id(i + 1), title: fmt.Sprint("update ", i+1), deployable: true})
	}
	server := newServer(t, docs...)
	agent := newWUA(t, server, "pc1", "")
	agent.sync(t, clientsync.SyncParameters{})
	return server, agent
}

func failure(at time.Time, update uuid.UUID) clientsync.ReportingEvent {
	e := statusEvent("pc1", at)
	e.EventID, e.UpdateID = 182, clientsync.UpdateIdentity{UpdateID: update, RevisionNumber: 1}
	return e
}

func list(key string, numbers ...int) string {
	var ids []string
	for _, n := range numbers {
		ids = append(ids, strings.ToUpper(id(n).String())) // as agents write them
	}
	return key + "=" + strings.Join(ids, ";")
}

// What events say of update 1, by hand from the description of the Reporting service.
func TestStatusEvents(t *testing.T) {
	start := time.Now().Add(-24 * time.Hour)
	at := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	says := func(minute int, misc ...string) clientsync.ReportingEvent {
		return statusEvent("pc1", at(minute), misc...)
	}
	other := func(minute, event int) clientsync.ReportingEvent {
		e := failure(at(minute), id(1))
		e.EventID = event
		return e
	}
	for name, c := range map[string]struct {
		events []clientsync.ReportingEvent
		want   wsus.UpdateInstallationState
	}{
		"nothing":                        {nil, wsus.Unknown},
		"a scan that is no status":       {[]clientsync.ReportingEvent{other(1, 147)}, wsus.Unknown},
		"needed":                         {[]clientsync.ReportingEvent{says(1, list("U", 1, 2))}, wsus.NotInstalled},
		"installed":                      {[]clientsync.ReportingEvent{says(1, list("V", 2, 1))}, wsus.Installed},
		"waits for a restart":            {[]clientsync.ReportingEvent{says(1, list("W", 1))}, wsus.InstalledPendingReboot},
		"failed by the list":             {[]clientsync.ReportingEvent{says(1, list("g", 1))}, wsus.Failed},
		"downloaded":                     {[]clientsync.ReportingEvent{says(1, list("h", 1))}, wsus.Downloaded},
		"keys have a case":               {[]clientsync.ReportingEvent{says(1, list("u", 1), list("G", 1), list("H", 1))}, wsus.NotApplicable},
		"needed and downloaded":          {[]clientsync.ReportingEvent{says(1, list("h", 1), list("U", 1))}, wsus.Downloaded},
		"empty lists":                    {[]clientsync.ReportingEvent{says(1)}, wsus.NotApplicable},
		"not named any more":             {[]clientsync.ReportingEvent{says(1, list("U", 1)), says(2, list("U", 2))}, wsus.NotApplicable},
		"named again":                    {[]clientsync.ReportingEvent{says(1, list("U", 1)), says(2), says(3, list("V", 1))}, wsus.Installed},
		"late":                           {[]clientsync.ReportingEvent{says(2, list("V", 1)), says(1, list("U", 1))}, wsus.Installed},
		"failed at once":                 {[]clientsync.ReportingEvent{says(1, list("U", 1)), other(2, 182)}, wsus.Failed},
		"failed before any status":       {[]clientsync.ReportingEvent{other(2, 182)}, wsus.Failed},
		"failed before the status":       {[]clientsync.ReportingEvent{says(2, list("U", 1)), other(1, 182)}, wsus.NotInstalled},
		"status after the failure":       {[]clientsync.ReportingEvent{other(1, 182), says(2, list("V", 1))}, wsus.Installed},
		"late status before the failure": {[]clientsync.ReportingEvent{other(2, 182), says(1, list("V", 1))}, wsus.Failed},
		"success waits for the status":   {[]clientsync.ReportingEvent{says(1, list("U", 1)), other(2, 183)}, wsus.NotInstalled},
		"pending, downloads, starts": {[]clientsync.ReportingEvent{says(1, list("U", 1)), other(2, 167), other(3, 162), other(4, 181), other(5, 201)},
			wsus.NotInstalled},
		"no lists of GUIDs": {[]clientsync.ReportingEvent{says(1, "U={"+id(1).String()+"}", "V=urn:uuid:"+id(1).String(), "W=<object/>;"+strings.Repeat(";", 9),
			"g="+strings.ReplaceAll(id(1).String(), "-", ""), "h= "+id(1).String())}, wsus.NotApplicable},
		"rubbish beside": {[]clientsync.ReportingEvent{says(1, "U=x;"+id(1).String()+";;y", "V", "=", "")}, wsus.NotInstalled},
		"a clock that is ahead is not believed": {[]clientsync.ReportingEvent{statusEvent("pc1", time.Now().AddDate(30, 0, 0), list("U", 1)),
			statusEvent("pc1", time.Now().AddDate(31, 0, 0), list("V", 1))}, wsus.Installed},
	} {
		t.Run(name, func(t *testing.T) {
			server, agent := reporter(t, 3)
			for _, e := range c.events {
				_, err := agent.ReportEventBatch(t.Context(), agent.cookie, time.Now(), []clientsync.ReportingEvent{e})
				require.NoError(t, err)
			}
			got, err := server.InstallationState(t.Context(), "pc1", id(1))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// Whatever is sent twice or in another order, in however many batches, comes to the same: what the newest status event says, and the failures
// after it.
func TestStatusInAnyOrder(t *testing.T) {
	states := []struct {
		key   string
		state wsus.UpdateInstallationState
	}{{"U", wsus.NotInstalled}, {"h", wsus.Downloaded}, {"g", wsus.Failed}, {"V", wsus.Installed}, {"W", wsus.InstalledPendingReboot}}
	rapid.Check(t, func(rt *rapid.T) {
		const updates = 4
		start := time.Now().Add(-time.Hour)
		var events []clientsync.ReportingEvent
		lists := map[uuid.UUID]map[int]wsus.UpdateInstallationState{}
		for i := range rapid.IntRange(1, 8).Draw(rt, "events") {
			at := start.Add(time.Duration(i) * time.Second)
			if rapid.Bool().Draw(rt, fmt.Sprint("fails ", i)) {
				events = append(events, failure(at, id(rapid.IntRange(1, updates).Draw(rt, fmt.Sprint("failed ", i)))))
				continue
			}
			named := map[int]wsus.UpdateInstallationState{}
			var misc []string
			for n := 1; n <= updates; n++ {
				if k := rapid.IntRange(0, len(states)).Draw(rt, fmt.Sprint("state ", i, " ", n)); k < len(states) {
					named[n] = states[k].state
					misc = append(misc, list(states[k].key, n))
				}
			}
			e := statusEvent("pc1", at, misc...)
			lists[e.EventInstanceID] = named
			events = append(events, e)
		}
		want := map[int]wsus.UpdateInstallationState{}
		for _, e := range events { // in the order of their times
			switch named, status := lists[e.EventInstanceID]; {
			case status:
				for n := 1; n <= updates; n++ {
					want[n] = cmp.Or(named[n], wsus.NotApplicable)
				}
			default:
				for n := 1; n <= updates; n++ {
					if id(n) == e.UpdateID.UpdateID {
						want[n] = wsus.Failed
					}
				}
			}
		}
		server, agent := reporter(t, updates)
		sent := rapid.Permutation(slices.Concat(events, events)).Draw(rt, "order")
		for len(sent) > 0 {
			n := rapid.IntRange(1, len(sent)).Draw(rt, "batch")
			_, err := agent.ReportEventBatch(t.Context(), agent.cookie, time.Now(), sent[:n])
			require.NoError(rt, err)
			sent = sent[n:]
		}
		for n := 1; n <= updates; n++ {
			got, err := server.InstallationState(t.Context(), "pc1", id(n))
			require.NoError(rt, err)
			require.Equal(rt, want[n], got, "update %d", n)
		}
	})
}

// Updates that the catalogue does not have leave nothing behind, and neither does a list that no catalogue could fill.
func TestStatusOfInventedUpdates(t *testing.T) {
	server, agent := reporter(t, 2)
	report := func(misc ...string) {
		_, err := agent.ReportEventBatch(t.Context(), agent.cookie, time.Now(), []clientsync.ReportingEvent{statusEvent("pc1", time.Now(), misc...)})
		require.NoError(t, err)
	}
	report(list("U", 1, 77), list("V", 78))
	summary, err := server.SummaryPerComputerTarget(t.Context(), "pc1")
	require.NoError(t, err)
	require.Equal(t, 1, summary.Of(wsus.NotInstalled))
	require.Zero(t, summary.Of(wsus.Installed))
	var many []string
	for i := 0; i <= wsus.MaxStatusUpdates; i += 5000 {
		numbers := make([]int, 5001)
		for n := range numbers {
			numbers[n] = 1000 + i + n
		}
		many = append(many, list("V", numbers...))
	}
	report(append(many, list("V", 1))...)
	state, err := server.InstallationState(t.Context(), "pc1", id(1))
	require.NoError(t, err)
	require.Equal(t, wsus.NotInstalled, state, "the event is kept, and nothing is concluded from it")
}
