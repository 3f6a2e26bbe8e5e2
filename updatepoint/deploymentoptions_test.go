package updatepoint_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// What cannot go together is refused, all of it at once (configmgr.md §5.4).
func TestDeploymentOptionsAreRefusedWithEveryReason(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	before := store.snapshot()
	for name, c := range map[string]struct {
		deadline, expires time.Time
		options           clientagent.DeploymentOptions
		reasons           []string
	}{
		"numbers that mean nothing": {options: clientagent.DeploymentOptions{StateMessageVerbosity: 7, AssignmentAction: 3, SuppressReboot: 4,
			UserExperience: 3}, reasons: []string{"state message verbosity 7", "assignment action 3", "restart suppression 4", "user experience 3"}},
		"detects, with what only an installation needs": {deadline: start.Add(time.Hour), options: clientagent.DeploymentOptions{
			AssignmentAction: clientagent.ActionDetect, ReevaluateAfterRestart: true, PreDownload: true},
			reasons: []string{"leave its deadline out", "downloads nothing", "restarts nothing", "pre-download is for optional deployments"}},
		"over before it is available": {expires: start, reasons: []string{"expiration time 2026-03-02T08:00:00Z"}},
		"over at its deadline": {deadline: start.Add(time.Hour), expires: start.Add(time.Hour), options: clientagent.DeploymentOptions{
			StateMessageVerbosity: -2}, reasons: []string{"expiration time 2026-03-02T09:00:00Z", "state message verbosity -2"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems,
				StartTime: start, Deadline: c.deadline, ExpirationTime: c.expires, DeploymentOptions: c.options})
			var faults *multierror.Error
			require.ErrorAs(t, err, &faults)
			require.Len(t, faults.Errors, len(c.reasons), "%v", err)
			for _, reason := range c.reasons {
				require.ErrorContains(t, err, reason)
			}
		})
	}
	require.Equal(t, before, store.snapshot())
}

// Options are kept, come with the policy, change its ETag, and what records of an earlier version do not have is at its default.
func TestDeploymentOptionsAreKept(t *testing.T) {
	site, store := newSite(t, updatepoint.MixedMode)
	withPoint(t, site, update(1, "One"))
	require.NoError(t, site.EnableClientAgent(t.Context(), clientagent.DefaultSettings()))
	start := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	made, err := site.Deploy(t.Context(), updatepoint.Deployment{Name: "d", Updates: []uuid.UUID{id(1)}, Collection: updatepoint.AllSystems,
		StartTime: start, ExpirationTime: start.Add(time.Hour).In(time.FixedZone("", 3600)), DeploymentOptions: clientagent.DeploymentOptions{
			AssignmentAction: clientagent.ActionDetect, StateMessageVerbosity: clientagent.VerbosityErrors}})
	require.NoError(t, err)
	require.Equal(t, start.Add(time.Hour), made.ExpirationTime)

	site = openSite(t, updatepoint.MixedMode, store, newReports())
	policy := policyOf(t, site, "pc1")
	require.Equal(t, []clientagent.Deployment{made}, policy.Deployments)
	all, err := site.Deployments(t.Context())
	require.NoError(t, err)
	all[0].AssignmentAction, all[0].ExpirationTime = 0, time.Time{}
	_, err = site.Deploy(t.Context(), all[0])
	require.NoError(t, err, "it may install from now on, as an optional one")
	require.NotEqual(t, policy.ETag, policyOf(t, site, "pc1").ETag)
	all[0].Deadline = start.Add(2 * time.Hour)
	_, err = site.Deploy(t.Context(), all[0])
	require.ErrorIs(t, err, updatepoint.ErrTypeImmutable)

	record := store.snapshot()["deployment/"+made.ID.String()]
	var fields map[string]any
	require.NoError(t, json.Unmarshal(record, &fields))
	require.NotContains(t, fields, "expirationTime")
	require.NotContains(t, fields, "assignmentAction")
	delete(fields, "stateMessageVerbosity")
	record, err = json.Marshal(fields)
	require.NoError(t, err)
	require.NoError(t, store.Put(t.Context(), map[string][]byte{"deployment/" + made.ID.String(): record}))
	older := policyOf(t, openSite(t, updatepoint.MixedMode, store, newReports()), "pc1").Deployments[0]
	require.Equal(t, "ALL", older.StateMessageVerbosity.String())
	require.Equal(t, "APPLY", older.AssignmentAction.String())
	require.True(t, older.ExpirationTime.IsZero())
}
