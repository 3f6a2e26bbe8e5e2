package clientagent_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/updatepoint"
)

// drawCustoms gives the site the first custom client settings.
func (w *simWorld) drawCustoms() error {
	for range 1 + w.extra.IntN(3) {
		w.putCustom()
	}
	return nil
}

// planCustoms has an administrator who changes custom settings, and takes them back.
func (w *simWorld) planCustoms() {
	for range 1 + w.extra.IntN(5) {
		w.someday(func() {
			if len(w.customs) == 0 || w.extra.IntN(3) > 0 {
				w.putCustom()
				return
			}
			at := w.extra.IntN(len(w.customs))
			if err := w.site.RemoveCustomSettings(context.Background(), w.customs[at].Name); err != nil {
				w.breach("administration", "custom settings cannot be removed: %v", err)
			}
			w.happened("order: custom settings removed")
			w.log("custom settings %s are taken back", w.customs[at].Name)
			w.customs = slices.Delete(w.customs, at, at+1)
		})
	}
}

// putCustom makes custom settings of a priority that is free.
func (w *simWorld) putCustom() {
	c := updatepoint.CustomSettings{Priority: 1 + w.extra.IntN(updatepoint.LowestPriority), Settings: w.settings.Clone(),
		Collections: []string{[]string{updatepoint.AllSystems, simHalf}[w.extra.IntN(2)]}}
	c.Name = fmt.Sprintf("custom %d", c.Priority)
	if slices.ContainsFunc(w.customs, func(other updatepoint.CustomSettings) bool { return other.Priority == c.Priority }) {
		return
	}
	for _, group := range simCustomGroups {
		if w.extra.IntN(2) == 0 {
			c.Groups = append(c.Groups, group)
		}
	}
	if len(c.Groups) == 0 {
		c.Groups = simCustomGroups
	}
	s := &c.Settings
	s.Enabled, s.ReevaluationInterval = true, time.Duration(1+w.extra.IntN(7))*24*time.Hour
	s.BatchDeadlines, s.BatchingPeriod = w.extra.IntN(2) == 0, time.Duration(1+w.extra.IntN(5))*24*time.Hour
	s.ComputerAgent.GracePeriod = time.Duration(w.extra.IntN(48)) * time.Hour
	s.StateMessageInterval = time.Duration(1+w.extra.IntN(20)) * time.Hour
	if err := w.site.PutCustomSettings(context.Background(), c); err != nil {
		w.breach("administration", "custom settings were refused: %v", err)
	}
	w.customs = append(w.customs, c)
	w.happened("order: custom settings")
	w.log("custom settings of priority %d for %v: %v", c.Priority, c.Collections, c.Groups)
}

var simCustomGroups = []string{clientagent.GroupSoftwareUpdates, clientagent.GroupComputerAgent, clientagent.GroupStateMessaging}

// winner are the settings of a group for a machine: of those that reach it the ones of the smallest number, else those of the site.
func (a *simAgent) winner(group string) clientagent.Settings {
	won := updatepoint.CustomSettings{Priority: updatepoint.LowestPriority + 1, Settings: a.world.settings}
	for _, c := range a.world.customs {
		reaches := c.Collections[0] == updatepoint.AllSystems || a.inHalf()
		if reaches && slices.Contains(c.Groups, group) && c.Priority < won.Priority {
			won = c
		}
	}
	if won.Name != "" {
		a.world.happened("settings: custom")
	}
	return won.Settings
}

// checkSettings holds the settings that a machine has in the end against all that are meant for it.
func (a *simAgent) checkSettings() {
	has := a.policy().Settings
	updates, computer, states := a.winner(clientagent.GroupSoftwareUpdates), a.winner(clientagent.GroupComputerAgent), a.winner(clientagent.GroupStateMessaging)
	if has.ReevaluationInterval != updates.ReevaluationInterval || has.BatchDeadlines != updates.BatchDeadlines ||
		has.BatchingPeriod != updates.BatchingPeriod || has.ComputerAgent != computer.ComputerAgent || has.StateMessageInterval != states.StateMessageInterval {
		a.breach("settings", "machine follows %+v instead of %v, %v, %+v and %v", has, updates.ReevaluationInterval, updates.BatchingPeriod,
			computer.ComputerAgent, states.StateMessageInterval)
	}
}
