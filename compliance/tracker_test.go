package compliance_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
)

var (
	day     = time.Date(2026, 3, 10, 2, 0, 0, 0, time.UTC)
	kb1     = uuid.MustParse("11111111-0000-4000-8000-000000000001")
	kb2     = uuid.MustParse("11111111-0000-4000-8000-000000000002")
	kb3     = uuid.MustParse("11111111-0000-4000-8000-000000000003")
	kb4     = uuid.MustParse("11111111-0000-4000-8000-000000000004")
	patches = []compliance.Update{{ID: kb1}, {ID: kb2}, {ID: kb3, Since: 2}, {ID: kb4, Since: 3}}
)

func tracker(t *testing.T, store compliance.Store) *compliance.Tracker {
	t.Helper()
	tracker, err := compliance.NewTracker(t.Context(), store, compliance.Options{Now: func() time.Time { return day }})
	require.NoError(t, err)
	return tracker
}

func detected(serial int64, update uuid.UUID, state compliance.State) compliance.Message {
	return compliance.Message{Serial: serial, Time: day, StateID: int(state),
		Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: update.String()}}
}

func scanned(serial, version int64) compliance.Message {
	return compliance.Message{Serial: serial, Time: day, StateID: int(compliance.ScanCompleted), ContentVersion: version,
		Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: "source"}}
}

func record(t *testing.T, tracker *compliance.Tracker, client string, messages ...compliance.Message) compliance.Receipt {
	t.Helper()
	receipt, err := tracker.Record(t.Context(), compliance.Report{ClientID: client, Name: client + ".lab.example", Date: day, Messages: messages})
	require.NoError(t, err)
	return receipt
}

func full(t *testing.T, tracker *compliance.Tracker, client string, messages ...compliance.Message) compliance.Receipt {
	t.Helper()
	receipt, err := tracker.Record(t.Context(), compliance.Report{ClientID: client, Date: day, Full: true, Messages: messages})
	require.NoError(t, err)
	return receipt
}

// words shows the states of one computer as U, N, R, I.
func words(t *testing.T, tracker *compliance.Tracker, client string) string {
	t.Helper()
	states, err := tracker.States(t.Context(), patches, []string{client})
	require.NoError(t, err)
	text := ""
	for _, state := range states[0].States {
		text += string("UNRI"[state])
	}
	return text
}

// The table of five computers and four updates was written by hand from the arithmetic of the product's documentation.
func TestSummaryTable(t *testing.T) {
	store := newHeap()
	live := tracker(t, store)
	record(t, live, "a", detected(1, kb1, compliance.Installed), detected(2, kb2, compliance.Required), scanned(3, 3))
	record(t, live, "b", scanned(1, 3), detected(2, kb1, compliance.Installed))
	record(t, live, "c", scanned(1, 2)) // does not know kb4 yet
	record(t, live, "d", detected(1, kb3, compliance.Required))
	computers := []string{"a", "b", "c", "d", "never"}

	for name, subject := range map[string]*compliance.Tracker{"live": live, "loaded": tracker(t, store)} {
		t.Run(name, func(t *testing.T) {
			summary, err := subject.Summary(t.Context(), patches, computers)
			require.NoError(t, err)
			for i, want := range []struct {
				states     string
				compliance compliance.AssignmentComplianceState
			}{
				{"IRNN", compliance.NonCompliant},
				{"INNN", compliance.Compliant},
				{"NNNU", compliance.ComplianceUnknown},
				{"UURU", compliance.NonCompliant},
				{"UUUU", compliance.ComplianceUnknown},
			} {
				require.Equal(t, want.states, words(t, subject, computers[i]), computers[i])
				require.Equal(t, want.compliance, summary.Computers[i].Compliance, computers[i])
			}
			require.Equal(t, []compliance.UpdateCounts{
				{ID: kb1, Counts: compliance.Counts{Unknown: 2, NotRequired: 1, Installed: 2}},
				{ID: kb2, Counts: compliance.Counts{Unknown: 2, NotRequired: 2, Required: 1}},
				{ID: kb3, Counts: compliance.Counts{Unknown: 1, NotRequired: 3, Required: 1}},
				{ID: kb4, Counts: compliance.Counts{Unknown: 3, NotRequired: 2}},
			}, summary.Updates)
			require.Equal(t, compliance.Counts{Unknown: 8, NotRequired: 8, Required: 2, Installed: 2}, summary.States)
			require.Equal(t, compliance.Clients{Compliant: 1, NonCompliant: 2, Unknown: 2}, summary.Clients)
			require.InDelta(t, 20.0, summary.Clients.PercentCompliant(), 0)
			require.InDelta(t, 60.0, summary.Updates[0].PercentCompliant(), 0)
			require.Equal(t, "a.lab.example", summary.Computers[0].Name)
		})
	}
}

