package compliance_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/compliance"
)

// slowClient is the model: it keeps all that was taken and reads it from the beginning for every question.
type slowClient struct {
	serial int64
	log    []compliance.Message
	scans  []int64 // kept over a full report
}

func (c *slowClient) record(r compliance.Report) compliance.Receipt {
	if r.Full {
		c.log = nil
		for _, m := range r.Messages {
			c.take(m)
		}
		return compliance.Receipt{Serial: c.serial}
	}
	older := len(r.Messages) > 0
	for _, m := range r.Messages {
		if m.Serial >= c.serial {
			older = false
		}
	}
	for _, m := range r.Messages {
		if m.Serial <= c.serial {
			continue
		}
		if m.Serial > c.serial+1 {
			return compliance.Receipt{Serial: c.serial, Resync: true}
		}
		c.take(m)
	}
	return compliance.Receipt{Serial: c.serial, Resync: older}
}

func (c *slowClient) take(m compliance.Message) {
	c.serial = m.Serial
	c.log = append(c.log, m)
	if m.Topic.Type == compliance.UpdateSourceScan && m.ContentVersion > 0 {
		c.scans = append(c.scans, m.ContentVersion)
	}
}

func (c *slowClient) state(update compliance.Update) compliance.State {
	state := compliance.Unknown
	if len(c.scans) > 0 && c.scans[len(c.scans)-1] >= update.Since {
		state = compliance.NotRequired
	}
	explicit := false
	for _, m := range c.log {
		if m.Topic.ID != update.ID.String() || m.StateID == int(compliance.NotRequired) && !explicit {
			continue
		}
		state, explicit = compliance.State(m.StateID), true
	}
	return state
}

// Tracker and model answer the same after any reports, also when the tracker was loaded anew in between.
func TestTrackerAgainstModel(t *testing.T) {
	ids := []uuid.UUID{kb1, kb2, kb3, kb4}
	rapid.Check(t, func(t *rapid.T) {
		store := newHeap()
		load := func() *compliance.Tracker {
			loaded, err := compliance.NewTracker(context.Background(), store, compliance.Options{})
			require.NoError(t, err)
			return loaded
		}
		subject := load()
		models := map[string]*slowClient{"a": {}, "b": {}, "c": {}}
		steps := rapid.IntRange(1, 25).Draw(t, "steps")
		for range steps {
			if rapid.IntRange(0, 9).Draw(t, "load") == 0 {
				subject = load()
			}
			id := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "client")
			model := models[id]
			report := compliance.Report{ClientID: id, Full: rapid.IntRange(0, 5).Draw(t, "full") == 0}
			serial := max(0, model.serial+int64(rapid.IntRange(-3, 1).Draw(t, "begin")))
			for range rapid.IntRange(0, 6).Draw(t, "messages") {
				serial += rapid.SampledFrom([]int64{1, 1, 1, 1, 1, 2}).Draw(t, "serial")
				if rapid.IntRange(0, 3).Draw(t, "scan") == 0 {
					report.Messages = append(report.Messages, scanned(serial, int64(rapid.IntRange(1, 4).Draw(t, "version"))))
					continue
				}
				state := compliance.State(rapid.IntRange(0, 3).Draw(t, "state"))
				report.Messages = append(report.Messages, detected(serial, rapid.SampledFrom(ids).Draw(t, "update"), state))
			}
			receipt, err := subject.Record(context.Background(), report)
			require.NoError(t, err)
			require.Equal(t, model.record(report), receipt)
			check(t, subject, models)
		}
	})
}

func check(t *rapid.T, subject *compliance.Tracker, models map[string]*slowClient) {
	updates := make([]compliance.Update, 0, len(patches))
	for i, patch := range patches {
		updates = append(updates, compliance.Update{ID: patch.ID, Since: int64(rapid.IntRange(0, 5).Draw(t, fmt.Sprint("since", i)))})
	}
	computers := []string{"b", "never", "a", "c"}
	summary, err := subject.Summary(context.Background(), updates, computers)
	require.NoError(t, err)
	total := compliance.Counts{}
	for i, update := range updates {
		want := compliance.Counts{}
		for j, id := range computers {
			state := compliance.Unknown
			if model := models[id]; model != nil {
				state = model.state(update)
			}
			require.Equal(t, state, summary.Computers[j].States[i], "%s on %s", update.ID, id)
			for word, count := range map[compliance.State][2]*int{
				compliance.Unknown: {&want.Unknown, &total.Unknown}, compliance.NotRequired: {&want.NotRequired, &total.NotRequired},
				compliance.Required: {&want.Required, &total.Required}, compliance.Installed: {&want.Installed, &total.Installed},
			} {
				if word == state {
					*count[0]++
					*count[1]++
				}
			}
		}
		require.Equal(t, want, summary.Updates[i].Counts)
	}
	require.Equal(t, total, summary.States)
	require.Equal(t, len(computers), summary.Clients.Total())

	counts, err := subject.Counts(context.Background(), updates, computers)
	require.NoError(t, err)
	summary.Computers = nil
	require.Equal(t, summary, counts)
}
