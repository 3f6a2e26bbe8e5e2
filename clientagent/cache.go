package clientagent

import (
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// CacheCleaner is an optional ability of a Cache, such as content.Dir and content.Memory have it. Without it a cache grows without limit.
type CacheCleaner interface {
	// Files lists what the cache holds, in any order; a file may be listed both as a whole and as a download.
	Files(ctx context.Context) iter.Seq2[content.Entry, error]
	// Remove takes a file from the cache, whole or not. One that is not there is no error. An error that is content.ErrBusy asks to come
	// back later.
	Remove(ctx context.Context, sha1 content.SHA1) error
}

// CacheStatus is how full the cache was when the agent last looked: after work, and when the next content may go. It is zero before the
// first look, and with a cache that is no CacheCleaner.
type CacheStatus struct {
	// Size is what the cache takes, Needed what of it a deployment of the policy still needs, both in bytes. Limit is the maximum cache
	// size.
	Size   int64 `json:"size"`
	Needed int64 `json:"needed,omitempty"`
	Limit  int64 `json:"limit"`
	// Code is 0 within the limit, StatusContentExceedsCache when what is needed is larger than the cache alone, and
	// StatusContentExceedsFreeCache when it is larger than what is free because other content cannot go yet. Neither keeps an update from
	// its installation.
	Code int32 `json:"code,omitempty"`
}

const (
	// keyCache is the record of the CacheStatus.
	keyCache = "cache"
	// prefContent is of a record for each file that the agent knows in the cache.
	prefContent = "content/"
)

// contentRecord is what the agent knows of a file in the cache.
type contentRecord struct {
	// Used is when the agent last fetched it, took it for an installation, or saw it for the first time.
	Used time.Time `json:"used"`
}

func contentKey(sha1 content.SHA1) string { return prefContent + hex.EncodeToString(sha1[:]) }

// useContent notes that the files of the parts are used now.
func (a *Agent) useContent(c *changes, t *turn, parts []part) {
	if _, able := a.cache.(CacheCleaner); !able {
		return
	}
	for _, p := range parts {
		for _, file := range p.files() {
			c.set(contentKey(content.SHA1(file.SHA1)), contentRecord{Used: a.clock(t)})
		}
	}
}

// usedContent reads when each file was last used.
func (a *Agent) usedContent(ctx context.Context) (map[content.SHA1]time.Time, error) {
	used := make(map[content.SHA1]time.Time)
	err := list(ctx, a.store, prefContent, func(key string, record contentRecord) error {
		sha1, err := content.ParseSHA1(key[len(prefContent):])
		if err != nil {
			return fmt.Errorf("read record %s: %w", key, err)
		}
		used[sha1] = record.Used
		return nil
	})
	return used, err
}
