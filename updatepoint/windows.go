package updatepoint

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// nameWindows gives an id to the windows that have none.
func (c *Collection) nameWindows(random io.Reader) error {
	c.ServiceWindows = c.ServiceWindows.Clone()
	for i := range c.ServiceWindows {
		if c.ServiceWindows[i].ID != "" {
			continue
		}
		id, err := uuid.NewRandomFromReader(random)
		if err != nil {
			return fmt.Errorf("make id of a window: %w", err)
		}
		c.ServiceWindows[i].ID = id.String()
	}
	return nil
}

// windowsFit says when a client could get more windows than it takes, or two of one id, because of a collection.
func (s *Site) windowsFit(c Collection) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := slices.Clone(c.ServiceWindows)
	for key, other := range s.state.collections {
		if key != strings.ToLower(c.Name) {
			all = append(all, other.ServiceWindows...)
		}
	}
	if len(all) > clientagent.MaxServiceWindows {
		return fmt.Errorf("the collections of the site would have %d maintenance windows, at most %d are possible",
			len(all), clientagent.MaxServiceWindows)
	}
	seen := make(map[string]bool, len(all))
	for _, window := range all[len(c.ServiceWindows):] {
		seen[window.ID] = true
	}
	for _, window := range c.ServiceWindows {
		if seen[window.ID] {
			return fmt.Errorf("window %q is in another collection already: give it another id", window.ID)
		}
	}
	return nil
}

// serviceWindows are those of every collection that a client is in, ordered by collection. The caller holds Site.mu.
func (st *state) serviceWindows(client clientRecord) (windows clientagent.ServiceWindows) {
	sets := slices.SortedFunc(maps.Values(st.collections), func(a, b memberSet) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	for _, set := range sets {
		if len(set.ServiceWindows) > 0 && st.inCollection(set.Name, client) {
			windows = append(windows, set.ServiceWindows.Clone()...)
		}
	}
	return windows
}
