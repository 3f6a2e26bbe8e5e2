package ssl

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/ssl/iis"
)

// What the vendor recommends for the application pool of WSUS.
const (
	leastQueueLength   = 2000
	leastPrivateMemory = 4_000_000 // KB; 0 is no limit
)

// auditPools looks at the application pools of the roots that are applications. WSUS has one, WsusPool.
func (a *audit) auditPools() {
	var looked []string
	for _, root := range roots {
		folder, _, present := findRoot(a.site, root.Name)
		name := folder.Application.Pool
		if !present || slices.ContainsFunc(looked, func(seen string) bool { return strings.EqualFold(seen, name) }) {
			continue
		}
		looked = append(looked, name)
		pool, found := a.config.Config.AppPool(name)
		if !found {
			a.found(PoolMissing, root.Name, fmt.Sprintf("%s runs in the application pool %q, which is not there: IIS answers 503", root.Name, name),
				"assign the application to WsusPool, or make the pool again")
			continue
		}
		a.judgePool(pool)
	}
}

// judgePool advises. The worker caches metadata; whenever it ends, the cache is lost and clients get 503 until it is there again.
func (a *audit) judgePool(p iis.AppPool) {
	advise := func(kind Kind, wrong bool, attribute string, value, want any, why string) {
		if wrong {
			a.found(kind, "", fmt.Sprintf("the application pool %s has %s %v: %s", p.Name, attribute, value, why),
				fmt.Sprintf("IIS Manager, Application Pools, %s, Advanced Settings: set %s to %v", p.Name, attribute, want))
		}
	}
	advise(PoolQueueLength, p.QueueLength < leastQueueLength, "queueLength", p.QueueLength, leastQueueLength,
		"when more clients wait, IIS answers 503")
	advise(PoolIdleTimeout, p.IdleTimeout != 0, "idleTimeout", span(p.IdleTimeout), span(0),
		"the worker ends when nobody asks, and caches everything again afterwards")
	advise(PoolPinging, p.PingingEnabled, "pingingEnabled", p.PingingEnabled, false,
		"a worker that is busy is taken for one that hangs, and ended")
	advise(PoolPrivateMemory, p.PrivateMemory != 0 && p.PrivateMemory < leastPrivateMemory, "privateMemory", fmt.Sprintf("%d KB", p.PrivateMemory),
		"0 (no limit) or 4 GB and more", "the worker is recycled before it has cached all metadata, and clients get 503")
	advise(PoolPeriodicRestart, p.RestartTime != 0, "periodicRestart time", span(p.RestartTime), span(0),
		"the worker is recycled by the clock")
}

// span writes a duration as IIS does: [days.]hours:minutes:seconds.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	clock := time.Time{}.Add(d % day).Format(time.TimeOnly)
	if days := d / day; days > 0 {
		return fmt.Sprintf("%d.%s", days, clock)
	}
	return clock
}
