package clientagent

import (
	"context"
	"errors"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// cleanCache removes content that nothing needs any more, when something has changed since the last look or content has become old
// enough. It comes last in a step: it makes no room for what is to come, and so nothing ever waits for it.
func (a *Agent) cleanCache(ctx context.Context, t *turn) (time.Time, error) {
	cleaner, able := a.cache.(CacheCleaner)
	if !able || !t.policy.Settings.Enabled {
		return time.Time{}, nil
	}
	if a.cleaned.holds(t.now, a.touched.Load()) {
		return a.cleaned.until, nil
	}
	before := a.touched.Load()
	c := &cleaning{Agent: a, cleaner: cleaner, now: a.clock(t), retry: t.now.Add(t.rhythm.retry),
		settings: t.policy.Settings.Effective().ClientCache, changes: a.begin()}
	err := c.run(ctx, t)
	if err != nil {
		c.due = earliest(c.due, c.retry)
	}
	// Others who use the cache do not tell when it grows.
	c.due = earliest(c.due, t.now.Add(wholeDay))
	a.cleaned = quiet{known: true, changes: before, from: t.now, until: c.due}
	return c.due, err
}

// cleaning is one look at the cache.
type cleaning struct {
	*Agent
	cleaner  CacheCleaner
	settings ClientCacheSettings
	now      time.Time
	// retry is when to come back for what could not be removed, due when more may be removed.
	retry, due time.Time
	// room is how many bytes have to go even below the limit, freed how many have gone; fetched is what they make room for.
	room, freed int64
	fetched     map[content.SHA1]bool
	changes     *changes
	// held is what the cache holds, used when the agent last used it.
	held   map[content.SHA1]*cachedFile
	used   map[content.SHA1]time.Time
	status CacheStatus
}

func (c *cleaning) run(ctx context.Context, t *turn) (err error) {
	if c.held, err = cachedFiles(ctx, c.cleaner); err != nil {
		return err
	}
	if c.used, err = c.usedContent(ctx); err != nil {
		return err
	}
	c.forget()
	if err := c.forgetSilences(ctx); err != nil {
		return err
	}
	c.status.Limit = c.settings.limit()
	broken := false
	for _, f := range c.held {
		c.status.Size += f.size
		broken = broken || !f.whole
	}
	// While the catalogue lacks something nobody can tell whose content a file is.
	_, partial, err := load[bool](ctx, c.store, keyPartial)
	if err != nil {
		return err
	}
	if !partial && (broken || c.status.Size > c.status.Limit || c.room > 0) {
		d, err := c.demand(ctx, t)
		if err != nil {
			return err
		}
		err = c.dispose(ctx, d)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return errors.Join(err, c.keepCacheStatus(ctx, c.changes, c.status))
	}
	return c.keepCacheStatus(ctx, c.changes, c.status)
}

// forget drops what the agent knows of files that are gone. One that was used of late may be on its way.
func (c *cleaning) forget() {
	for sha1, last := range c.used {
		if c.held[sha1] == nil && c.now.Sub(last).Abs() > c.settings.MinimumDuration {
			c.changes.remove(contentKey(sha1))
		}
	}
}

// forgetSilences drops what the agent knows of sources of files that it has not asked for since long.
func (c *cleaning) forgetSilences(ctx context.Context) error {
	return list(ctx, c.store, prefSilence, func(key string, s silence) error {
		if c.now.Sub(s.Since).Abs() > longestSilence {
			c.changes.remove(key)
		}
		return nil
	})
}

// dispose removes what is not asked for: downloads that nobody goes on with, and of the rest as much as the limit wants.
func (c *cleaning) dispose(ctx context.Context, d demand) error {
	for sha1, f := range c.held {
		if c.fetched[sha1] {
			d.needed[sha1] = true
		}
		if d.needed[sha1] {
			c.status.Needed += f.size
		} else {
			f.used = c.lastUse(sha1)
		}
	}
	// What will go later counts already: better that it goes than what comes behind it.
	left := c.status.Size
	var faults []error
	for _, f := range disposable(c.held, d) {
		if f.whole && left <= c.status.Limit && c.freed >= c.room {
			break
		}
		left -= f.size
		if free := f.used.Add(c.settings.MinimumDuration); free.After(c.now) {
			c.due = earliest(c.due, free)
		} else if err := c.remove(ctx, f); err != nil {
			faults = append(faults, err)
			left += f.size
		}
	}
	return errors.Join(faults...)
}

// lastUse is when a file was last used. What the agent does not know, or has from a clock that was wrong, is new to it: no time of the cache
// itself is believed, since agents that share one may live in different times.
func (c *cleaning) lastUse(sha1 content.SHA1) time.Time {
	last, known := c.used[sha1]
	if !known || last.After(c.now) {
		last = c.now
		c.changes.set(contentKey(sha1), contentRecord{Used: last})
	}
	return last
}

// remove takes a file from the cache, unless somebody works with it.
func (c *cleaning) remove(ctx context.Context, f *cachedFile) error {
	err := c.cleaner.Remove(ctx, f.sha1)
	if errors.Is(err, content.ErrBusy) {
		c.due = earliest(c.due, c.retry)
		return nil
	}
	if err != nil {
		return err
	}
	c.log.InfoContext(ctx, "removed content that nothing needs any more", "sha1", f.sha1, "size", f.size, "used", f.used)
	c.status.Size -= f.size
	c.freed += f.size
	c.changes.remove(contentKey(f.sha1))
	return nil
}

// keepCacheStatus writes the status together with the changes, and tells once that the limit is exceeded.
func (a *Agent) keepCacheStatus(ctx context.Context, c *changes, status CacheStatus) error {
	switch {
	case status.Size <= status.Limit:
	case status.Needed > status.Limit:
		status.Code = StatusContentExceedsCache
	default:
		status.Code = StatusContentExceedsFreeCache
	}
	last, _, err := load[CacheStatus](ctx, a.store, keyCache)
	if err != nil {
		return err
	}
	if status.Code != 0 && status.Code != last.Code {
		a.log.WarnContext(ctx, "cache exceeds its maximum size; updates install all the same", "size", status.Size, "limit", status.Limit,
			"needed", status.Needed, "status", status.Code, "meaning", CodeMeaning(status.Code))
	}
	c.set(keyCache, status)
	return c.commit(ctx)
}
