package snapshot_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent/snapshot"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

var (
	_ applicability.History   = (*snapshot.Machine)(nil)
	_ applicability.Licensing = (*snapshot.Machine)(nil)
	_ applicability.Cluster   = (*snapshot.Machine)(nil)
	_ applicability.Equipped  = (*snapshot.Machine)(nil)
	_ applicability.Drivers   = (*snapshot.Machine)(nil)
	_ applicability.History   = (*snapshot.Recorder)(nil)
	_ applicability.Licensing = (*snapshot.Recorder)(nil)
	_ applicability.Cluster   = (*snapshot.Recorder)(nil)
	_ applicability.Equipped  = (*snapshot.Recorder)(nil)
	_ applicability.Drivers   = (*snapshot.Recorder)(nil)
)

const extended = `{"name": "pc.lab.example", "system": {"version": [10, 0, 1, 1]},
	"equipment": {"memory": 4096, "featureLevel": [11, 0], "cameras": []},
	"devices": {"computer": ["5b1f2c60-3c0e-4c5b-9f4a-7d0e5a1c4001"], "devices": [{"hardwareIds": ["PCI\\A"], "driver":
		{"matchingId": "PCI\\A", "date": "2024-01-01T00:00:00Z", "version": [1, 2, 3, 4]}}]},
	"history": {"5b1f2c60-3c0e-4c5b-9f4a-7d0e5a1c4002": true},
	"licenses": {"Kernel-Edition": {"type": "REG_DWORD", "data": 7}},
	"cluster": {"node": true, "resources": {"Database": true, "Quorum": false}}}`

// ask puts every question that the optional sections answer, and writes the answers down.
func ask(t *testing.T, m interface {
	applicability.History
	applicability.Licensing
	applicability.Cluster
	applicability.Equipped
	applicability.Drivers
}) (answers []any) {
	t.Helper()
	note := func(answer any, err error) {
		answers = append(answers, answer, err != nil)
	}
	note(m.Equipment(t.Context()))
	note(m.Devices(t.Context()))
	note(m.InstalledOnce(t.Context(), uuid.MustParse("5b1f2c60-3c0e-4c5b-9f4a-7d0e5a1c4002")))
	note(m.License(t.Context(), "kernel-edition"))
	note(m.License(t.Context(), "other"))
	note(m.ClusterNode(t.Context()))
	note(m.OwnsResource(t.Context(), "database"))
	note(m.OwnsResource(t.Context(), "quorum"))
	note(m.OwnsResource(t.Context(), "gone"))
	return answers
}

func TestOptionalSections(t *testing.T) {
	m, err := snapshot.Decode(strings.NewReader(extended))
	require.NoError(t, err)
	answers := ask(t, m)
	require.Equal(t, []any{true, false, applicability.Value{Type: "REG_DWORD", Number: 7}, false}, answers[4:8])
	require.Equal(t, []any{true, false, true, false, false, false}, answers[10:16])
	q, err := m.Equipment(t.Context())
	require.NoError(t, err)
	require.Equal(t, applicability.Equipment{Memory: 4096, FeatureLevel: &[2]int{11, 0}, Cameras: []string{}}, q)
	never, err := m.InstalledOnce(t.Context(), uuid.MustParse("5b1f2c60-3c0e-4c5b-9f4a-7d0e5a1c4003"))
	require.NoError(t, err)
	require.False(t, never)

	// The file says the same again, and so does a record of the questions.
	var file bytes.Buffer
	require.NoError(t, m.Encode(&file))
	again, err := snapshot.Decode(&file)
	require.NoError(t, err)
	require.Equal(t, answers, ask(t, again))
	r := snapshot.Record("pc.lab.example", m)
	require.Equal(t, answers, ask(t, r))
	recorded, err := r.Machine(t.Context())
	require.NoError(t, err)
	require.Equal(t, answers, ask(t, recorded))
	_, err = recorded.InstalledOnce(t.Context(), uuid.MustParse("5b1f2c60-3c0e-4c5b-9f4a-7d0e5a1c4003"))
	require.Error(t, err, "nobody asked for that")
}

// What is absent was asked for, and stays absent in the record; what nobody asked for is not told. The recorder may go on meanwhile.
func TestRecordedExtrasTellWhatWasAskedOnly(t *testing.T) {
	m := decoded(t, extended)
	r := snapshot.Record("pc.lab.example", m)
	_, err := r.License(t.Context(), "gone")
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = r.OwnsResource(t.Context(), "gone")
	require.ErrorIs(t, err, applicability.ErrNotFound)
	first, err := r.Machine(t.Context())
	require.NoError(t, err)
	ask(t, r)

	for _, recorded := range []*snapshot.Machine{first, decoded(t, encoded(t, first))} {
		_, err = recorded.License(t.Context(), "GONE")
		require.ErrorIs(t, err, applicability.ErrNotFound)
		_, err = recorded.OwnsResource(t.Context(), "GONE")
		require.ErrorIs(t, err, applicability.ErrNotFound)
		var missing *snapshot.NotRecordedError
		_, err = recorded.License(t.Context(), "Kernel-Edition")
		require.ErrorAs(t, err, &missing)
		require.Equal(t, "licensing value Kernel-Edition", missing.Fact)
		_, err = recorded.OwnsResource(t.Context(), "Database")
		require.ErrorAs(t, err, &missing)
		require.Equal(t, "cluster resource Database", missing.Fact)
		_, err = recorded.ClusterNode(t.Context())
		require.ErrorContains(t, err, "does not tell")
		for name, want := range map[string]applicability.Truth{"Kernel-Edition": applicability.Unknown, "gone": applicability.False} {
			rule := coreOf(t, `<b.LicenseValueExists Value="`+name+`"/>`, "").Rules.IsInstalled
			r, err := applicability.Evaluate(t.Context(), recorded, rule, nil, applicability.Options{Logic: applicability.ThreeValued})
			require.NoError(t, err)
			require.Equal(t, want, r.Truth, name)
		}
	}
}

// Without the sections the machine does not tell, and no rule becomes false for it; only licensing values are absent then.
func TestSectionsThatAreNotThere(t *testing.T) {
	m, err := snapshot.Decode(strings.NewReader(`{"name": "pc.lab.example", "system": {"version": [10, 0, 1, 1]}}`))
	require.NoError(t, err)
	for i, answer := range ask(t, m) {
		if i%2 == 1 {
			require.Equal(t, true, answer)
		}
	}
	_, err = m.License(t.Context(), "other")
	require.ErrorIs(t, err, applicability.ErrNotFound)
	_, err = m.OwnsResource(t.Context(), "gone")
	require.NotErrorIs(t, err, applicability.ErrNotFound)
	var file bytes.Buffer
	require.NoError(t, m.Encode(&file))
	for _, section := range []string{"equipment", "devices", "history", "licenses", "cluster"} {
		require.NotContains(t, file.String(), section)
	}
}
