package updatepoint

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// RoleName is how a software update point is listed on its site system (SMS_SCI_SysResUse.RoleName).
const RoleName = "SMS Software Update Point"

// RoleStatus is the condition of a site system role, in the words of the product's site status.
type RoleStatus string

// The three conditions.
const (
	StatusOK       RoleStatus = "OK"
	StatusWarning  RoleStatus = "Warning"
	StatusCritical RoleStatus = "Critical"
)

// SiteSystem is a server that holds roles of the site.
type SiteSystem struct {
	Name  string
	Added time.Time
	Roles []Role
}

// Role is one site system role. Detail says why Status is not OK.
type Role struct {
	Name   string
	Status RoleStatus
	Detail string
}

type systemRecord struct {
	Name  string    `json:"name"`
	Added time.Time `json:"added"`
}

// AddSiteSystem makes a server a site system. The name is a host name; one that is there already, compared without case, is no
// error.
func (s *Site) AddSiteSystem(ctx context.Context, name string) error {
	if err := validateHostName(name); err != nil {
		return fmt.Errorf("add site system: %w", err)
	}
	s.changing.Lock()
	defer s.changing.Unlock()
	if s.hasSystem(name) {
		return nil
	}
	record := systemRecord{Name: name, Added: s.now()}
	err := s.commit(ctx, changes{systemKey(name): record}, func(st *state) { st.systems[strings.ToLower(name)] = record })
	if err != nil {
		return fmt.Errorf("add site system %s: %w", name, err)
	}
	return nil
}

// SiteSystems returns the site systems with their roles, ordered by name.
func (s *Site) SiteSystems(ctx context.Context) ([]SiteSystem, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	systems := make([]SiteSystem, 0, len(s.state.systems))
	for _, record := range s.state.systems {
		system := SiteSystem{Name: record.Name, Added: record.Added}
		if p := s.state.point; p != nil && strings.EqualFold(p.Server, record.Name) {
			system.Roles = append(system.Roles, s.role())
		}
		systems = append(systems, system)
	}
	slices.SortFunc(systems, func(a, b SiteSystem) int { return cmp.Compare(a.Name, b.Name) })
	return systems, nil
}

// role describes the software update point. The caller holds mu.
func (s *Site) role() Role {
	role := Role{Name: RoleName, Status: StatusWarning}
	if s.point == nil {
		role.Detail = ErrNotConnected.Error()
		return role
	}
	condition := s.point.condition()
	role.Detail = condition.Reason
	switch condition.State {
	case ConfigSuccess:
		role.Status = StatusOK
		if found := ailments(s.point.server()); found != "" {
			role.Status, role.Detail = StatusWarning, found
		}
	case ConfigFailed:
		role.Status = StatusCritical
	}
	return role
}

func (s *Site) hasSystem(name string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.state.systems[strings.ToLower(name)]
	return ok
}

func systemKey(name string) string { return keySystems + strings.ToLower(name) }
