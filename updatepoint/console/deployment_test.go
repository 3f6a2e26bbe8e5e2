package console_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
	"github.com/seed599db172/softwareupdates/updatepoint/console"
)

// Options that change what clients do stand beside the type; what is as preset is not named.
func TestOptionsOfDeploymentsAreShown(t *testing.T) {
	site := installed(t, "pc1.lab.example", "Update")
	one := uuid.UUID{15: 1}
	for _, d := range []updatepoint.Deployment{
		{Name: "due", Deadline: now.Add(time.Hour), ExpirationTime: now.Add(2 * time.Hour), DeploymentOptions: clientagent.DeploymentOptions{
			SoftDeadlineEnabled: true, OverrideServiceWindows: true, StateMessageVerbosity: clientagent.VerbosityErrors,
			SuppressReboot: clientagent.SuppressServers}},
		{Name: "watched", Disabled: true, DeploymentOptions: clientagent.DeploymentOptions{AssignmentAction: clientagent.ActionDetect,
			StateMessageVerbosity: clientagent.VerbosityAll}},
	} {
		d.Updates, d.Collection = []uuid.UUID{one}, updatepoint.AllSystems
		_, err := site.Deploy(t.Context(), d)
		require.NoError(t, err)
	}
	page := get(t, site, console.Options{User: anyone}, "/").Body.String()
	text := textOf(strings.ReplaceAll(page, "<br>", "; "))
	require.Contains(t, text, "due | Required; expires 2026-11-25 14:00 UTC; grace period; installs outside of maintenance windows; "+
		"restart suppressed; state messages: ERRORS | All Systems")
	require.Contains(t, text, "watched | Available; disabled: no client gets it; only detects | All Systems")
	require.Contains(t, text, "November | Required | All Systems")
}
