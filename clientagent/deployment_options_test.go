package clientagent_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// Policies and stores of the time when restarts were suppressed for all machines or none.
func TestOlderDeploymentsAreRead(t *testing.T) {
	for text, want := range map[string]clientagent.RebootSuppression{
		`"suppressReboot":true,`: clientagent.SuppressAll, `"suppressReboot":false,`: 0, ``: 0, `"suppressReboot":2,`: clientagent.SuppressServers,
	} {
		var d clientagent.Deployment
		require.NoError(t, json.Unmarshal([]byte(`{`+text+`"name":"d","startTime":"2026-03-02T08:00:00Z","enforcementDeadline":"0001-01-01T00:00:00Z"}`), &d))
		require.Equal(t, clientagent.Deployment{Name: "d", StartTime: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC),
			DeploymentOptions: clientagent.DeploymentOptions{SuppressReboot: want}}, d)
	}
	var d clientagent.Deployment
	require.Error(t, json.Unmarshal([]byte(`{"suppressReboot":"yes"}`), &d))
}

// NotifyUser and UserUIExperience of the three choices (§5.4).
func TestUserExperienceIsTwoProperties(t *testing.T) {
	for choice, want := range map[clientagent.UserExperience][2]bool{
		clientagent.ShowAll: {true, true}, clientagent.ShowRestarts: {false, true}, clientagent.HideAll: {false, false},
	} {
		require.Equal(t, want, [2]bool{choice.NotifyUser(), choice.UserUIExperience()}, choice.String())
		require.True(t, strings.HasPrefix(choice.String(), "Display") || strings.HasPrefix(choice.String(), "Hide"))
	}
	require.Equal(t, "UserExperience(7)", clientagent.UserExperience(7).String())
}

// An agent refuses a policy with deployments or run times that make no sense, whatever its site let pass, and names all of it.
func TestUnsoundDeploymentsAreNamed(t *testing.T) {
	p := clientagent.Policy{ETag: "1", Deployments: []clientagent.Deployment{
		{ID: updateID("optional"), DeploymentOptions: clientagent.DeploymentOptions{SoftDeadlineEnabled: true, OverrideServiceWindows: true}},
		{ID: updateID("required"), EnforcementDeadline: moment("Mon 12:00"), DeploymentOptions: clientagent.DeploymentOptions{PreDownload: true}},
	}, MaxRunTimes: map[uuid.UUID]time.Duration{updateID("a"): time.Minute}, ServiceWindows: clientagent.ServiceWindows{{ID: "w"}}}
	err := p.Validate()
	var all *multierror.Error
	require.ErrorAs(t, err, &all)
	for _, reason := range []string{"grace period", "outside of maintenance windows", "pre-download", "5 to 9999", `window "w"`} {
		require.ErrorContains(t, err, reason)
	}
	p.Deployments[0].DeploymentOptions = clientagent.DeploymentOptions{PreDownload: true, LocalTime: true, SuppressReboot: clientagent.SuppressAll}
	p.Deployments[1].DeploymentOptions = clientagent.DeploymentOptions{SoftDeadlineEnabled: true, UserExperience: clientagent.HideAll}
	p.MaxRunTimes[updateID("a")], p.ServiceWindows = clientagent.ShortestMaxRunTime, nil
	require.NoError(t, p.Validate())
}

// A policy that says the same in another zone changes nothing; one that says something else lets a failed deployment try again.
func TestSameMomentInAnotherZoneIsNoChange(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.machine.fail["a"] = failing(clientagent.CodeExecutionTimeout)
	l.site.deploy("d", l.now, moment("Mon 12:00"), "a")
	l.passWith(5*time.Hour, clientagent.CodeExecutionTimeout)
	require.Equal(t, 1, l.machine.installs["a"])
	edit := func(change func(d *clientagent.Deployment)) {
		l.site.change(func(p *clientagent.Policy) {
			d := p.Deployments[0]
			change(&d)
			p.Deployments = []clientagent.Deployment{d}
		})
		l.passWith(2*time.Hour, clientagent.CodeExecutionTimeout)
	}
	edit(func(d *clientagent.Deployment) {
		d.EnforcementDeadline = d.EnforcementDeadline.In(time.FixedZone("", 3600))
	})
	require.Equal(t, 1, l.machine.installs["a"])
	edit(func(d *clientagent.Deployment) { d.SuppressReboot = clientagent.SuppressServers })
	require.Equal(t, 2, l.machine.installs["a"])
}
