package clientagent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// What an agent makes of rules that it cannot judge, by a kind that it does not know and by a fact that the machine does not tell:
// by default they do not apply, as in the product, also where the rule stands under a Not; the switch leaves them unknown. In both
// logics the result tells why, and the other updates are judged as ever.
func TestAgentLogic(t *testing.T) {
	catalog := func() []published {
		return []published{
			{name: "plain", deployable: true, leaf: true},
			{name: "odd", deployable: true, leaf: true, installable: `<b.RadarRange MinMetres="500" />`},
			{name: "not odd", deployable: true, leaf: true, installable: `<Not><b.RadarRange MinMetres="500" /></Not>`},
			{name: "large", deployable: true, leaf: true, installable: `<b.Memory MinSizeInMB="4096" />`},
			{name: "odd but there", deployable: true, leaf: true, installable: `<b.RadarRange MinMetres="500" />`},
			{name: "odd or not", deployable: true, leaf: true, installable: `<Or><b.RadarRange MinMetres="500" /><True /></Or>`},
		}
	}
	const odd, missing = "RadarRange: rule is not recognised", "Memory: the machine's facts do not tell its equipment"
	for _, c := range []struct {
		name      string
		configure func(*clientagent.Config)
		undecided compliance.State
	}{
		{"by default", func(*clientagent.Config) {}, compliance.NotRequired},
		{"three-valued", func(c *clientagent.Config) { c.Logic = applicability.ThreeValued }, compliance.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t, catalog()...)
			l.machine.set("odd but there", true)
			c.configure(&l.config)
			l.start()
			result, err := l.agent.Scan(t.Context())
			require.NoError(t, err)

			want := map[string]compliance.State{"plain": compliance.Required, "odd": c.undecided, "not odd": c.undecided, "large": c.undecided,
				"odd but there": compliance.Installed, "odd or not": compliance.Required}
			got, why := map[string]compliance.State{}, map[string]string{}
			for _, p := range catalog() {
				for _, u := range result.Updates {
					if u.ID == updateID(p.name) {
						got[p.name], why[p.name] = u.State, u.Why
					}
				}
			}
			require.Equal(t, want, got)
			require.Equal(t, []string{odd, odd, missing}, []string{why["odd"], why["not odd"], why["large"]})
			require.Len(t, result.Required(), 2)

			l.flush()
			require.Equal(t, c.undecided, l.site.update("odd"), "the site is told the same")
		})
	}
}
