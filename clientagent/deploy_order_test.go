package clientagent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

const stackName = "Servicing Stack Update"

// Row Install of §7.4, across deployments whose deadline comes together, by batching or by itself, and in a bundle by its parts: the servicing
// stack comes first.
func TestServicingStackComesFirstEverywhere(t *testing.T) {
	member := func(name string) published {
		return published{name: name, leaf: true, action: "Bundle", file: []byte(name)}
	}
	for name, row := range map[string]struct {
		catalog []published
		deploy  func(l *lab)
		want    []string
	}{
		"two deadlines at once": {[]published{leaf("a"), leaf(stackName)}, func(l *lab) {
			l.site.deploy("first", l.now, moment("Mon 12:00"), "a")
			l.site.deploy("second", l.now, moment("Mon 12:00"), stackName)
		}, []string{stackName, "a"}},
		"pulled in": {[]published{leaf("a"), leaf(stackName)}, func(l *lab) {
			l.site.change(func(p *clientagent.Policy) { p.Settings.BatchDeadlines, p.Settings.BatchingPeriod = true, 23*time.Hour })
			l.site.deploy("first", l.now, moment("Mon 12:00"), "a")
			l.site.deploy("second", l.now, moment("Tue 10:00"), stackName)
		}, []string{stackName, "a"}},
		"one that is not due does not matter": {[]published{leaf("a"), leaf(stackName)}, func(l *lab) {
			l.site.deploy("first", l.now, moment("Mon 12:00"), "a")
			l.site.deploy("second", l.now, moment("Mon 13:00"), stackName)
		}, []string{"a", stackName}},
		"parts of a bundle": {[]published{{name: "bundle", deployable: true, leaf: true, bundles: []string{"p", stackName, "q"}},
			member("p"), member(stackName), member("q")}, func(l *lab) {
			l.site.deploy("d", l.now, moment("Mon 12:00"), "bundle")
		}, []string{stackName, "p", "q"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t, row.catalog...)
			row.deploy(l)
			l.until("Mon 14:00")
			require.Equal(t, row.want, l.machine.order)
		})
	}
}
