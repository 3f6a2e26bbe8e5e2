package wsus_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/storage/memory"
	"github.com/seed599db172/softwareupdates/wsus"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// The categories of the tests below: a product in a family of a company, another product, two classifications.
var (
	ruleCompany, ruleFamily, ruleProduct, ruleOther = id(201), id(202), id(203), id(204)
	ruleCategories                                  = []document{
		{id: ruleCompany, kind: "Category", category: "Company", title: "Company"},
		{id: ruleFamily, kind: "Category", category: "ProductFamily", title: "Family", prerequisites: [][]uuid.UUID{{ruleCompany}}},
		{id: ruleProduct, kind: "Category", category: "Product", title: "Product", prerequisites: [][]uuid.UUID{{ruleFamily}}},
		{id: ruleOther, kind: "Category", category: "Product", title: "Other", prerequisites: [][]uuid.UUID{{ruleCompany}}},
		{id: wsus.SecurityUpdates, kind: "Category", category: "UpdateClassification", title: "Security Updates"},
		{id: wsus.CriticalUpdates, kind: "Category", category: "UpdateClassification", title: "Critical Updates"},
	}
)

func classified(n int, product, classification uuid.UUID) document {
	return document{id: id(n), title: "update", deployable: true, prerequisites: [][]uuid.UUID{{product}, {classification}}}
}

func ruleServer(t *testing.T, now time.Time) *wsus.Server {
	t.Helper()
	server, err := wsus.NewServer(t.Context(), wsus.Config{Store: memory.Open().WSUS(), Content: content.Memory(), Now: func() time.Time { return now }})
	require.NoError(t, err)
	return server
}

func approvedBy(results []wsus.RuleResult) map[uuid.UUID]string {
	approved := map[uuid.UUID]string{}
	for _, r := range results {
		approved[r.UpdateID] += r.RuleName
		if r.Err != nil {
			approved[r.UpdateID] += "!"
		}
	}
	return approved
}

func TestRuleRunsAfterImport(t *testing.T) {
	ctx := context.Background()
	server := ruleServer(t, time.Date(2026, 2, 27, 23, 30, 0, 0, time.FixedZone("", -3600)))
	_, err := server.Import(ctx, folder(append(ruleCategories, classified(9, ruleProduct, wsus.SecurityUpdates))...))
	require.NoError(t, err)
	lab, err := server.CreateTargetGroup(ctx, "Lab")
	require.NoError(t, err)
	rule, err := server.CreateInstallApprovalRule(ctx, wsus.InstallApprovalRule{Name: "A", Enabled: true, Action: wsus.Install,
		Deadline: &wsus.RuleDeadline{DayOffset: 3, MinutesAfterMidnight: 90}, Categories: []uuid.UUID{ruleFamily},
		Classifications: []uuid.UUID{wsus.SecurityUpdates}, Groups: []uuid.UUID{lab.ID, wsus.UnassignedComputers}})
	require.NoError(t, err)
	_, err = server.CreateInstallApprovalRule(ctx, wsus.InstallApprovalRule{Name: "B", Enabled: true, Action: wsus.OptionalInstall,
		Classifications: []uuid.UUID{wsus.SecurityUpdates, wsus.CriticalUpdates}, Groups: []uuid.UUID{lab.ID}})
	require.NoError(t, err)
	_, err = server.CreateInstallApprovalRule(ctx, wsus.InstallApprovalRule{Name: "off", Action: wsus.Install, Groups: []uuid.UUID{lab.ID}})
	require.NoError(t, err)

	expired := classified(6, ruleProduct, wsus.SecurityUpdates)
	expired.expired = true
	pending := classified(7, ruleProduct, wsus.SecurityUpdates)
	pending.attributes = `EulaID="` + id(100).String() + `"`
	report, err := server.Import(ctx, folder(
		classified(1, ruleProduct, wsus.SecurityUpdates), classified(2, ruleProduct, wsus.CriticalUpdates),
		classified(3, ruleOther, wsus.SecurityUpdates), classified(4, ruleOther, wsus.DefinitionUpdates),
		document{id: id(5), title: "part", prerequisites: [][]uuid.UUID{{ruleProduct}, {wsus.SecurityUpdates}}}, expired, pending))
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]string{id(1): "AA", id(2): "B", id(3): "B", id(7): "A!A!"}, approvedBy(report.RuleResults),
		"not 4, of no rule's classification; not 9, which was there before")
	approvals := server.Approvals(ctx, id(1))
	require.Len(t, approvals, 2)
	require.Equal(t, wsus.AutomaticApproval, approvals[0].AdministratorName)
	require.Equal(t, time.Date(2026, 3, 3, 1, 30, 0, 0, time.UTC), approvals[0].Deadline, "in UTC it is the 28th already")
	require.Empty(t, server.Approvals(ctx, id(7)))

	// A new revision of an update for which nothing was decided is looked at like a new one; a decision is never touched.
	require.NoError(t, server.Approve(ctx, id(9), wsus.NotApproved, lab.ID))
	revised := classified(9, ruleProduct, wsus.SecurityUpdates)
	revised.revision = 2
	report, err = server.Import(ctx, folder(revised))
	require.NoError(t, err)
	require.Len(t, report.RuleResults, 1)
	require.Equal(t, wsus.RuleResult{Rule: rule.ID, RuleName: "A", UpdateID: id(9), Revision: 2, Title: "update", Group: wsus.UnassignedComputers}, report.RuleResults[0])

	// What waited for its license is decided when the rule is applied again.
	require.NoError(t, server.AcceptLicenseAgreement(ctx, id(7), "anna"))
	results, err := server.ApplyInstallApprovalRule(ctx, rule.ID)
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]string{id(7): "AA"}, approvedBy(results))
	results, err = server.ApplyInstallApprovalRule(ctx, rule.ID)
	require.NoError(t, err)
	require.Empty(t, results)

	require.NoError(t, server.DeleteInstallApprovalRule(ctx, rule.ID))
	_, err = server.ApplyInstallApprovalRule(ctx, rule.ID)
	require.ErrorIs(t, err, wsus.ErrNotFound)
	rules, err := server.InstallApprovalRules(ctx)
	require.NoError(t, err)
	require.Len(t, rules, 2)
	require.NotEmpty(t, server.Approvals(ctx, id(7)), "what it has approved stays approved")
}

