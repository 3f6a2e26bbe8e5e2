package wsus

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// RuleResult is one update that an automatic approval rule selected.
type RuleResult struct {
	Rule     uuid.UUID
	RuleName string
	UpdateID uuid.UUID
	Revision int32
	Title    string
	Group    uuid.UUID
	// Err is nil when the update is approved now. A *LicenseError says that it is not, until somebody has accepted the agreement and
	// approved the update, or has applied the rule again.
	Err error
}

// CreateInstallApprovalRule keeps a rule. It gets an id when it has none; with one that is known it replaces that rule. Groups must exist;
// categories and classifications may still be to come. All that is wrong is said at once.
func (s *Server) CreateInstallApprovalRule(ctx context.Context, r InstallApprovalRule) (InstallApprovalRule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.ID == uuid.Nil {
		r.ID = uuid.New()
	}
	err := r.Validate()
	if err == nil {
		err = s.view.Load().tree.checkRuleGroups(r.Groups)
	}
	if err == nil {
		err = s.store.PutRule(ctx, r)
	}
	if err != nil {
		return InstallApprovalRule{}, fmt.Errorf("create rule %q: %w", r.Name, err)
	}
	return r, nil
}

func (t groupTree) checkRuleGroups(groups []uuid.UUID) error {
	for _, g := range groups {
		if !t.has(g) {
			return fmt.Errorf("target group %s: %w", g, ErrNotFound)
		}
		if g == DownstreamServers {
			return fmt.Errorf("%w: Downstream Servers holds servers, not computers", ErrBuiltIn)
		}
	}
	return nil
}

// InstallApprovalRules returns the rules, ordered by name.
func (s *Server) InstallApprovalRules(ctx context.Context) ([]InstallApprovalRule, error) {
	return s.store.Rules(ctx)
}

// DeleteInstallApprovalRule deletes a rule; what it has approved stays approved. That there is none is no error.
func (s *Server) DeleteInstallApprovalRule(ctx context.Context, id uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.DeleteRule(ctx, id)
}

// ApplyInstallApprovalRule runs a rule, enabled or not, over everything that is there, and says what it did: the product's ApplyRule.
// Like after an import, it never touches a decision that was made for the same update and group. It answers ErrNotFound for an unknown
// rule.
func (s *Server) ApplyInstallApprovalRule(ctx context.Context, id uuid.UUID) ([]RuleResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rules, err := s.store.Rules(ctx)
	if err != nil {
		return nil, fmt.Errorf("apply rule %s: %w", id, err)
	}
	i := slices.IndexFunc(rules, func(r InstallApprovalRule) bool { return r.ID == id })
	if i < 0 {
		return nil, fmt.Errorf("apply rule %s: %w", id, ErrNotFound)
	}
	results, err := s.runRules(ctx, rules[i:i+1], func(*catalog.Revision) bool { return true })
	if err != nil {
		return nil, fmt.Errorf("apply rule %s: %w", id, err)
	}
	return results, nil
}

// runEnabledRules runs the enabled rules over the updates whose revision in force is among the added.
func (s *Server) runEnabledRules(ctx context.Context, added []metadata.Identity) ([]RuleResult, error) {
	rules, err := s.store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	rules = slices.DeleteFunc(rules, func(r InstallApprovalRule) bool { return !r.Enabled })
	if len(rules) == 0 || len(added) == 0 {
		return nil, nil
	}
	isNew := make(map[metadata.Identity]bool, len(added))
	for _, id := range added {
		isNew[id] = true
	}
	return s.runRules(ctx, rules, func(r *catalog.Revision) bool { return isNew[r.Identity] })
}

// runRules runs rules over the revisions in force that are selected. Of two rules for the same update and group the first one by name
// decides.
func (s *Server) runRules(ctx context.Context, rules []InstallApprovalRule, selects func(*catalog.Revision) bool) ([]RuleResult, error) {
	run := ruleRun{s: s, v: s.view.Load(), decided: make(map[[2]uuid.UUID]bool)}
	for r := range run.v.generation.All() {
		if !selects(r) || !run.v.approvable(r) {
			continue
		}
		categories := updatesOf(categoriesOf(run.v.generation, r.Prerequisites))
		for _, rule := range rules {
			if rule.matches(categories) {
				run.apply(rule, r)
			}
		}
	}
	return run.results, s.putApprovals(ctx, run.approvals...)
}

// approvable says that a rule may select the revision.
func (v *view) approvable(r *catalog.Revision) bool {
	return r.Deployable && decidedAlone(r) && !r.Expired && !v.declined[r.UpdateID] && v.inForce(r)
}

func (r InstallApprovalRule) matches(categories []uuid.UUID) bool {
	oneOf := func(wanted []uuid.UUID) bool { return len(wanted) == 0 || overlap(wanted, categories) }
	return oneOf(r.Categories) && oneOf(r.Classifications)
}

// ruleRun collects what rules decide.
type ruleRun struct {
	s         *Server
	v         *view
	decided   map[[2]uuid.UUID]bool // update and group
	results   []RuleResult
	approvals []Approval
}

// apply decides about an update for the groups of a rule that have no decision yet. A group that was deleted is passed over.
func (x *ruleRun) apply(rule InstallApprovalRule, r *catalog.Revision) {
	for _, group := range rule.Groups {
		key := [2]uuid.UUID{r.UpdateID, group}
		if old, ok := x.v.approvalOf(r.UpdateID, group); ok && !old.Dead || x.decided[key] || !x.v.tree.has(group) {
			continue
		}
		x.decided[key] = true
		request := ApprovalRequest{UpdateID: r.UpdateID, Group: group, Action: rule.Action, Deadline: rule.Deadline.after(x.s.now()),
			AdministratorName: AutomaticApproval}
		_, err := x.v.checkApproval(request)
		if err == nil {
			x.approvals = append(x.approvals, x.s.newApproval(x.v, request, r.Identity.Revision))
		}
		x.results = append(x.results, RuleResult{Rule: rule.ID, RuleName: rule.Name, UpdateID: r.UpdateID, Revision: r.Identity.Revision,
			Title: r.Title, Group: group, Err: err})
	}
}
