package storagetest

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
)

// Compliance tests a compliance.Store.
func Compliance(t *testing.T, open Open[compliance.Store], f Features) {
	cases(t, open, f, map[string]func(*subject[compliance.Store]){
		"empty":      complianceEmpty,
		"replace":    complianceReplace,
		"reset":      complianceReset,
		"order":      complianceOrder,
		"foreign":    complianceForeign,
		"cancelled":  complianceCancelled,
		"break off":  complianceBreakOff,
		"big":        complianceBig,
		"concurrent": complianceConcurrent,
		"tracker":    complianceTracker,
	})
}

// update numbers updates so that their order is that of n.
func update(n int) uuid.UUID {
	return uuid.UUID{0: 0xAA, 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)}
}

func row(computer string, n int, state compliance.State) compliance.Row {
	return compliance.Row{ComputerID: computer, UpdateID: update(n), State: state, Changed: at}
}

func rowKept(computer string, n int, state compliance.State) compliance.Row {
	r := row(computer, n, state)
	r.Changed = kept(at)
	return r
}

func apply(s *subject[compliance.Store], c compliance.Changes) {
	s.Helper()
	require.NoError(s, s.store.Apply(s.Context(), c))
}

func rowsOf(s *subject[compliance.Store], computer string) []compliance.Row {
	s.Helper()
	return collect(s, s.store.States(s.Context(), computer))
}

func complianceEmpty(s *subject[compliance.Store]) {
	require.Empty(s, collect(s, s.store.Computers(s.Context())))
	require.Empty(s, rowsOf(s, ""))
	require.Empty(s, rowsOf(s, "nobody"))
	require.Empty(s, collect(s, s.store.Enforcements(s.Context(), "")))
}

func complianceReplace(s *subject[compliance.Store]) {
	computer := compliance.Computer{ID: "a", Name: "ws1 'quoted'", Serial: 1 << 40, Scanned: 7, LastScan: at, Reported: at.Add(time.Hour),
		ScanState: 5, ScanError: -2145107924}
	enforcement := compliance.Enforcement{ComputerID: "a", Type: compliance.CIEnforcement, TopicID: "t", StateID: 11, ErrorCode: -1, Changed: at}
	apply(s, compliance.Changes{Computer: compliance.Computer{ID: "a"}, Rows: []compliance.Row{row("a", 1, compliance.Required), row("a", 2, compliance.Required)}})
	apply(s, compliance.Changes{
		Computer:     computer,
		Rows:         []compliance.Row{row("a", 2, compliance.Installed), row("a", 3, compliance.Unknown), row("a", 3, compliance.NotRequired)},
		Enforcements: []compliance.Enforcement{{ComputerID: "a", Type: 402, TopicID: "t", StateID: 1}, enforcement},
	})
	s.reopen()
	computer.LastScan, computer.Reported, enforcement.Changed = kept(computer.LastScan), kept(computer.Reported), kept(at)
	require.Equal(s, []compliance.Computer{computer}, collect(s, s.store.Computers(s.Context())))
	require.Equal(s, []compliance.Row{rowKept("a", 1, compliance.Required), rowKept("a", 2, compliance.Installed),
		rowKept("a", 3, compliance.NotRequired)}, rowsOf(s, "a"), "the last of two rows of one update counts")
	require.Equal(s, []compliance.Enforcement{enforcement}, collect(s, s.store.Enforcements(s.Context(), "a")))

	apply(s, compliance.Changes{Computer: compliance.Computer{ID: "a"}})
	require.Equal(s, []compliance.Computer{{ID: "a"}}, collect(s, s.store.Computers(s.Context())), "times that are zero stay so")
}

func complianceReset(s *subject[compliance.Store]) {
	for _, id := range []string{"a", "b"} {
		apply(s, compliance.Changes{Computer: compliance.Computer{ID: id}, Rows: []compliance.Row{row(id, 1, compliance.Required), row(id, 2, compliance.Required)},
			Enforcements: []compliance.Enforcement{{ComputerID: id, Type: 301, TopicID: "t"}}})
	}
	apply(s, compliance.Changes{Computer: compliance.Computer{ID: "a"}, Reset: true, Rows: []compliance.Row{row("a", 2, compliance.Installed)}})
	s.reopen()
	require.Equal(s, []compliance.Row{rowKept("a", 2, compliance.Installed)}, rowsOf(s, "a"))
	require.Empty(s, collect(s, s.store.Enforcements(s.Context(), "a")))
	require.Len(s, rowsOf(s, "b"), 2)
	require.Len(s, collect(s, s.store.Enforcements(s.Context(), "b")), 1)
}

func complianceOrder(s *subject[compliance.Store]) {
	for _, id := range []string{"b", "ä", "a", "A"} {
		apply(s, compliance.Changes{Computer: compliance.Computer{ID: id},
			Rows: []compliance.Row{row(id, 300, compliance.Required), row(id, 2, compliance.Required)},
			Enforcements: []compliance.Enforcement{{ComputerID: id, Type: 302, TopicID: "y"}, {ComputerID: id, Type: 301, TopicID: "y"},
				{ComputerID: id, Type: 302, TopicID: "x"}}})
	}
	var computers, rows, enforcements, want []string
	for _, c := range collect(s, s.store.Computers(s.Context())) {
		computers = append(computers, c.ID)
	}
	for _, r := range rowsOf(s, "") {
		rows = append(rows, r.ComputerID+r.UpdateID.String()[32:])
	}
	for _, e := range collect(s, s.store.Enforcements(s.Context(), "")) {
		enforcements = append(enforcements, fmt.Sprint(e.ComputerID, e.TopicID, int(e.Type)))
	}
	require.Equal(s, []string{"A", "a", "b", "ä"}, computers)
	for _, id := range computers {
		want = append(want, id+"0002", id+"012c")
	}
	require.Equal(s, want, rows)
	want = nil
	for _, id := range computers {
		want = append(want, id+"x302", id+"y301", id+"y302")
	}
	require.Equal(s, want, enforcements)
}

