package updatepoint

import (
	"cmp"
	"maps"
	"slices"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// advise warns of maintenance windows that are too short for the restart settings of the site or for custom ones. Which of them meet on a
// client, its own log tells.
func (s *Site) advise() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	settings := map[string]clientagent.Settings{"": s.state.settings}
	for _, c := range s.state.custom {
		if slices.Contains(c.Groups, clientagent.GroupComputerRestart) {
			settings[c.Name] = s.state.settings.WithGroups(c.Settings, c.Groups...)
		}
	}
	sets := slices.SortedFunc(maps.Values(s.state.collections), func(a, b memberSet) int { return cmp.Compare(a.Name, b.Name) })
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		for _, set := range sets {
			if advice := settings[name].Advice(set.ServiceWindows); advice != "" {
				s.log.Warn("restarts may wait for another maintenance window", "site", s.Code(), "collection", set.Name,
					"custom", name, "reason", advice)
			}
		}
	}
}
