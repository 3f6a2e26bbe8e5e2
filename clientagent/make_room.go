package clientagent

import (
	"context"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// makeRoom is the early cleaning when the disk is full: the cache gives up what it does not need and may remove, whatever its size, until
// that many bytes are free. freed says that something has gone, able that the cache can be cleaned at all.
func (f *fetching) makeRoom(ctx context.Context, size int64) (freed, able bool) {
	cleaner, able := f.cache.(CacheCleaner)
	if !able {
		return false, false
	}
	c := &cleaning{Agent: f.Agent, cleaner: cleaner, now: f.clock(f.t), retry: f.t.now.Add(f.t.rhythm.retry),
		settings: f.t.policy.Settings.Effective().ClientCache, changes: f.begin(), room: size, fetched: make(map[content.SHA1]bool)}
	for _, p := range f.parts {
		for _, file := range p.files() {
			c.fetched[content.SHA1(file.SHA1)] = true
		}
	}
	if err := c.run(ctx, f.t); err != nil && ctx.Err() == nil {
		f.log.WarnContext(ctx, "cache cannot be cleaned to make room for a download", "error", err)
	}
	f.log.InfoContext(ctx, "disk is full: the cache has given up what it does not need", "wanted", size, "freed", c.freed)
	return c.freed > 0, true
}