func complianceForeign(s *subject[compliance.Store]) {
	require.Error(s, s.store.Apply(s.Context(), compliance.Changes{Computer: compliance.Computer{ID: "a"}, Rows: []compliance.Row{row("a", 1, 2), row("b", 1, 2)}}))
	require.Error(s, s.store.Apply(s.Context(), compliance.Changes{Computer: compliance.Computer{ID: "a"},
		Enforcements: []compliance.Enforcement{{ComputerID: "b"}}}))
	require.Empty(s, collect(s, s.store.Computers(s.Context())), "all or nothing")
	require.Empty(s, rowsOf(s, ""))
}

func complianceCancelled(s *subject[compliance.Store]) {
	require.ErrorIs(s, s.store.Apply(cancelled(), compliance.Changes{Computer: compliance.Computer{ID: "a"}}), context.Canceled)
	require.Empty(s, collect(s, s.store.Computers(s.Context())))
	apply(s, compliance.Changes{Computer: compliance.Computer{ID: "a"}, Rows: []compliance.Row{row("a", 1, 2)}})
	endsWith(s, context.Canceled, s.store.Computers(cancelled()))
	endsWith(s, context.Canceled, s.store.States(cancelled(), ""))
	endsWith(s, context.Canceled, s.store.Enforcements(cancelled(), ""))
}

// Sequences that nobody reads on must not keep others from reading and writing.
func complianceBreakOff(s *subject[compliance.Store]) {
	for i := range 50 {
		id := fmt.Sprintf("%02d", i)
		apply(s, compliance.Changes{Computer: compliance.Computer{ID: id}, Rows: []compliance.Row{row(id, 1, 2), row(id, 2, 2)}})
		for range s.store.States(s.Context(), "") {
			break
		}
		next, stop := iter.Pull2(s.store.States(s.Context(), ""))
		s.Cleanup(stop)
		_, err, more := next()
		require.True(s, more)
		require.NoError(s, err)
		next2, stop2 := iter.Pull2(s.store.Computers(s.Context()))
		s.Cleanup(stop2)
		_, err, _ = next2()
		require.NoError(s, err)
	}
	require.Len(s, rowsOf(s, ""), 100)
}

func complianceBig(s *subject[compliance.Store]) {
	changes := compliance.Changes{Computer: compliance.Computer{ID: "big"}}
	var want []compliance.Row
	for i := range 20_011 {
		changes.Rows = append(changes.Rows, row("big", i, compliance.State(i%4)))
		want = append(want, rowKept("big", i, compliance.State(i%4)))
	}
	for i := range 1003 {
		changes.Enforcements = append(changes.Enforcements, compliance.Enforcement{ComputerID: "big", Type: 301, TopicID: fmt.Sprint(i), StateID: i})
	}
	apply(s, changes)
	s.reopen()
	require.Equal(s, want, rowsOf(s, "big"))
	require.Len(s, collect(s, s.store.Enforcements(s.Context(), "big")), 1003)
}

// Computers report at once, some of them wrongly: what fails fails alone, and the rest is there.
func complianceConcurrent(s *subject[compliance.Store]) {
	var wg sync.WaitGroup
	for reporter := range 16 {
		wg.Go(func() {
			id := fmt.Sprintf("%02d", reporter)
			for serial := 1; serial <= 20; serial++ {
				changes := compliance.Changes{Computer: compliance.Computer{ID: id, Serial: int64(serial)},
					Rows: []compliance.Row{row(id, serial, compliance.Required), row(id, 1000, compliance.State(serial%4))}}
				if err := s.store.Apply(s.Context(), changes); err != nil {
					s.Error(err)
				}
				changes.Rows = append(changes.Rows, row("other", 1, compliance.Required))
				if err := s.store.Apply(s.Context(), changes); err == nil {
					s.Error("a foreign row was taken")
				}
			}
		})
	}
	wg.Wait()
	s.reopen()
	require.Len(s, rowsOf(s, ""), 16*21)
	for _, c := range collect(s, s.store.Computers(s.Context())) {
		require.Equal(s, int64(20), c.Serial)
	}
}

// A tracker that starts again on the store knows what the first one knew.
func complianceTracker(s *subject[compliance.Store]) {
	first, err := compliance.NewTracker(s.Context(), s.store, compliance.Options{})
	require.NoError(s, err)
	report := compliance.Report{ClientID: "a", Messages: []compliance.Message{
		{Serial: 1, Time: at, Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: update(1).String()}, StateID: int(compliance.Required)},
		{Serial: 2, Time: at, Topic: compliance.Topic{Type: compliance.UpdateSourceScan}, StateID: int(compliance.ScanCompleted), ContentVersion: 4},
	}}
	_, err = first.Record(s.Context(), report)
	require.NoError(s, err)
	s.reopen()
	second, err := compliance.NewTracker(s.Context(), s.store, compliance.Options{})
	require.NoError(s, err)
	receipt, err := second.Record(s.Context(), report)
	require.NoError(s, err)
	require.Equal(s, compliance.Receipt{Serial: 2}, receipt)
	states, err := second.States(s.Context(), []compliance.Update{{ID: update(1)}, {ID: update(2)}}, []string{"a"})
	require.NoError(s, err)
	require.Equal(s, []compliance.State{compliance.Required, compliance.NotRequired}, states[0].States)
}
