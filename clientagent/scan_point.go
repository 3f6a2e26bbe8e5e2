package clientagent

import (
	"cmp"
	"context"
	"slices"
	"time"
)

const (
	// OriginalPointMinutes is for how many minutes a client with boundary groups tries its own server before any other (CB 1702).
	OriginalPointMinutes = 120
	// switchDelay passes before the next server is tried; where the published text speaks of a shorter retry cycle after the 120
	// minutes, it is this one.
	switchDelay = 2 * time.Minute
)

// grouped says whether boundary groups decide about the servers.
func (p Policy) grouped() bool {
	return slices.ContainsFunc(p.Locations, func(l Location) bool { return l.BoundaryGroup != "" })
}

func (p Policy) location(url string) (Location, bool) {
	i := slices.IndexFunc(p.Locations, func(l Location) bool { return l.WSUSURL == url })
	if i < 0 || url == "" {
		return Location{}, false
	}
	return p.Locations[i], true
}

// own is the server that the agent is used to: the current one, else the last that worked, while the policy names it.
func (j scanJob) own(p Policy) (Location, bool) {
	if l, here := p.location(j.Current); here {
		return l, true
	}
	return p.location(j.Server)
}

// choose finds the server of an attempt. Without one it starts the timers of boundary groups: they may bring one later.
func (a *Agent) choose(t *turn, job *scanJob) (Location, bool) {
	if job.FailingSince.After(t.now) {
		job.FailingSince = t.now // of a clock that was ahead
	}
	own, has := job.own(t.policy)
	switch {
	case job.Switch && has:
		job.Switch, job.Failures, job.FailingSince, job.Tried = false, 0, time.Time{}, []string{own.WSUSURL}
		return a.pickOr(own, allowed(t.policy, anyTime), job.Tried), true
	case has && !job.mustSwitch(t):
		return own, true
	case has:
		job.giveUp(own.WSUSURL)
		job.Failures = 0
		return a.pickOr(own, job.pool(t), job.Tried), true
	}
	job.Switch = false
	if job.FailingSince.IsZero() && t.policy.grouped() {
		job.FailingSince = t.now
	}
	next, found := a.pick(job.pool(t), nil)
	return next, found
}

// hasLocation says whether there is a server to try now.
func (j scanJob) hasLocation(t *turn) bool {
	_, has := j.own(t.policy)
	return has || len(j.pool(t)) > 0
}

// fail counts a failure of the retry list, and sets when to go on.
func (j *scanJob) fail(t *turn) {
	j.Failures++
	if j.FailingSince.IsZero() || j.FailingSince.After(t.now) {
		j.FailingSince = t.now
	}
	j.Due = t.now.Add(t.rhythm.scanRetry)
	switch fallback := j.FailingSince.Add(OriginalPointMinutes * time.Minute); {
	case !t.policy.grouped():
		if j.Failures >= t.rhythm.scanRetries {
			j.Due = t.now.Add(t.rhythm.switchDelay)
		}
	case fallback.After(t.now):
		j.Due = earliest(j.Due, fallback)
	default:
		j.Due = t.now.Add(t.rhythm.switchDelay)
	}
}

// mustSwitch says whether the failures are enough for the next server: so many on the present one, or with boundary groups two
// hours of them.
func (j scanJob) mustSwitch(t *turn) bool {
	if !t.policy.grouped() {
		return j.Failures >= t.rhythm.scanRetries
	}
	return j.Failures > 0 && j.elapsed(t) >= OriginalPointMinutes*time.Minute
}

func (j scanJob) elapsed(t *turn) time.Duration {
	if j.FailingSince.IsZero() {
		return 0
	}
	return t.now.Sub(j.FailingSince)
}

// giveUp makes a server the one that was tried last.
func (j *scanJob) giveUp(url string) {
	j.Tried = append(slices.DeleteFunc(j.Tried, func(tried string) bool { return tried == url }), url)
}

// pool is what may be used now instead of the own server.
func (j scanJob) pool(t *turn) []Location { return allowed(t.policy, j.elapsed(t)) }

const anyTime time.Duration = 1<<63 - 1

// allowed are the servers whose time of fallback has come.
func allowed(p Policy, elapsed time.Duration) []Location {
	if !p.grouped() {
		return p.Locations
	}
	var pool []Location
	for _, l := range p.Locations {
		if l.Fallback >= 0 && elapsed >= time.Duration(l.Fallback)*time.Minute {
			pool = append(pool, l)
		}
	}
	return pool
}

// pickOr is pick, or the own server when there is no other.
func (a *Agent) pickOr(own Location, pool []Location, tried []string) Location {
	if next, found := a.pick(pool, tried); found {
		return next
	}
	return own
}

// pick takes one of the pool that has not been tried: at random among the nearest, those that fall back earliest and of the own
// forest first. When all have been tried, it is the turn of the one that waits longest.
func (a *Agent) pick(pool []Location, tried []string) (Location, bool) {
	nearest := slices.DeleteFunc(slices.Clone(pool), func(l Location) bool { return slices.Contains(tried, l.WSUSURL) })
	if len(nearest) == 0 {
		return longestWaiting(pool, tried)
	}
	order := func(a, b Location) int {
		return cmp.Or(cmp.Compare(a.Fallback, b.Fallback), compareBool(a.OtherForest, b.OtherForest))
	}
	best := slices.MinFunc(nearest, order)
	nearest = slices.DeleteFunc(nearest, func(l Location) bool { return order(l, best) != 0 })
	if len(nearest) == 1 {
		return nearest[0], true
	}
	return nearest[a.rand.IntN(len(nearest))], true
}

func longestWaiting(pool []Location, tried []string) (Location, bool) {
	for _, url := range tried {
		for _, l := range pool {
			if l.WSUSURL == url {
				return l, true
			}
		}
	}
	return Location{}, false
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// adoptLocations lets a scan that waits for its retry go on at once when the site does not name its server any more, and notes that the
// site wants the next one. While the server is named, its failures and the timers of fallback go on: the others come and go with every
// synchronization, as only those that hold the content version are named.
func (c *changes) adoptLocations(ctx context.Context, was, is Policy) error {
	switched := was.ETag != "" && was.SwitchPoint != is.SwitchPoint
	if !switched && slices.EqualFunc(was.Locations, is.Locations, func(a, b Location) bool { return a.WSUSURL == b.WSUSURL }) {
		return nil
	}
	var job scanJob
	if found, err := c.get(ctx, keyScan, &job); err != nil || !found {
		return err
	}
	_, had := was.location(job.Current)
	if _, has := is.location(job.Current); had && !has {
		job.Due, job.Failures, job.FailingSince, job.Tried = time.Time{}, 0, time.Time{}, nil
	}
	job.Switch = job.Switch || switched
	c.set(keyScan, job)
	return nil
}
