package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus"
)

// Rules implements wsus.RuleStore.
func (s *WSUS) Rules(ctx context.Context) ([]wsus.InstallApprovalRule, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := slices.SortedFunc(maps.Values(s.rules), func(a, b wsus.InstallApprovalRule) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), slices.Compare(a.ID[:], b.ID[:]))
	})
	for i := range all {
		all[i] = cloneRule(all[i])
	}
	return all, nil
}

// PutRule implements wsus.RuleStore.
func (s *WSUS) PutRule(ctx context.Context, r wsus.InstallApprovalRule) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules[r.ID] = cloneRule(r)
	return nil
}

func cloneRule(r wsus.InstallApprovalRule) wsus.InstallApprovalRule {
	if r.Deadline != nil {
		deadline := *r.Deadline
		r.Deadline = &deadline
	}
	r.Categories, r.Classifications, r.Groups = slices.Clone(r.Categories), slices.Clone(r.Classifications), slices.Clone(r.Groups)
	return r
}

// DeleteRule implements wsus.RuleStore.
func (s *WSUS) DeleteRule(ctx context.Context, id uuid.UUID) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.rules, id)
	return nil
}
