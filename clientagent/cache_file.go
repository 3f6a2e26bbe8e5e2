package clientagent

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// cachedFile is a file in the cache.
type cachedFile struct {
	sha1  content.SHA1
	size  int64
	whole bool // else it is a download that is not at its end
	used  time.Time
}

func cachedFiles(ctx context.Context, cleaner CacheCleaner) (map[content.SHA1]*cachedFile, error) {
	held := make(map[content.SHA1]*cachedFile)
	for entry, err := range cleaner.Files(ctx) {
		if err != nil {
			return nil, err
		}
		f := held[entry.SHA1]
		if f == nil {
			f = &cachedFile{sha1: entry.SHA1}
			held[entry.SHA1] = f
		}
		f.size += entry.Size
		f.whole = f.whole || !entry.Partial
	}
	return held, nil
}

// disposable is what is not needed, in the order of going: downloads that are not at their end, then what no deployment names, then what a
// re-evaluation may want; of each the least recently used first.
func disposable(held map[content.SHA1]*cachedFile, d demand) []*cachedFile {
	rank := func(f *cachedFile) int {
		switch {
		case !f.whole:
			return 0
		case !d.spare[f.sha1]:
			return 1
		}
		return 2
	}
	var all []*cachedFile
	for sha1, f := range held {
		if !d.needed[sha1] {
			all = append(all, f)
		}
	}
	slices.SortFunc(all, func(a, b *cachedFile) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.used.Compare(b.used), bytes.Compare(a.sha1[:], b.sha1[:]))
	})
	return all
}
