package storagetest

import (
	"context"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Whose patience has ended writes nothing and gets nothing.
func wsusDecisionsCancelled(s *subject[wsus.Store]) {
	ctx := cancelled()
	calls := map[string]func() error{
		"Approvals":        func() error { _, err := s.store.Approvals(ctx); return err },
		"PutApprovals":     func() error { _, err := s.store.PutApprovals(ctx, wsus.Approval{UpdateID: update(1)}); return err },
		"Groups":           func() error { _, _, err := s.store.Groups(ctx); return err },
		"PutGroup":         func() error { _, err := s.store.PutGroup(ctx, wsus.TargetGroup{ID: update(1)}); return err },
		"DeleteGroups":     func() error { return s.store.DeleteGroups(ctx, update(1)) },
		"PutMemberships":   func() error { _, err := s.store.PutMemberships(ctx, wsus.Membership{ComputerID: "x"}); return err },
		"Rules":            func() error { _, err := s.store.Rules(ctx); return err },
		"PutRule":          func() error { return s.store.PutRule(ctx, wsus.InstallApprovalRule{ID: update(1)}) },
		"DeleteRule":       func() error { return s.store.DeleteRule(ctx, update(1)) },
		"Licenses":         func() error { _, err := s.store.Licenses(ctx); return err },
		"PutLicense":       func() error { return s.store.PutLicense(ctx, wsus.AcceptedLicense{EulaID: update(1)}) },
		"Configuration":    func() error { _, err := s.store.Configuration(ctx); return err },
		"Subscription":     func() error { _, err := s.store.Subscription(ctx); return err },
		"PutSubscription":  func() error { return s.store.PutSubscription(ctx, wsus.Subscription{}) },
		"LeftOut":          func() error { _, err := s.store.LeftOut(ctx, update(1)); return err },
		"PutLeftOut":       func() error { return s.store.PutLeftOut(ctx, wsus.LeftOut{UpdateID: update(1)}) },
		"PutConfiguration": func() error { return s.store.PutConfiguration(ctx, wsus.Configuration{}) },
	}
	for name, call := range calls {
		require.ErrorIs(s, call(), context.Canceled, name)
	}
	require.Equal(s, int64(1), approve(s, wsus.Approval{UpdateID: update(1)}).Sequence, "not one number was taken")
	all, regrouped := groups(s)
	require.Empty(s, all)
	require.Zero(s, regrouped)
	rules, err := s.store.Rules(s.Context())
	require.NoError(s, err)
	require.Empty(s, rules)
	_, err = s.store.Configuration(s.Context())
	require.ErrorIs(s, err, wsus.ErrNotFound)
	_, err = s.store.Subscription(s.Context())
	require.ErrorIs(s, err, wsus.ErrNotFound)
	_, err = s.store.LeftOut(s.Context(), update(1))
	require.ErrorIs(s, err, wsus.ErrNotFound)
}
