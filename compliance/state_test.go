package compliance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/compliance"
)

func TestStateWords(t *testing.T) {
	for state, want := range map[compliance.State][2]string{
		compliance.Unknown:     {"Unknown", "unknown"},
		compliance.NotRequired: {"Not Required", "notRequired"},
		compliance.Required:    {"Required", "required"},
		compliance.Installed:   {"Installed", "installed"},
	} {
		require.Equal(t, want[0], state.String())
		text, err := state.MarshalText()
		require.NoError(t, err)
		require.Equal(t, want[1], string(text))
		var back compliance.State
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, state, back)
	}
	_, err := compliance.State(4).MarshalText()
	require.ErrorContains(t, err, "state 4")
	var state compliance.State
	require.ErrorContains(t, state.UnmarshalText([]byte("Required")), `"Required"`)
	require.Equal(t, "State(4)", compliance.State(4).String())
}

// The first and last state of every topic type, from the product's list.
func TestStateNames(t *testing.T) {
	for _, want := range []struct {
		topic    compliance.TopicType
		constant string
		last     int
		word     string
	}{
		{300, "SUM_ASSIGNMENT_COMPLIANCE", int(compliance.ConflictDetected), "Conflict detected"},
		{301, "SUM_ASSIGNMENT_ENFORCEMENT", int(compliance.EnforcementWaitingForSuperseding), "Waiting for superseding update"},
		{302, "SUM_ASSIGNMENT_EVALUATION", int(compliance.EvaluationFailed), "Evaluation failed"},
		{402, "SUM_CI_ENFORCEMENT", int(compliance.CIDownloadFailed), "Failed to download update"},
		{500, "SUM_UPDATE_DETECTION", int(compliance.Installed), "Update is installed"},
		{501, "SUM_UPDATE_SOURCE_SCAN", int(compliance.ScanCompletedWithErrors), "Scan completed with errors"},
	} {
		require.Equal(t, want.constant, want.topic.String())
		require.Equal(t, want.word, want.topic.StateName(want.last))
		require.NotEmpty(t, want.topic.StateName(0))
		require.Empty(t, want.topic.StateName(want.last+1))
		require.Empty(t, want.topic.StateName(-1))
	}
	require.Equal(t, "RESYNC_STATE_MSG", compliance.ResyncStateMsg.String())
	require.Empty(t, compliance.ResyncStateMsg.StateName(0))
	require.Equal(t, "TopicType(820)", compliance.TopicType(820).String())
}
