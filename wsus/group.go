package wsus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// CreateTargetGroup makes a computer target group. Clients join it by client-side targeting: they send its name. It answers
// ErrConflict for a name that is taken, without regard to case.
func (s *Server) CreateTargetGroup(ctx context.Context, name string) (TargetGroup, error) {
	name = strings.TrimSpace(name)
	if name == "" || strings.ContainsAny(name, ";") {
		return TargetGroup{}, errors.New("create target group: the name must not be empty or hold a semicolon")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, taken := range []string{"All Computers", "Unassigned Computers", "Downstream Servers"} {
		if strings.EqualFold(name, taken) {
			return TargetGroup{}, fmt.Errorf("create target group %q: %w: the name is built in", name, ErrConflict)
		}
	}
	g := TargetGroup{ID: uuid.New(), Name: name}
	if err := s.store.PutGroup(ctx, g); err != nil {
		return TargetGroup{}, fmt.Errorf("create target group %q: %w", name, err)
	}
	return g, s.refreshView(ctx)
}

// TargetGroups returns the groups that were created, ordered by name.
func (s *Server) TargetGroups(context.Context) []TargetGroup {
	return slices.Clone(s.view.Load().groups)
}
