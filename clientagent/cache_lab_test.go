package clientagent_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// shelf is a cache that can be cleaned, with what is seen from outside: when each file was last used, and what was removed.
type shelf struct {
	*content.MemoryStore
	now      func() time.Time
	used     map[content.SHA1]time.Time
	removed  []content.SHA1
	removing func(sha1 content.SHA1) error // before a removal
	listing  error
	lost     map[content.SHA1]int // openings after which a file is gone
}

func newShelf(now func() time.Time) *shelf {
	return &shelf{MemoryStore: content.Memory(), now: now, used: map[content.SHA1]time.Time{}, lost: map[content.SHA1]int{}}
}

func (s *shelf) Open(ctx context.Context, sha1 content.SHA1) (content.File, error) {
	if left, losing := s.lost[sha1]; losing {
		if left == 0 {
			delete(s.lost, sha1)
			if err := s.MemoryStore.Remove(ctx, sha1); err != nil {
				return nil, err
			}
		} else {
			s.lost[sha1]--
		}
	}
	f, err := s.MemoryStore.Open(ctx, sha1)
	if err == nil {
		s.used[sha1] = s.now()
	}
	return f, err
}

func (s *shelf) Put(ctx context.Context, ref content.Ref, r io.Reader) error {
	err := s.MemoryStore.Put(ctx, ref, r)
	if err == nil {
		s.used[ref.SHA1] = s.now()
	}
	return err
}

func (s *shelf) Files(ctx context.Context) iter.Seq2[content.Entry, error] {
	if s.listing != nil {
		return func(yield func(content.Entry, error) bool) { yield(content.Entry{}, s.listing) }
	}
	return s.MemoryStore.Files(ctx)
}

func (s *shelf) Remove(ctx context.Context, sha1 content.SHA1) error {
	if s.removing != nil {
		if err := s.removing(sha1); err != nil {
			return err
		}
	}
	s.removed = append(s.removed, sha1)
	return s.MemoryStore.Remove(ctx, sha1)
}

// big is an update whose content is so large that three do not fit into the smallest cache.
func big(name string) published {
	p := leaf(name)
	p.file = make([]byte, 400<<10)
	seed := [32]byte{}
	copy(seed[:], name)
	rand.NewChaCha8(seed).Read(p.file) //nolint:errcheck // it never fails
	return p
}

// cacheLab is a lab whose cache has the smallest maximum size, one MB.
func cacheLab(t interface{ Helper() }, l *lab) *shelf {
	t.Helper()
	s := newShelf(func() time.Time { return l.now })
	l.config.Cache = s
	l.site.change(func(p *clientagent.Policy) { p.Settings.ClientCache.MaxCacheSize = 1 })
	l.start()
	return s
}

// holds are the names of those updates whose content is in the cache.
func (l *lab) holds(store clientagent.CacheCleaner, catalog ...published) (names []string) {
	l.Helper()
	for e, err := range store.Files(l.Context()) {
		require.NoError(l, err)
		for _, p := range catalog {
			if p.ref().SHA1 == e.SHA1 {
				names = append(names, p.name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func (l *lab) cacheStatus() clientagent.CacheStatus {
	l.Helper()
	status, err := l.agent.Status(l.Context())
	require.NoError(l, err)
	return status.Cache
}

// undeploy takes a deployment out of the policy.
func (s *site) undeploy(name string) {
	s.change(func(p *clientagent.Policy) {
		p.Deployments = slices.DeleteFunc(slices.Clone(p.Deployments), func(d clientagent.Deployment) bool { return d.Name == name })
	})
}

// stock puts content into a cache that no agent has fetched.
func (l *lab) stock(store content.Store, p published) {
	l.Helper()
	require.NoError(l, store.Put(l.Context(), p.ref(), bytes.NewReader(p.file)))
}

// bundleLab has the part of a bundle in its cache, which is deployed for later, and two updates that nobody needs.
func bundleLab(t *testing.T) (l *lab, cache *shelf, part, old, older published) {
	part, old, older = big("part"), big("old"), big("older")
	part.deployable, part.action = false, "Bundle"
	l = newLab(t, published{name: "bundle", deployable: true, leaf: true, bundles: []string{"part"}}, part, old, older)
	cache = cacheLab(t, l)
	l.site.deploy("bundle", l.now, l.now.Add(20*24*time.Hour), "bundle")
	l.pass(time.Hour)
	require.Equal(t, []string{"part"}, l.holds(cache, part, old, older))
	return l, cache, part, old, older
}
