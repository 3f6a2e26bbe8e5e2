package clientagent_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

func TestDefaultSettingsAreTheProducts(t *testing.T) {
	s := clientagent.DefaultSettings()
	require.NoError(t, s.Validate())
	require.Equal(t, s, s.Effective())
	require.Equal(t, clientagent.Settings{Enabled: true, ScanInterval: 168 * time.Hour, ReevaluationInterval: 168 * time.Hour,
		PolicyPollingInterval: 60 * time.Minute, StateMessageInterval: 15 * time.Minute}, s)
	text, err := json.Marshal(s)
	require.NoError(t, err)
	var back clientagent.Settings
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, s, back)
}

func TestSettingsTellAllFaultsAtOnce(t *testing.T) {
	err := clientagent.Settings{ScanInterval: -1, ReevaluationInterval: 32 * 24 * time.Hour}.Validate()
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 4)
}

func TestIntervalsBelowADayAreRaised(t *testing.T) {
	for given, want := range map[time.Duration]time.Duration{
		time.Hour: 24 * time.Hour, 24*time.Hour - 1: 24 * time.Hour, 24 * time.Hour: 24 * time.Hour, 25 * time.Hour: 25 * time.Hour, 0: 168 * time.Hour,
	} {
		s := clientagent.Settings{ScanInterval: given, ReevaluationInterval: given}.Effective()
		require.Equal(t, want, s.ScanInterval, "%v", given)
		require.Equal(t, want, s.ReevaluationInterval, "%v", given)
	}
}

func TestNewTellsAllThatIsMissing(t *testing.T) {
	_, err := clientagent.New(clientagent.Config{})
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 4)
}

func TestLaboratoryPaceShortensEveryCycle(t *testing.T) {
	l := newLab(t, leaf("a"))
	l.config.Pace = clientagent.Laboratory(time.Second)
	l.start()
	id := l.site.deploy("d", l.now, l.now.Add(3*time.Second), "a")
	l.pass(5 * time.Second)
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	l.machine.set("a", false)
	l.pass(25 * time.Second)
	require.True(t, l.machine.has("a"), "re-evaluation")
}
