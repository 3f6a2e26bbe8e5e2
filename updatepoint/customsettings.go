package updatepoint

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/clientagent"
)

const (
	// LowestPriority of custom client settings. The settings of the site come after it, at 10000 in the product.
	LowestPriority = 9999
	// MaxCustomSettings is how many custom client settings a site has at most.
	MaxCustomSettings = 500
)

// CustomSettings are client settings for collections, in place of those of the site. Where two that reach a client have the same
// group, the lower priority number wins, group by group.
type CustomSettings struct {
	// Name, compared without case.
	Name string `json:"name"`
	// Priority from 1, the highest, to LowestPriority; each is there once.
	Priority int `json:"priority"`
	// Groups are the pages that the settings have, such as clientagent.GroupSoftwareUpdates. Other groups of Settings are of no
	// account.
	Groups   []string             `json:"groups"`
	Settings clientagent.Settings `json:"settings"`
	// Collections that the settings are deployed to, AllSystems included; none yet is possible.
	Collections []string `json:"collections"`
}

// clone shares nothing with c.
func (c CustomSettings) clone() CustomSettings {
	c.Groups, c.Collections, c.Settings = slices.Clone(c.Groups), slices.Clone(c.Collections), c.Settings.Clone()
	return c
}

// PutCustomSettings inserts or replaces the custom client settings of that name. Clients follow with their next policy. It
// refuses with every reason at once, as a *multierror.Error.
func (s *Site) PutCustomSettings(ctx context.Context, c CustomSettings) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	c = c.clone()
	if err := multierror.Append(c.check(), s.customFits(c)).ErrorOrNil(); err != nil {
		return fmt.Errorf("put custom client settings: %w", err)
	}
	key := strings.ToLower(c.Name)
	if err := s.commit(ctx, changes{keyCustom + key: c}, func(st *state) { st.custom[key] = c }); err != nil {
		return fmt.Errorf("put custom client settings %s: %w", c.Name, err)
	}
	s.log.Info("custom client settings changed", "site", s.Code(), "name", c.Name, "priority", c.Priority, "groups", c.Groups)
	s.advise()
	return nil
}

// RemoveCustomSettings takes custom client settings back. ErrNotFound answers for some that are not there.
func (s *Site) RemoveCustomSettings(ctx context.Context, name string) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	key := strings.ToLower(name)
	s.mu.RLock()
	_, there := s.state.custom[key]
	s.mu.RUnlock()
	if !there {
		return fmt.Errorf("remove custom client settings %.64q: %w", name, ErrNotFound)
	}
	if err := s.commit(ctx, changes{keyCustom + key: nil}, func(st *state) { delete(st.custom, key) }); err != nil {
		return fmt.Errorf("remove custom client settings %s: %w", name, err)
	}
	return nil
}

// CustomSettings returns all custom client settings, the highest priority first.
func (s *Site) CustomSettings(ctx context.Context) ([]CustomSettings, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]CustomSettings, 0, len(s.state.custom))
	for _, c := range s.state.byPriority() {
		all = append(all, c.clone())
	}
	return all, nil
}

// ResultantSettings are the settings that a client gets: those of the site, and in their place the groups of the custom ones that are
// deployed to a collection of the client. ErrNotFound answers for a client that is not there.
func (s *Site) ResultantSettings(ctx context.Context, client string) (clientagent.Settings, error) {
	if err := ctx.Err(); err != nil {
		return clientagent.Settings{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	record, there := s.state.clients[strings.ToLower(client)]
	if !there {
		return clientagent.Settings{}, fmt.Errorf("resultant settings of %.64q: %w", client, ErrNotFound)
	}
	return s.state.resultant(record), nil
}

// resultant applies the lowest priority first. The caller holds Site.mu.
func (st *state) resultant(client clientRecord) clientagent.Settings {
	settings := st.settings
	for _, c := range slices.Backward(st.byPriority()) {
		if slices.ContainsFunc(c.Collections, func(name string) bool { return st.inCollection(name, client) }) {
			settings = settings.WithGroups(c.Settings, c.Groups...)
		}
	}
	return settings.Clone()
}

// byPriority are the custom settings, the highest priority first. The caller holds Site.mu.
func (st *state) byPriority() []CustomSettings {
	return slices.SortedFunc(maps.Values(st.custom), func(a, b CustomSettings) int { return cmp.Compare(a.Priority, b.Priority) })
}

// check returns what is wrong with custom settings whatever the site holds.
func (c CustomSettings) check() error {
	var faults *multierror.Error
	if err := validateName("name of client settings", c.Name); err != nil {
		faults = multierror.Append(faults, err)
	}
	if c.Priority < 1 || c.Priority > LowestPriority {
		faults = multierror.Append(faults, fmt.Errorf("priority %d is not within 1 and %d", c.Priority, LowestPriority))
	}
	if len(c.Groups) == 0 {
		faults = multierror.Append(faults, errors.New("client settings without a group change nothing: name one of "+
			strings.Join(clientagent.SettingsGroups(), ", ")))
	}
	for _, group := range c.Groups {
		if !slices.Contains(clientagent.SettingsGroups(), group) {
			faults = multierror.Append(faults, fmt.Errorf("there is no group %.64q of client settings: name one of %s",
				group, strings.Join(clientagent.SettingsGroups(), ", ")))
		}
	}
	if err := clientagent.DefaultSettings().WithGroups(c.Settings, c.Groups...).Validate(); err != nil {
		faults = multierror.Append(faults, err)
	}
	return faults.ErrorOrNil()
}

// customFits returns what keeps custom settings from standing beside what the site holds. The caller holds changing.
func (s *Site) customFits(c CustomSettings) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var faults *multierror.Error
	key := strings.ToLower(c.Name)
	if _, there := s.state.custom[key]; !there && len(s.state.custom) >= MaxCustomSettings {
		faults = multierror.Append(faults, fmt.Errorf("a site has at most %d custom client settings", MaxCustomSettings))
	}
	for other, have := range s.state.custom {
		if other != key && have.Priority == c.Priority {
			faults = multierror.Append(faults, fmt.Errorf("priority %d is that of %s: give each its own", c.Priority, have.Name))
		}
	}
	for _, name := range c.Collections {
		if _, there := s.state.collections[strings.ToLower(name)]; !there && !strings.EqualFold(name, AllSystems) {
			faults = multierror.Append(faults, fmt.Errorf("%w: %s", ErrUnknownCollection, name))
		}
	}
	return faults.ErrorOrNil()
}
