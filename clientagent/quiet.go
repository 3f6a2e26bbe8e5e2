package clientagent

import (
	"context"
	"strings"
	"time"
)

// quiet remembers that the deployments had nothing to do until a time, as long as nothing is written that they look at. It is only in
// memory: the first step of a process looks at all of them. So a step in between, such as that of an unchanged policy, costs
// the same with one deployment as with a thousand updates.
type quiet struct {
	known bool
	// changes is Agent.touched at the beginning of that look.
	changes     int64
	from, until time.Time
}

// holds says whether there is still nothing to do. A clock that went back proves nothing.
func (q quiet) holds(now time.Time, changes int64) bool {
	return q.known && q.changes == changes && !now.Before(q.from) && (q.until.IsZero() || now.Before(q.until))
}

// deployUnlessQuiet is deploy, without looking when there is nothing to see.
func (a *Agent) deployUnlessQuiet(ctx context.Context, t *turn) (time.Time, error) {
	if a.quiet.holds(t.now, a.touched.Load()) {
		return a.quiet.until, nil
	}
	before := a.touched.Load()
	next, err := a.deploy(ctx, t)
	// A connection that is free again is not waited for.
	a.quiet = quiet{known: err == nil && !t.blocked, changes: before, from: t.now, until: next}
	return next, err
}

// touches says whether deployments look at a record: not at what is only told, nor at the cycles, the ways to site and server and what
// is in the cache.
func touches(key string) bool {
	switch key {
	case keyCycles, keyOutbox, keyIdentity, keySession, keyUpdateSource, keyCache:
		return false
	}
	return !strings.HasPrefix(key, prefMessage) && !strings.HasPrefix(key, prefPending) && !strings.HasPrefix(key, prefContent)
}
