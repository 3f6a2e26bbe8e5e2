package snapshot_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
)

func TestSurroundings(t *testing.T) {
	told := func(m *snapshot.Machine) (answers [3]bool, domain string) {
		var faults [4]error
		answers[0], faults[0] = m.UserLoggedOn(t.Context())
		answers[1], faults[1] = m.Metered(t.Context())
		answers[2], faults[2] = m.OnIntranet(t.Context())
		domain, faults[3] = m.UpdateService(t.Context())
		require.Equal(t, [4]error{}, faults)
		return answers, domain
	}
	answers, domain := told(shipped(t, "windows10-22h2"))
	require.Equal(t, [3]bool{false, false, true}, answers)
	require.Empty(t, domain)
	require.NotContains(t, encoded(t, shipped(t, "windows10-22h2")), "surroundings", "files of earlier versions stay as they are")

	m := decoded(t, `{"name": "pc", "system": {"version": [10, 0, 1, 1]}, "surroundings": {"userLoggedOn": true, "metered": true,
		"offIntranet": true, "domainUpdateService": "http://wsus.corp.example:8530"}}`)
	for _, m := range []*snapshot.Machine{m, decoded(t, encoded(t, m))} {
		answers, domain = told(m)
		require.Equal(t, [3]bool{true, true, false}, answers)
		require.Equal(t, "http://wsus.corp.example:8530", domain)
		now := m.Surroundings()
		now.Metered = false
		m.Surround(now)
		answers, _ = told(m)
		require.Equal(t, [3]bool{true, false, false}, answers)
		require.NoError(t, m.Restart(t.Context()))
		require.Equal(t, now, m.Surroundings())
	}
	_, err := snapshot.Decode(strings.NewReader(`{"name": "pc", "surroundings": {"online": true}}`))
	require.ErrorContains(t, err, "online")
}
