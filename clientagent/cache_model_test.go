package clientagent_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// heard is a site that knows which deployments it has told of.
type heard struct {
	*site
	deployments []clientagent.Deployment
}

func (h *heard) Policy(ctx context.Context, token, etag string) (clientagent.Policy, error) {
	p, err := h.site.Policy(ctx, token, etag)
	if err == nil {
		h.deployments = p.Deployments
	}
	return p, err
}

// cacheModel knows the world and not the agent: what is deployed, what is installed, and when each file was last opened or put.
type cacheModel struct {
	*lab
	told    *heard
	cache   *shelf
	catalog []published
	foreign map[content.SHA1]bool // put there by somebody else, lately at put
	put     time.Time
}

// needed says whether a deployment still has to install the file; named whether any deployment names it.
func (m *cacheModel) needed(sha1 content.SHA1) (needed, named bool) {
	for _, p := range m.catalog {
		if p.ref().SHA1 != sha1 {
			continue
		}
		for _, d := range m.told.deployments {
			if slices.Contains(d.Updates, updateID(p.name)) {
				named = true
				needed = needed || !m.machine.keys[registryKey(p.name)]
			}
		}
	}
	return needed, named
}

// order is what may go, in its order, by the rules as the documents have them.
func (m *cacheModel) order() (all []content.SHA1, size int64) {
	rank := map[content.SHA1]int{}
	for e := range m.cache.MemoryStore.Files(context.Background()) {
		size += e.Size
		needed, named := m.needed(e.SHA1)
		if needed {
			continue
		}
		if named {
			rank[e.SHA1] = 1
		}
		all = append(all, e.SHA1)
	}
	slices.SortFunc(all, func(a, b content.SHA1) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), m.cache.used[a].Compare(m.cache.used[b]), bytes.Compare(a[:], b[:]))
	})
	return all, size
}

const (
	modelLimit = 1 << 20
	modelAge   = 24 * time.Hour
)

// mayGo judges a removal before it happens.
func (m *cacheModel) mayGo(sha1 content.SHA1) error {
	needed, _ := m.needed(sha1)
	all, size := m.order()
	switch {
	case needed:
		return fmt.Errorf("%s is needed", sha1)
	case size <= modelLimit:
		return fmt.Errorf("%s goes though the cache is within its limit", sha1)
	case m.now.Sub(m.cache.used[sha1]) < modelAge:
		return fmt.Errorf("%s was used at %v, it is %v", sha1, m.cache.used[sha1], m.now)
	}
	// What stands before it goes later, because somebody else has put it there and the agent has known it for less than a day.
	for _, first := range all {
		if first == sha1 {
			return nil
		}
		if !m.foreign[first] && m.now.Sub(m.cache.used[first]) >= modelAge {
			return fmt.Errorf("%s goes before %s", sha1, first)
		}
	}
	return nil
}

// mustGo is what should be gone by now: what stands in the way of the limit and is old enough.
func (m *cacheModel) mustGo() error {
	if m.now.Sub(m.put) <= modelAge {
		return nil // the agent has not looked since
	}
	all, size := m.order()
	for _, sha1 := range all {
		if size <= modelLimit {
			return nil
		}
		if !m.foreign[sha1] && m.now.Sub(m.cache.used[sha1]) >= modelAge {
			return fmt.Errorf("%s is still there", sha1)
		}
		size -= 400 << 10
	}
	return nil
}

// Whatever is deployed, withdrawn and put there: every removal is allowed by the model, none that is due is left out, and all that is
// deployed is installed in the end.
func TestCacheIsCleanedAsASlowModelSays(t *testing.T) {
	catalog := make([]published, 6)
	for i := range catalog {
		catalog[i] = big(fmt.Sprint("u", i))
	}
	removals := 0
	rapid.Check(t, func(r *rapid.T) {
		l := newLab(t, catalog...)
		m := &cacheModel{lab: l, cache: cacheLab(t, l), catalog: catalog, told: &heard{site: l.site}, foreign: map[content.SHA1]bool{}}
		l.config.Site = m.told
		l.start()
		m.cache.removing = func(sha1 content.SHA1) error {
			require.NoError(r, m.mayGo(sha1))
			delete(m.foreign, sha1)
			removals++
			return nil
		}
		for i := range rapid.IntRange(4, 8).Draw(r, "orders") {
			p := catalog[rapid.IntRange(0, len(catalog)-1).Draw(r, "update")]
			switch rapid.SampledFrom([]string{"deploy", "deploy", "withdraw", "put"}).Draw(r, "order") {
			case "deploy":
				deadline := l.now.Add(time.Duration(rapid.IntRange(0, 80).Draw(r, "hours")) * time.Hour)
				l.site.deploy(fmt.Sprint("d", i, p.name), l.now, deadline, p.name)
			case "withdraw":
				if all := l.site.policy.Deployments; len(all) > 0 {
					l.site.undeploy(all[rapid.IntRange(0, len(all)-1).Draw(r, "deployment")].Name)
				}
			case "put":
				if _, used := m.cache.used[p.ref().SHA1]; !used {
					l.stock(m.cache, p)
					m.foreign[p.ref().SHA1], m.put = true, l.now
				}
			}
			l.pass(time.Duration(rapid.IntRange(1, 40).Draw(r, "pass")) * time.Hour)
			require.NoError(r, m.mustGo())
		}
		l.pass(81 * time.Hour)
		for _, d := range l.site.policy.Deployments {
			for _, p := range catalog {
				if slices.Contains(d.Updates, updateID(p.name)) {
					require.True(r, l.machine.keys[registryKey(p.name)], p.name)
				}
			}
		}
		require.Empty(r, l.site.breach)
	})
	require.Greater(t, removals, 20)
}
