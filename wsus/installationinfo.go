package wsus

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
)

// InstallationInfo is how an update is doing on a computer, and what the computer gets of it: the product's IUpdateInstallationInfo.
type InstallationInfo struct {
	ComputerID string
	UpdateID   uuid.UUID
	State      UpdateInstallationState
	// Approval is the one that counts for the computer, by the table at Approval; the zero value when none reaches it.
	Approval Approval
}

// InstallationInfoPerComputerTarget says how an update is doing on each computer of a group and of those below it, ordered by computer:
// for example where it has failed. It answers ErrNotFound for an unknown update or group.
func (s *Server) InstallationInfoPerComputerTarget(ctx context.Context, update, group uuid.UUID) ([]InstallationInfo, error) {
	v := s.view.Load()
	r, ok := v.generation.Latest(update)
	if !ok {
		return nil, fmt.Errorf("installation info: update %s: %w", update, ErrNotFound)
	}
	if !v.tree.has(group) {
		return nil, fmt.Errorf("installation info: target group %s: %w", group, ErrNotFound)
	}
	within := v.tree.under(group)
	var all []InstallationInfo
	err := s.states.read(ctx, s.store, func() {
		for _, column := range s.states.column {
			if groups := s.groupsOf(v, column.computer); group == AllComputers || overlap(groups, within) {
				all = append(all, v.installationInfo(column.computer.ID, r, s.states.stateOf(column, r), v.tree.reach(groups)))
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("installation info of %s: %w", update, err)
	}
	slices.SortFunc(all, func(a, b InstallationInfo) int { return strings.Compare(a.ComputerID, b.ComputerID) })
	return all, nil
}

// InstallationInfoPerUpdate says how each update is doing on a computer: those that SummaryPerComputerTarget counts, in the order in which
// the catalogue learnt of them. It answers ErrNotFound for a computer that the server does not have.
func (s *Server) InstallationInfoPerUpdate(ctx context.Context, computerID string) ([]InstallationInfo, error) {
	v := s.view.Load()
	var all []InstallationInfo
	err := s.states.readColumn(ctx, s.store, computerID, func(column *stateColumn) {
		reach := v.tree.reach(s.groupsOf(v, column.computer))
		said := s.states.said(column)
		for r := range v.generation.All() {
			if v.counts(r) {
				all = append(all, v.installationInfo(computerID, r, s.states.stateIn(said, column, r), reach))
			}
		}
	})
	if err != nil {
		return nil, fmt.Errorf("installation info of %s: %w", computerID, err)
	}
	return all, nil
}

func (v *view) installationInfo(computerID string, r *catalog.Revision, state UpdateInstallationState, groups reach) InstallationInfo {
	approval, _ := v.approvalFor(r.UpdateID, groups)
	return InstallationInfo{ComputerID: computerID, UpdateID: r.UpdateID, State: state, Approval: approval}
}

func overlap(a, b []uuid.UUID) bool {
	return slices.ContainsFunc(a, func(id uuid.UUID) bool { return slices.Contains(b, id) })
}