// Drivers have a classification like everything else, by which rules approve them, and a computer that needs one gets it.
func TestRuleApprovesDrivers(t *testing.T) {
	ctx := t.Context()
	server := newServer(t, document{id: wsus.Drivers, kind: "Category", category: "UpdateClassification", title: "Drivers"})
	for _, rule := range []wsus.InstallApprovalRule{
		{Name: "drivers", Enabled: true, Action: wsus.Install, Classifications: []uuid.UUID{wsus.Drivers}, Groups: []uuid.UUID{wsus.AllComputers}},
		{Name: "security", Enabled: true, Action: wsus.Install, Classifications: []uuid.UUID{wsus.SecurityUpdates}, Groups: []uuid.UUID{wsus.AllComputers}},
	} {
		_, err := server.CreateInstallApprovalRule(ctx, rule)
		require.NoError(t, err)
	}
	one := driverUpdate(1, driver{})
	one.prerequisites = [][]uuid.UUID{{wsus.Drivers}}
	report, err := server.Import(ctx, folder(one))
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]string{id(1): "drivers"}, approvedBy(report.RuleResults))
	agent := newWUA(t, server, "pc1", "")
	request := driverRequest(empty("a"))
	for _, u := range agent.sync(t, clientsync.SyncParameters{}).NewUpdates {
		request.InstalledNonLeafUpdateIDs = append(request.InstalledNonLeafUpdateIDs, u.ID)
	}
	require.Equal(t, []uuid.UUID{id(1)}, identities(t, agent.sync(t, request).NewUpdates))
}

// A rule for a group that was deleted does what is left of it.
func TestRuleOutlivesItsGroup(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, document{id: id(1), title: "one", deployable: true})
	lab, err := server.CreateTargetGroup(ctx, "Lab")
	require.NoError(t, err)
	rule, err := server.CreateInstallApprovalRule(ctx, wsus.InstallApprovalRule{Name: "A", Action: wsus.Scan, Groups: []uuid.UUID{lab.ID, wsus.AllComputers}})
	require.NoError(t, err)
	require.NoError(t, server.DeleteTargetGroup(ctx, lab.ID))
	results, err := server.ApplyInstallApprovalRule(ctx, rule.ID)
	require.NoError(t, err)
	require.Len(t, results, 1)
	require.Equal(t, wsus.AllComputers, results[0].Group)
}

func TestRuleRefusesEverythingAtOnce(t *testing.T) {
	server := newServer(t)
	_, err := server.CreateInstallApprovalRule(t.Context(), wsus.InstallApprovalRule{Name: " ", Action: wsus.Uninstall,
		Deadline: &wsus.RuleDeadline{DayOffset: -1, MinutesAfterMidnight: 1440}})
	var faults *multierror.Error
	require.ErrorAs(t, err, &faults)
	require.Len(t, faults.Errors, 6)
	_, err = server.CreateInstallApprovalRule(t.Context(), wsus.InstallApprovalRule{Name: "A", Action: wsus.Install, Groups: []uuid.UUID{id(9)}})
	require.ErrorIs(t, err, wsus.ErrNotFound)
	_, err = server.CreateInstallApprovalRule(t.Context(), wsus.InstallApprovalRule{Name: "A", Action: wsus.Install, Groups: []uuid.UUID{wsus.DownstreamServers}})
	require.ErrorIs(t, err, wsus.ErrBuiltIn)
	rules, err := server.InstallApprovalRules(t.Context())
	require.NoError(t, err)
	require.Empty(t, rules)
}
