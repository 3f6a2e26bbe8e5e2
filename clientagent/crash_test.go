package clientagent_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/compliance"
)

// breaking is a store whose process dies at a write: before it, or behind it with the acknowledgement lost.
type breaking struct {
	clientagent.Store
	left   int // writes until it dies; negative: never
	behind bool
	dead   bool
}

var errDead = errors.New("the process died")

func (b *breaking) Put(ctx context.Context, records map[string][]byte) error {
	if b.dead {
		return errDead
	}
	if b.left == 0 {
		b.dead = true
		if b.behind {
			if err := b.Store.Put(ctx, records); err != nil {
				return err
			}
		}
		return errDead
	}
	b.left--
	return b.Store.Put(ctx, records)
}

func (b *breaking) Get(ctx context.Context, key string) ([]byte, error) {
	if b.dead {
		return nil, errDead
	}
	return b.Store.Get(ctx, key)
}

func (b *breaking) List(ctx context.Context, prefix string) iter.Seq2[clientagent.Record, error] {
	if b.dead {
		return func(yield func(clientagent.Record, error) bool) { yield(clientagent.Record{}, errDead) }
	}
	return b.Store.List(ctx, prefix)
}

// crashLab has deployments with every kind of update: plain, with a restart, a bundle, one that another unlocks.
func crashLab(t testing.TB) *lab {
	l := newLab(t, leaf("plain"), leaf("restarting"),
		published{name: "bundle", deployable: true, leaf: true, bundles: []string{"part"}},
		published{name: "part", leaf: true, action: "Bundle", file: []byte("part")},
		published{name: "windows", kind: "Detectoid", action: "Evaluate"},
		published{name: "later", deployable: true, leaf: true, needs: "windows", file: []byte("later")})
	l.machine.set("windows", true)
	l.machine.restarts["restarting"] = true
	l.site.deploy("one", l.now.Add(10*time.Minute), l.now.Add(time.Hour), "plain", "restarting")
	l.site.deploy("two", l.now, l.now.Add(2*time.Hour), "bundle", "later")
	return l
}

// live runs the agent for some hours; a process that dies is started again on what its store holds.
func (l *lab) live(d time.Duration, died func() bool) {
	l.Helper()
	end := l.now.Add(d)
	for range 2000 {
		next, err := l.agent.Step(l.Context(), l.now)
		if died() {
			l.start()
			continue
		}
		if !errors.Is(err, clientagent.ErrNotAuthorized) { // the token was lost; the next registration has another id
			require.NoError(l, err)
		}
		if next.After(end) {
			return
		}
		l.now = next
	}
	l.Fatal("the agent does not come to rest")
}

// Whichever write the process dies at, before it or behind it: nothing is installed twice, every state reaches the site, serials have no
// gap, and all ends as without a crash.
func TestEveryCrashIsSurvived(t *testing.T) {
	for _, behind := range []bool{false, true} {
		crashes := 0
		for write := 0; ; write++ {
			l := crashLab(t)
			store := &breaking{Store: l.store, left: write, behind: behind}
			l.config.Store = store
			l.start()
			died := 0
			l.live(4*time.Hour, func() bool {
				if !store.dead {
					return false
				}
				died++
				store.dead, store.left = false, -1
				return true
			})
			requireGoodEnd(t, l, write)
			if died == 0 {
				break
			}
			crashes++
		}
		require.Greater(t, crashes, 30)
	}
}

func requireGoodEnd(t require.TestingT, l *lab, write int) {
	require.Empty(t, l.machine.twice, "write %d: installed twice", write)
	require.Empty(t, l.site.breach, "write %d", write)
	for _, name := range []string{"plain", "restarting", "bundle", "later"} {
		require.Equal(t, compliance.Installed, l.site.update(name), "write %d: %s", write, name)
		require.Equal(t, 10, l.job(name), "write %d: %s", write, name)
	}
	for _, name := range []string{"one", "two"} {
		require.Equal(t, [3]int{2, 1, 4}, l.assignment(updateID("deployment "+name)), "write %d: %s", write, name)
	}
	status, err := l.agent.Status(context.Background())
	require.NoError(t, err)
	require.Zero(t, status.Unsent, "write %d", write)
	require.Equal(t, l.site.serial, status.LastSerial)
}

// Any mixture of crashes, lost answers, outages, resyncs and updates that come and go: the site ends with the agent's states.
func TestSiteAndAgentAgreeInTheEnd(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		l := crashLab(t)
		store := &breaking{Store: l.store, left: -1}
		l.config.Store = store
		l.start()
		for range rapid.IntRange(5, 25).Draw(r, "rounds") {
			switch rapid.IntRange(0, 6).Draw(r, "event") {
			case 0:
				store.left, store.behind = rapid.IntRange(0, 20).Draw(r, "writes"), rapid.Bool().Draw(r, "behind")
			case 1:
				l.site.lose = !l.site.lose
			case 2:
				l.site.resync = true
			case 3:
				if l.site.outage = nil; rapid.Bool().Draw(r, "outage") {
					l.site.outage = errors.New("outage")
				}
			case 4:
				l.machine.set(rapid.SampledFrom([]string{"plain", "part", "later"}).Draw(r, "name"), rapid.Bool().Draw(r, "there"))
			case 5:
				l.site.serial = max(0, l.site.serial-int64(rapid.IntRange(0, 3).Draw(r, "set back")))
			default:
				l.now = l.now.Add(8 * 24 * time.Hour)
			}
			for range 20 {
				next, _ := l.agent.Step(l.Context(), l.now) // failures are the point
				if store.dead {
					store.dead, store.left = false, -1
					l.start()
					continue
				}
				l.now = next
			}
		}
		l.site.outage, l.site.lose = nil, false
		store.left = -1
		for range 2 {
			l.now = l.now.Add(8 * 24 * time.Hour)
			for range 50 {
				next, _ := l.agent.Step(l.Context(), l.now)
				l.now = next
			}
		}
		require.Empty(r, l.machine.twice)
		requireSettled(r, l)
	})
}

func requireSettled(r *rapid.T, l *lab) {
	for _, name := range []string{"plain", "restarting", "bundle", "later"} {
		require.Equal(r, compliance.Installed, l.site.update(name), name)
	}
	for _, name := range []string{"one", "two"} {
		told := l.assignment(updateID("deployment " + name))
		require.Equal(r, [2]int{2, 1}, [2]int{told[0], told[1]}, name)
	}
}
