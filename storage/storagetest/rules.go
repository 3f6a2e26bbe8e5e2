package storagetest

import (
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

func wsusRules(s *subject[wsus.Store]) {
	all, err := s.store.Rules(s.Context())
	require.NoError(s, err)
	require.Empty(s, all)
	full := wsus.InstallApprovalRule{ID: update(1), Name: "b", Enabled: true, Action: wsus.OptionalInstall,
		Deadline: &wsus.RuleDeadline{DayOffset: 7, MinutesAfterMidnight: 0}, Categories: []uuid.UUID{update(5), update(4)},
		Classifications: []uuid.UUID{update(6)}, Groups: []uuid.UUID{update(7)}}
	bare := wsus.InstallApprovalRule{ID: update(3), Name: "a"}
	twin := wsus.InstallApprovalRule{ID: update(2), Name: "a"}
	for _, r := range []wsus.InstallApprovalRule{{ID: update(1), Name: "old"}, full, bare, twin} {
		require.NoError(s, s.store.PutRule(s.Context(), r))
	}
	full.Categories[0], full.Deadline.DayOffset = update(8), 9 // what the caller does with its own afterwards
	s.reopen()
	all, err = s.store.Rules(s.Context())
	require.NoError(s, err)
	full.Categories[0], full.Deadline.DayOffset = update(5), 7
	require.Equal(s, []wsus.InstallApprovalRule{twin, bare, full}, all)

	require.NoError(s, s.store.DeleteRule(s.Context(), update(3)))
	require.NoError(s, s.store.DeleteRule(s.Context(), update(3)))
	s.reopen()
	all, err = s.store.Rules(s.Context())
	require.NoError(s, err)
	require.Equal(s, []wsus.InstallApprovalRule{twin, full}, all)
}

func wsusLicenses(s *subject[wsus.Store]) {
	all, err := s.store.Licenses(s.Context())
	require.NoError(s, err)
	require.Empty(s, all)
	l := wsus.AcceptedLicense{EulaID: update(1), UpdateID: update(2), Revision: 3, AdministratorName: `LAB\x`, Accepted: at}
	other := wsus.AcceptedLicense{EulaID: update(1), UpdateID: update(3), Accepted: at.Add(time.Hour)}
	for _, one := range []wsus.AcceptedLicense{{EulaID: update(1), UpdateID: update(2), Revision: 1}, other, l} {
		require.NoError(s, s.store.PutLicense(s.Context(), one))
	}
	s.reopen()
	all, err = s.store.Licenses(s.Context())
	require.NoError(s, err)
	l.Accepted, other.Accepted = kept(l.Accepted), kept(other.Accepted)
	require.ElementsMatch(s, []wsus.AcceptedLicense{l, other}, all)
}

func wsusConfiguration(s *subject[wsus.Store]) {
	_, err := s.store.Configuration(s.Context())
	require.ErrorIs(s, err, wsus.ErrNotFound)
	for _, c := range []wsus.Configuration{
		{TargetingMode: wsus.ServerTargeting}, {AutoRefreshUpdateApprovals: true}, {AutoRefreshUpdateApprovalsDeclineExpired: true}, {}} {
		require.NoError(s, s.store.PutConfiguration(s.Context(), c))
		s.reopen()
		got, err := s.store.Configuration(s.Context())
		require.NoError(s, err)
		require.Equal(s, c, got)
	}
}
