package clientagent_test

import (
	"context"
	"io"
	"iter"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// simCleaner is a cache that can be cleaned. It says that its files are much larger than they are, so that a few of them are above the smallest
// limit there is.
type simCleaner struct {
	*simCache
	owner *simAgent
	used  map[content.SHA1]simUse
}

// simUse is when a file was used, by the clock of the machine and in truth: what a clock that was wrong has said is not believed afterwards.
type simUse struct{ clock, truth time.Time }

func (c *simCleaner) use(sha1 content.SHA1) {
	c.used[sha1] = simUse{clock: c.owner.clock(), truth: c.owner.now()}
}

const simFileSize = 300 << 10

// drawCacheLimit sets a limit for three files.
func (w *simWorld) drawCacheLimit(s *clientagent.Settings) {
	s.ClientCache.MaxCacheSize, s.ClientCache.MinimumDuration = 1, time.Duration(1+w.extra.IntN(48*60))*time.Minute
}

// kept is the cache as the agent gets it: one that can be cleaned in some worlds.
func (a *simAgent) kept() content.Store {
	if !a.world.has("cache") {
		return a.cache
	}
	if a.cleaner == nil {
		a.cleaner = &simCleaner{simCache: a.cache, owner: a, used: map[content.SHA1]simUse{}}
	}
	return a.cleaner
}

// Put counts as use, also one that breaks off.
func (c *simCleaner) Put(ctx context.Context, ref content.Ref, r io.Reader) error {
	c.use(ref.SHA1)
	return c.simCache.Put(ctx, ref, r)
}

func (c *simCleaner) Open(ctx context.Context, sha1 content.SHA1) (content.File, error) {
	f, err := c.simCache.Open(ctx, sha1)
	if err == nil {
		c.use(sha1)
	}
	return f, err
}

func (c *simCleaner) Files(ctx context.Context) iter.Seq2[content.Entry, error] {
	return func(yield func(content.Entry, error) bool) {
		for entry, err := range c.files.Files(ctx) {
			entry.Size = simFileSize
			if !yield(entry, err) {
				return
			}
		}
	}
}

// Remove holds what the agent throws away against what its deployments still have to install.
func (c *simCleaner) Remove(ctx context.Context, sha1 content.SHA1) error {
	a := c.owner
	if a.store.dead {
		return errDead
	}
	a.world.happened("cache: removed")
	a.log("removes %x from the cache", sha1[:4])
	for _, u := range a.world.catalog {
		for _, leaf := range u.leaves() {
			if sha1 == leaf.digest() {
				a.checkEviction(u, leaf, sha1, c.used[sha1])
			}
		}
	}
	return c.files.Remove(ctx, sha1)
}

func (a *simAgent) checkEviction(u, leaf *simUpdate, sha1 content.SHA1, used simUse) {
	policy := a.policy()
	shortest := policy.Settings.ClientCache.MinimumDuration
	if since := a.clock().Sub(used.clock); since >= 0 && since < shortest && a.now().Sub(used.truth) < shortest {
		a.breach("eviction", "content of %s is removed %v after it was used, not after %v", leaf.name, since, shortest)
	}
	if !slices.Contains(a.cancelled, u) && a.required(u) && policy.Settings.Enabled && a.deploys(u) {
		a.breach("eviction", "content of %s is removed although it has to be installed: %s", leaf.name, a.situation())
	}
}

// deploys tells whether a deployment has the machine install an update.
func (a *simAgent) deploys(u *simUpdate) bool {
	for _, d := range a.live() {
		if d.AssignmentAction != clientagent.ActionDetect && simNames(d.Updates, u) {
			return true
		}
	}
	return false
}

// checkFetch holds a request for content against the cache: what is there is not fetched again.
func (a *simAgent) checkFetch(ctx context.Context, r simRequest) {
	name, _, _ := strings.Cut(path.Base(r.path), ".")
	sha1, err := content.ParseSHA1(name)
	if err != nil {
		a.breach("cached", "%s is no address of content: %v", r.path, err)
	}
	if f, err := a.cache.files.Open(ctx, sha1); err == nil {
		_ = f.Close()
		a.breach("cached", "%s is fetched although the cache has it", r.path)
	}
}
