package wsus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/google/uuid"
)

// MaxNameBytes bounds the names of target groups and rules, as the product does.
const MaxNameBytes = 255

// namedOutside are the characters that the product allows in no group name. The semicolon stands between names that clients send.
const namedOutside = "~!@#$^&*()=+[]\\{}|;:'\"<>/"

// CreateTargetGroup makes a computer target group at the top, below All Computers. With client-side targeting clients join it by
// sending its name, with server-side targeting by AddComputerTarget. It answers ErrConflict for a name that is taken, without regard
// to case.
func (s *Server) CreateTargetGroup(ctx context.Context, name string) (TargetGroup, error) {
	return s.CreateChildTargetGroup(ctx, name, AllComputers)
}

// CreateChildTargetGroup makes a group in another one: what is approved for the parent reaches its computers too, unless the group has
// an approval of its own. It answers ErrNotFound for an unknown parent, ErrBuiltIn for one that has no groups in it, and ErrGroupTree
// when more than MaxGroupDepth groups would lie in one another.
func (s *Server) CreateChildTargetGroup(ctx context.Context, name string, parent uuid.UUID) (TargetGroup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.putGroup(ctx, TargetGroup{ID: uuid.New(), Name: strings.TrimSpace(name), ParentID: parent})
	if err != nil {
		return TargetGroup{}, fmt.Errorf("create target group %q: %w", name, err)
	}
	return g, nil
}

// RenameTargetGroup gives a group another name. Its computers and approvals stay; with client-side targeting, clients that send the
// old name leave it at their next handshake.
func (s *Server) RenameTargetGroup(ctx context.Context, id uuid.UUID, name string) error {
	return s.changeGroup(ctx, "rename", id, func(g *TargetGroup) { g.Name = strings.TrimSpace(name) })
}

// MoveTargetGroup puts a group, with all that are in it, into another one, or to the top with AllComputers. It answers ErrGroupTree
// when the group would lie in itself, or too many in one another. Every client's next answer tells it of all it has cached.
func (s *Server) MoveTargetGroup(ctx context.Context, id, parent uuid.UUID) error {
	return s.changeGroup(ctx, "move", id, func(g *TargetGroup) { g.ParentID = parent })
}

func (s *Server) changeGroup(ctx context.Context, what string, id uuid.UUID, change func(*TargetGroup)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.view.Load().tree.changeable(id)
	if err == nil {
		before := g
		if change(&g); g == before {
			return nil
		}
		_, err = s.putGroup(ctx, g)
	}
	if err != nil {
		return fmt.Errorf("%s target group %s: %w", what, id, err)
	}
	return nil
}

// putGroup checks and keeps a group, new or changed.
func (s *Server) putGroup(ctx context.Context, g TargetGroup) (TargetGroup, error) {
	if err := s.view.Load().tree.check(g); err != nil {
		return TargetGroup{}, err
	}
	g, err := s.store.PutGroup(ctx, g)
	if err != nil {
		return TargetGroup{}, err
	}
	return g, s.refreshView(ctx)
}

// DeleteTargetGroup deletes a group, all groups in it, and what was approved for them (MS-WSUSAR §3.1.4.29). A computer that is in no
// other group is unassigned then.
func (s *Server) DeleteTargetGroup(ctx context.Context, id uuid.UUID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	tree := s.view.Load().tree
	_, err := tree.changeable(id)
	if err == nil {
		err = s.store.DeleteGroups(ctx, tree.under(id)...)
	}
	if err == nil {
		err = s.refreshView(ctx)
	}
	if err != nil {
		return fmt.Errorf("delete target group %s: %w", id, err)
	}
	return nil
}

// TargetGroups returns all groups: the three that are built in, and then those that were created, ordered by name.
func (s *Server) TargetGroups(context.Context) []TargetGroup {
	return slices.Concat(builtInGroups(), s.view.Load().tree.own)
}

// TargetGroup returns one group; ErrNotFound for an unknown id.
func (s *Server) TargetGroup(_ context.Context, id uuid.UUID) (TargetGroup, error) {
	g, ok := s.view.Load().tree.byID[id]
	if !ok {
		return TargetGroup{}, fmt.Errorf("target group %s: %w", id, ErrNotFound)
	}
	return g, nil
}

// changeable finds a group that was created.
func (t groupTree) changeable(id uuid.UUID) (TargetGroup, error) {
	g, ok := t.byID[id]
	switch {
	case !ok:
		return TargetGroup{}, ErrNotFound
	case g.BuiltIn():
		return TargetGroup{}, fmt.Errorf("%s: %w", g.Name, ErrBuiltIn)
	}
	return g, nil
}

// check says what is wrong with a group as it shall be. That no other group has its name the store checks.
func (t groupTree) check(g TargetGroup) error {
	if err := checkGroupName(g.Name); err != nil {
		return err
	}
	switch parent, ok := t.byID[g.ParentID]; {
	case !ok:
		return fmt.Errorf("parent %s: %w", g.ParentID, ErrNotFound)
	case parent.BuiltIn() && parent.ID != AllComputers:
		return fmt.Errorf("%s has no groups in it: %w", parent.Name, ErrBuiltIn)
	}
	above := t.up(g.ParentID)
	if slices.Contains(above, g.ID) {
		return fmt.Errorf("%w: %s lies in it", ErrGroupTree, t.byID[g.ParentID].Name)
	}
	if depth := len(above) - 1 + t.height(g.ID); depth > MaxGroupDepth {
		return fmt.Errorf("%w: %d groups would lie in one another, %d may", ErrGroupTree, depth, MaxGroupDepth)
	}
	return nil
}

func checkGroupName(name string) error {
	for _, g := range builtInGroups() {
		if strings.EqualFold(name, g.Name) {
			return fmt.Errorf("%w: the name is built in", ErrConflict)
		}
	}
	switch {
	case name == "":
		return errors.New("the name must not be empty")
	case len(name) > MaxNameBytes:
		return fmt.Errorf("the name has %d bytes, at most %d are allowed", len(name), MaxNameBytes)
	case strings.ContainsAny(name, namedOutside) || strings.ContainsFunc(name, unicode.IsControl):
		return fmt.Errorf("the name must not have a control character, a semicolon or another of %s", namedOutside)
	}
	return nil
}
