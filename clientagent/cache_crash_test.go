package clientagent_test

import (
	"bytes"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// Whichever write or removal the process dies at, before it or behind it: what is needed is never removed nor fetched twice, and what
// is not goes.
func TestCacheSurvivesACrashAtEveryWriteAndRemoval(t *testing.T) {
	old, other, ahead := big("old"), big("other"), big("ahead")
	for _, behind := range []bool{false, true} {
		crashes := 0
		for write := 0; ; write++ {
			l := newLab(t, old, other, ahead)
			store := &breaking{Store: l.store, left: -1, behind: behind}
			l.config.Store = store
			cache := cacheLab(t, l)
			l.site.deploy("old", l.now, l.now.Add(time.Minute), "old")
			l.site.deploy("other", l.now, l.now.Add(time.Minute), "other")
			l.pass(time.Hour)
			l.site.undeploy("old")
			l.site.deploy("ahead", l.now, l.now.Add(25*time.Hour), "ahead")
			l.pass(22*time.Hour + 55*time.Minute)
			require.Empty(t, cache.removed)
			store.left = write
			cache.removing = func(sha1 content.SHA1) error {
				if sha1 == ahead.ref().SHA1 {
					return errors.New("it is needed")
				}
				if store.dead {
					return errDead
				}
				if store.left != 0 {
					if store.left > 0 {
						store.left--
					}
					return nil
				}
				store.dead = true
				if behind {
					require.NoError(t, cache.MemoryStore.Remove(t.Context(), sha1))
				}
				return errDead
			}
			died := 0
			l.live(4*time.Hour, func() bool {
				if !store.dead {
					return false
				}
				died++
				store.dead, store.left = false, -1
				return true
			})
			require.Empty(t, l.machine.twice, "write %d", write)
			require.Empty(t, l.site.breach, "write %d", write)
			require.Equal(t, "ahead", l.machine.order[len(l.machine.order)-1], "write %d", write)
			require.Equal(t, 3, l.server.fetched, "write %d: each once", write)
			require.Equal(t, []string{"ahead", "other"}, l.holds(cache, old, other, ahead), "write %d", write)
			require.Zero(t, l.cacheStatus().Code, "write %d", write)
			if died == 0 {
				break
			}
			crashes++
		}
		require.Greater(t, crashes, 10)
	}
}

// ranges notes from which byte content was asked for.
type ranges struct {
	*server
	asked []string
}

func (r *ranges) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Header.Get("Range") != "" {
		r.asked = append(r.asked, request.Header.Get("Range"))
	}
	return r.server.RoundTrip(request)
}

// What a process that was killed has left of a download is resumed where it broke off, fetched anew when its bytes are wrong, and thrown
// away when nothing needs it any more, however small the cache is.
func TestHalfWrittenDownloadIsResumedOrThrownAway(t *testing.T) {
	for name, c := range map[string]struct {
		deployed, damaged bool
		asked             []string
	}{
		"resumed":     {deployed: true, asked: []string{"bytes=204800-"}},
		"damaged":     {deployed: true, damaged: true, asked: []string{"bytes=204800-"}},
		"thrown away": {},
	} {
		t.Run(name, func(t *testing.T) {
			a := big("a")
			l := newLab(t, a)
			carrier := &ranges{server: l.server}
			l.config.HTTPClient = &http.Client{Transport: carrier}
			folder := t.TempDir()
			cache, err := content.Dir(folder)
			require.NoError(t, err)
			half := bytes.Clone(a.file[:200<<10])
			if c.damaged {
				half[7] ^= 1
			}
			p, err := cache.Partial(t.Context(), a.ref())
			require.NoError(t, err)
			_, err = p.WriteAt(half, 0)
			require.NoError(t, errors.Join(err, p.Close(), cache.Close()))

			cache, err = content.Dir(folder)
			require.NoError(t, err)
			defer cache.Close() //nolint:errcheck // the folder goes with the test
			l.config.Cache = cache
			l.start()
			if !c.deployed {
				l.pass(23 * time.Hour)
				require.EqualValues(t, 200<<10, l.cacheStatus().Size)
				l.pass(2 * time.Hour)
				require.Equal(t, clientagent.CacheStatus{Limit: 5120 << 20}, l.cacheStatus())
				require.Empty(t, l.holds(cache, a))
				return
			}
			l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
			l.pass(2 * time.Hour)
			require.Equal(t, c.asked, carrier.asked)
			require.Equal(t, string(a.file), l.machine.content["a"])
			require.Equal(t, clientagent.CacheStatus{Size: bigSize, Limit: 5120 << 20}, l.cacheStatus())
		})
	}
}

// Another agent takes the content away just before the installation, or during it: the one is tried again, the other goes on.
func TestContentThatOthersTakeAwayIsFetchedAgain(t *testing.T) {
	a := big("a")
	for opening := range 4 {
		l := newLab(t, a)
		cache := cacheLab(t, l)
		l.site.deploy("d", l.now, l.now.Add(time.Hour), "a")
		l.pass(30 * time.Minute)
		cache.lost[a.ref().SHA1] = opening
		l.machine.hook = func() {
			require.NoError(t, cache.MemoryStore.Remove(t.Context(), a.ref().SHA1))
		}
		for end := l.now.Add(4 * time.Hour); l.now.Before(end); {
			next, err := l.agent.Step(t.Context(), l.now)
			if err != nil {
				var failed *clientagent.InstallError
				require.ErrorAs(t, err, &failed)
				require.Equal(t, clientagent.CodeNotDownloaded, failed.Code)
			}
			l.now = next
		}
		require.Equal(t, 1, l.machine.installs["a"], "opening %d", opening)
		require.Equal(t, string(a.file), l.machine.content["a"])
	}
}
