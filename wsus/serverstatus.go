package wsus

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// UpdateServerStatus are the counters of the product's object of that name (MS-WUSSS §3.1.4.14), for what can be approved, each update once.
// Two of the product's are left out, because nothing here is behind them: this server downloads nothing by itself, so that there are no
// errors of it, and installs no infrastructure of its own.
type UpdateServerStatus struct {
	UpdateCount         int
	DeclinedUpdateCount int
	// ApprovedUpdateCount are those with an Install or Uninstall for some group, NotApprovedUpdateCount the others that are not declined.
	ApprovedUpdateCount, NotApprovedUpdateCount int
	// UpdatesWithStaleUpdateApprovalsCount have an approval of an older revision than the one in force.
	UpdatesWithStaleUpdateApprovalsCount int
	ExpiredUpdateCount                   int
	// CriticalOrSecurityUpdatesNotApprovedForInstallCount are those of these classifications that nobody is to install.
	CriticalOrSecurityUpdatesNotApprovedForInstallCount int
	// UpdatesNeedingFilesCount are approved for installation while some of their files are not here.
	UpdatesNeedingFilesCount int
	// UpdatesWithClientErrorsCount failed on some computer, UpdatesNeededByComputersCount are needed by one, and UpdatesUpToDateCount are
	// installed or not applicable everywhere. An update about which some computer has not reported is none of the last.
	UpdatesWithClientErrorsCount, UpdatesNeededByComputersCount, UpdatesUpToDateCount int

	CustomComputerTargetGroupCount int
	ComputerTargetCount            int
	// The same from the computers' side.
	ComputerTargetsWithUpdateErrorsCount, ComputerTargetsNeedingUpdatesCount, ComputersUpToDateCount int
}

// Status counts what an administrator looks at first. It asks the content store for the files of what is approved for installation.
func (s *Server) Status(ctx context.Context) (UpdateServerStatus, error) {
	v := s.view.Load()
	status := UpdateServerStatus{CustomComputerTargetGroupCount: len(v.tree.own)}
	for r := range v.generation.All() {
		if !r.Deployable || !v.inForce(r) {
			continue
		}
		status.decided(v, r)
		if v.declined[r.UpdateID] || !v.approvedFor(r.UpdateID, offers) {
			continue
		}
		missing, err := s.MissingContent(ctx, r.UpdateID)
		if err != nil {
			return UpdateServerStatus{}, fmt.Errorf("status: %w", err)
		}
		if len(missing) > 0 {
			status.UpdatesNeedingFilesCount++
		}
	}
	t, err := s.count(ctx, AllComputers)
	if err != nil {
		return UpdateServerStatus{}, fmt.Errorf("status: %w", err)
	}
	status.reported(t)
	return status, nil
}

// decided counts what administrators and publishers have decided about a revision in force.
func (s *UpdateServerStatus) decided(v *view, r *catalog.Revision) {
	s.UpdateCount++
	if r.Expired {
		s.ExpiredUpdateCount++
	}
	if v.declined[r.UpdateID] {
		s.DeclinedUpdateCount++
		return
	}
	states := v.approvedStates(r, acts)
	if states == NoUpdateApproved {
		s.NotApprovedUpdateCount++
	} else {
		s.ApprovedUpdateCount++
	}
	if states&HasStaleUpdateApprovals != 0 {
		s.UpdatesWithStaleUpdateApprovalsCount++
	}
	if critical(v, r) && !v.approvedFor(r.UpdateID, func(a Action) bool { return a == Install }) {
		s.CriticalOrSecurityUpdatesNotApprovedForInstallCount++
	}
}

func critical(v *view, r *catalog.Revision) bool {
	c := v.category(r, "UpdateClassification")
	return c != nil && (c.UpdateID == metadata.CriticalUpdates || c.UpdateID == metadata.SecurityUpdates)
}

// reported counts what computers have reported.
func (s *UpdateServerStatus) reported(t *tally) {
	for _, u := range t.perUpdate() {
		classify(u.States, &s.UpdatesWithClientErrorsCount, &s.UpdatesNeededByComputersCount, &s.UpdatesUpToDateCount)
	}
	s.ComputerTargetCount = len(t.computers)
	for _, c := range t.computers {
		classify(c.States, &s.ComputerTargetsWithUpdateErrorsCount, &s.ComputerTargetsNeedingUpdatesCount, &s.ComputersUpToDateCount)
	}
}

func classify(states InstallationStates, errors, needing, upToDate *int) {
	if states[Failed] > 0 {
		*errors++
	}
	if states.Needed() > 0 {
		*needing++
	} else if states[Unknown] == 0 {
		*upToDate++
	}
}