func TestSummaryJSON(t *testing.T) {
	subject := tracker(t, newHeap())
	record(t, subject, "a", detected(1, kb1, compliance.Installed), scanned(2, 1))
	summary, err := subject.Summary(t.Context(), patches[:2], []string{"a"})
	require.NoError(t, err)
	text, err := json.Marshal(summary)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"updates": [
			{"id": "11111111-0000-4000-8000-000000000001", "unknown": 0, "notRequired": 0, "required": 0, "installed": 1},
			{"id": "11111111-0000-4000-8000-000000000002", "unknown": 0, "notRequired": 1, "required": 0, "installed": 0}],
		"computers": [{"id": "a", "name": "a.lab.example", "compliance": "compliant", "states": ["installed", "notRequired"]}],
		"states": {"unknown": 0, "notRequired": 1, "required": 0, "installed": 1},
		"compliantClients": 1, "nonCompliantClients": 0, "unknownClients": 0}`, string(text))
}

func TestSummaryRefusesRepeats(t *testing.T) {
	subject := tracker(t, newHeap())
	_, err := subject.Summary(t.Context(), []compliance.Update{{ID: kb1}, {ID: kb1}}, nil)
	require.ErrorContains(t, err, "given twice")
	_, err = subject.Counts(t.Context(), nil, []string{"a", "a"})
	require.ErrorContains(t, err, `computer "a" is given twice`)
}

func TestSerials(t *testing.T) {
	subject := tracker(t, newHeap())
	one, two, three := detected(1, kb1, compliance.Required), detected(2, kb1, compliance.Installed), scanned(3, 5)

	require.Equal(t, compliance.Receipt{Serial: 1}, record(t, subject, "a", one))
	require.Equal(t, compliance.Receipt{Serial: 1}, record(t, subject, "a", one), "the same report again")
	require.Equal(t, compliance.Receipt{Serial: 1}, record(t, subject, "a"), "an empty one")
	require.Equal(t, compliance.Receipt{Serial: 3}, record(t, subject, "a", one, two, three), "with older ones before it")
	require.Equal(t, "INNN", words(t, subject, "a"))

	// Serial 5 is missing: 4 is taken, 6 and 7 are not.
	receipt := record(t, subject, "a", detected(4, kb2, compliance.Required), detected(6, kb3, compliance.Required), detected(7, kb4, compliance.Required))
	require.Equal(t, compliance.Receipt{Serial: 4, Resync: true}, receipt)
	require.Equal(t, "IRNN", words(t, subject, "a"))

	// A full report may have gaps and replaces everything; Scanned stays.
	require.Equal(t, compliance.Receipt{Serial: 9}, full(t, subject, "a", detected(7, kb4, compliance.Required), detected(9, kb1, compliance.Unknown)))
	require.Equal(t, "UNNR", words(t, subject, "a"))
	computer, known := subject.Computer("a")
	require.True(t, known)
	require.Equal(t, compliance.Computer{ID: "a", Serial: 9, Scanned: 5, LastScan: day, Reported: day, ScanState: 3}, computer)

	// The machine is restored from an image: what it sends is older than what is known.
	require.Equal(t, compliance.Receipt{Serial: 9, Resync: true}, record(t, subject, "a", detected(8, kb2, compliance.Installed)))
	require.Equal(t, "UNNR", words(t, subject, "a"))
	require.Equal(t, compliance.Receipt{Serial: 8}, full(t, subject, "a", detected(8, kb2, compliance.Installed)))
	require.Equal(t, "NINN", words(t, subject, "a"))

	// A first report that does not begin at 1.
	require.Equal(t, compliance.Receipt{Resync: true}, record(t, subject, "b", detected(2, kb1, compliance.Required)))
}

func TestNotRequiredIsWrittenOnlyOverAnotherState(t *testing.T) {
	store := newHeap()
	subject := tracker(t, store)
	record(t, subject, "a", detected(1, kb1, compliance.NotRequired), detected(2, kb2, compliance.Required),
		detected(3, kb2, compliance.NotRequired))
	require.Len(t, store.rows["a"], 1)
	require.Equal(t, "UNUU", words(t, subject, "a"), "kb1 is unknown until a scan has completed")

	record(t, subject, "a", scanned(4, 1), detected(5, kb4, compliance.Required))
	require.Equal(t, "NNUR", words(t, subject, "a"))
	record(t, subject, "a", detected(6, kb4, compliance.NotRequired))
	require.Equal(t, "NNUN", words(t, subject, "a"), "explicit, though the scan was of an older catalogue")
	require.Len(t, store.rows["a"], 2)
}

func TestScansAndEnforcements(t *testing.T) {
	store := newHeap()
	subject := tracker(t, store)
	failed := compliance.Message{Serial: 2, Time: day.Add(time.Hour), StateID: int(compliance.ScanFailed), ErrorCode: -2145107924,
		Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: "source"}}
	enforcement := func(serial int64, topic compliance.TopicType, id string, state int) compliance.Message {
		return compliance.Message{Serial: serial, Time: day, StateID: state, Topic: compliance.Topic{Type: topic, ID: id}}
	}
	record(t, subject, "a", scanned(1, 7), failed,
		enforcement(3, compliance.AssignmentEnforcement, "deployment", int(compliance.EnforcementDownloading)),
		enforcement(4, compliance.AssignmentEnforcement, "deployment", int(compliance.EnforcementInstalled)),
		enforcement(5, compliance.CIEnforcement, "{11111111-0000-4000-8000-00000000000A}", int(compliance.CIPendingRestart)))

	computer, _ := subject.Computer("a")
	require.Equal(t, int64(7), computer.Scanned)
	require.Equal(t, day, computer.LastScan)
	require.Equal(t, int(compliance.ScanFailed), computer.ScanState)
	require.Equal(t, int32(-2145107924), computer.ScanError)

	var got []compliance.Enforcement
	for e, err := range subject.Enforcements(t.Context(), "a") {
		require.NoError(t, err)
		got = append(got, e)
	}
	require.Equal(t, []compliance.Enforcement{
		{ComputerID: "a", Type: 301, TopicID: "deployment", StateID: 4, Changed: day},
		{ComputerID: "a", Type: 402, TopicID: "11111111-0000-4000-8000-00000000000a", StateID: 9, Changed: day},
	}, got)
}

func TestRecordAcknowledgesNothingThatTheStoreRefused(t *testing.T) {
	store := newHeap()
	subject := tracker(t, store)
	report := compliance.Report{ClientID: "a", Messages: []compliance.Message{detected(1, kb1, compliance.Required)}}
	store.fail = true
	_, err := subject.Record(t.Context(), report)
	require.ErrorIs(t, err, errDisk)
	require.Equal(t, "UUUU", words(t, subject, "a"))
	_, known := subject.Computer("a")
	require.False(t, known)

	store.fail = false
	receipt, err := subject.Record(t.Context(), report)
	require.NoError(t, err)
	require.Equal(t, compliance.Receipt{Serial: 1}, receipt)
	require.Equal(t, "RUUU", words(t, subject, "a"))
}

func TestRecordRefuses(t *testing.T) {
	store := newHeap()
	subject := tracker(t, store)
	wrong := func(change func(*compliance.Message)) []compliance.Message {
		m := detected(1, kb1, compliance.Required)
		change(&m)
		return []compliance.Message{m}
	}
	for reason, report := range map[string]compliance.Report{
		"client id is empty":              {},
		"client id has the character":     {ClientID: "a\nb"},
		"name is not UTF-8":               {ClientID: "a", Name: "\xff"},
		"name has 256 bytes":              {ClientID: "a", Name: fmt.Sprintf("%0256d", 0)},
		"serial 0 does not come after 0":  {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.Serial = 0 })},
		"serial 1 does not come after 1":  {ClientID: "a", Messages: []compliance.Message{detected(1, kb1, 1), detected(1, kb1, 2)}},
		"no serial can follow":            {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.Serial = 1<<63 - 1 })},
		"topic type 700 is not taken":     {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.Topic.Type = 700 })},
		"topic type 500 has no state 4":   {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.StateID = 4 })},
		"topic type 500 has no state -1":  {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.StateID = -1 })},
		`topic id "kb1" is no GUID`:       {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.Topic.ID = "kb1" })},
		"topic type 500 has no error":     {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.ErrorCode = 1 })},
		"only a completed scan has one":   {ClientID: "a", Messages: wrong(func(m *compliance.Message) { m.ContentVersion = 1 })},
		"content version -1: only a comp": {ClientID: "a", Messages: []compliance.Message{scanned(1, -1)}},
	} {
		t.Run(reason, func(t *testing.T) {
			_, err := subject.Record(t.Context(), report)
			var invalid *compliance.InvalidError
			require.ErrorAs(t, err, &invalid)
			require.ErrorContains(t, err, reason)
		})
	}
	require.Zero(t, store.applied)
}

func TestRecordConcurrently(t *testing.T) {
	subject := tracker(t, newHeap())
	var wg sync.WaitGroup
	for client := range 4 {
		for range 2 { // the same reports twice, at the same time
			wg.Go(func() {
				for serial := int64(1); serial <= 50; serial++ {
					_, err := subject.Record(t.Context(), compliance.Report{ClientID: fmt.Sprint(client),
						Messages: []compliance.Message{detected(serial, uuid.UUID{15: byte(serial)}, compliance.Installed)}})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Go(func() {
			for range 50 {
				if _, err := subject.Summary(t.Context(), patches, []string{fmt.Sprint(client)}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	computer, _ := subject.Computer("3")
	require.Equal(t, int64(50), computer.Serial)
	states, err := subject.States(t.Context(), []compliance.Update{{ID: uuid.UUID{15: 50}}}, []string{"0", "1", "2", "3"})
	require.NoError(t, err)
	for _, computer := range states {
		require.Equal(t, []compliance.State{compliance.Installed}, computer.States)
	}
}
