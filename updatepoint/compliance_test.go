package updatepoint_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

var reported = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// say makes a report of messages with serials from first on.
func say(id string, first int64, messages ...compliance.Message) compliance.Report {
	for i := range messages {
		messages[i].Serial, messages[i].Time = first+int64(i), reported
	}
	return compliance.Report{ClientID: id, Name: "whatever it says", Date: reported, Messages: messages}
}

func detected(update uuid.UUID, state compliance.State) compliance.Message {
	return compliance.Message{Topic: compliance.Topic{Type: compliance.UpdateDetection, ID: update.String()}, StateID: int(state)}
}

func scanned(version int64) compliance.Message {
	return compliance.Message{Topic: compliance.Topic{Type: compliance.UpdateSourceScan, ID: "source"},
		StateID: int(compliance.ScanCompleted), ContentVersion: version}
}

func about(topic compliance.TopicType, id uuid.UUID, state int) compliance.Message {
	return compliance.Message{Topic: compliance.Topic{Type: topic, ID: id.String()}, StateID: state}
}

func TestComplianceTable(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"), update(2, "Two"))
	t1 := register(t, site, pc1, "pc1.lab.example")
	register(t, site, pc2, "pc2.lab.example")
	for name, way := range transports(t, site) {
		receipt, err := way.Report(t.Context(), t1, say(pc1, 1, scanned(1), detected(id(1), compliance.Installed)))
		require.NoError(t, err, name)
		require.Equal(t, compliance.Receipt{Serial: 2}, receipt, name)
	}
	h.set(update(1, "One"), update(2, "Two"), update(3, "Three"))
	require.NoError(t, site.Synchronize(t.Context()))

	// A table made by hand: pc1 scanned version 1, which had updates 1 and 2; pc2 never did.
	table, err := site.Compliance(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"One", "Three", "Two"}, []string{table.Updates[0].Title, table.Updates[1].Title, table.Updates[2].Title})
	require.Equal(t, "pc1.lab.example", table.Computers[0].Name, "the registered name counts")
	require.Equal(t, []compliance.State{compliance.Installed, compliance.Unknown, compliance.NotRequired}, table.Computers[0].States)
	require.Equal(t, []compliance.State{compliance.Unknown, compliance.Unknown, compliance.Unknown}, table.Computers[1].States)
	require.Equal(t, compliance.Counts{Unknown: 1, NotRequired: 1, Installed: 1}, table.Computers[0].Counts)
	require.Equal(t, compliance.Counts{Unknown: 1, Installed: 1}, table.Updates[0].Counts)
	require.Equal(t, compliance.Counts{Unknown: 4, NotRequired: 1, Installed: 1}, table.States)
	require.Equal(t, reported, table.Computers[0].LastScan)
	require.True(t, table.Computers[1].LastScan.IsZero())

	summary, err := site.ComplianceSummary(t.Context())
	require.NoError(t, err)
	require.Equal(t, table.Updates, summary.Updates)
	require.Equal(t, table.States, summary.States)
	require.Empty(t, summary.Computers)

	one, err := site.Compliance(t.Context(), pc2)
	require.NoError(t, err)
	require.Equal(t, table.Computers[1:], one.Computers)
	_, err = site.Compliance(t.Context(), "other")
	require.ErrorIs(t, err, updatepoint.ErrNotFound)
}

// A client that claims to have scanned a catalogue of the future, such as that of the site before it was restored, says nothing of the one
// that there is.
func TestScanOfTheFuture(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	h := withPoint(t, site, update(1, "One"))
	token := register(t, site, pc1, "pc1")
	_, err := updatepoint.InProcess(site).Report(t.Context(), token, say(pc1, 1, scanned(1<<40)))
	require.NoError(t, err)
	h.set(update(1, "One"), update(2, "Two"))
	require.NoError(t, site.Synchronize(t.Context()))
	table, err := site.Compliance(t.Context())
	require.NoError(t, err)
	require.Equal(t, []compliance.State{compliance.Unknown, compliance.Unknown}, table.Computers[0].States)
}

func TestReportOfAnotherClient(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	token := register(t, site, pc1, "pc1")
	register(t, site, pc2, "pc2")
	for name, way := range transports(t, site) {
		_, err := way.Report(t.Context(), token, say(pc2, 1, detected(id(1), compliance.Installed)))
		require.ErrorIs(t, err, clientagent.ErrNotAuthorized, name)
	}
	table, err := site.Compliance(t.Context())
	require.NoError(t, err)
	require.Equal(t, compliance.Counts{Unknown: 2}, table.States)
}

func TestDeploymentStatus(t *testing.T) {
	site, _ := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"), update(2, "Two"))
	token := register(t, site, pc1, "pc1")
	register(t, site, pc2, "pc2")
	require.NoError(t, site.PutCollection(t.Context(), updatepoint.Collection{Name: "Pilot", Members: []string{pc1}}))
	made, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(2), id(1)}, Collection: "Pilot"})
	require.NoError(t, err)
	serial := int64(1)
	for _, c := range []struct {
		name    string
		send    []compliance.Message
		want    updatepoint.StatusType
		reached bool
	}{
		{"nothing said", nil, updatepoint.StatusUnknown, false},
		{"not compliant", []compliance.Message{about(300, made.ID, 2), about(302, made.ID, 2)}, updatepoint.StatusUnknown, false},
		{"downloading", []compliance.Message{about(301, made.ID, 7), about(402, id(1), 12)}, updatepoint.InProgress, false},
		{"failed", []compliance.Message{about(301, made.ID, 6), about(402, id(2), 11)}, updatepoint.StatusError, false},
		{"restart", []compliance.Message{about(301, made.ID, 5)}, updatepoint.InProgress, false},
		{"installed", []compliance.Message{about(301, made.ID, 4)}, updatepoint.Success, false},
		{"compliant", []compliance.Message{about(300, made.ID, 1), about(300, uuid.New(), 2)}, updatepoint.Success, true},
	} {
		if len(c.send) > 0 {
			_, err := updatepoint.InProcess(site).Report(t.Context(), token, say(pc1, serial, c.send...))
			require.NoError(t, err, c.name)
			serial += int64(len(c.send))
		}
		status, err := site.DeploymentStatus(t.Context(), made.ID)
		require.NoError(t, err)
		require.Len(t, status.Clients, 1, "only the collection's")
		require.Equal(t, c.want, status.Clients[0].Status, c.name)
		require.Equal(t, c.reached, status.Reached, c.name)
	}
	status, err := site.DeploymentStatus(t.Context(), made.ID)
	require.NoError(t, err)
	require.Equal(t, []updatepoint.UpdateEnforcement{
		{ID: id(2), State: compliance.CIEnforcementInstallFailed, Changed: reported},
		{ID: id(1), State: compliance.CIDownloading, Changed: reported},
	}, status.Clients[0].Updates, "in the deployment's order")
	_, err = site.DeploymentStatus(t.Context(), uuid.New())
	require.ErrorIs(t, err, updatepoint.ErrNotFound)
}
