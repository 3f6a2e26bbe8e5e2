package clientagent_test

import (
	"context"
	"io"
	"syscall"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// simCache is the content cache of a simulated machine. Somebody may empty it, and its disk may be full.
type simCache struct {
	files *content.MemoryStore
	full  bool
	// happened counts what goes wrong.
	happened func(format string, args ...any)
}

func newSimCache() *simCache { return &simCache{files: content.Memory()} }

func (c *simCache) Open(ctx context.Context, sha1 content.SHA1) (content.File, error) {
	return c.files.Open(ctx, sha1)
}

func (c *simCache) Put(ctx context.Context, ref content.Ref, r io.Reader) error {
	if c.full {
		c.happened("fault: disk of the cache is full")
		return syscall.ENOSPC
	}
	return c.files.Put(ctx, ref, r)
}

func (c *simCache) purge() { c.files = content.Memory() }
