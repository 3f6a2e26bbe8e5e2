package clientagent_test

import (
	"context"
	"fmt"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// hex32 is a code as the product writes it.
func hex32(code int32) string { return fmt.Sprintf("%08X", uint32(code)) }

// small is a disk with room for so many bytes of content.
type small struct {
	*shelf
	room  int64
	tries int
}

func (s *small) Put(ctx context.Context, ref content.Ref, r io.Reader) error {
	s.tries++
	var size int64
	for e, err := range s.MemoryStore.Files(ctx) {
		if err != nil {
			return err
		}
		size += e.Size
	}
	if size+ref.Size > s.room {
		return fmt.Errorf("write content: %w", syscall.ENOSPC)
	}
	return s.shelf.Put(ctx, ref, r)
}

func smallDisk(t testing.TB, room int64, catalog ...published) (*lab, *small) {
	l := newLab(t, catalog...)
	s := &small{shelf: newShelf(func() time.Time { return l.now }), room: room}
	l.config.Cache = s
	l.start()
	return l, s
}

// The disk is full long before the cache is: what nothing needs makes room at once, the least recently used first and no more of it than is
// wanted, once its minimum duration is over.
func TestFullDiskCleansTheCacheEarly(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	l, s := smallDisk(t, 2*bigSize, a, b, c)
	for _, name := range []string{"a", "b"} {
		l.site.deploy(name, l.now, l.now.Add(time.Minute), name)
		l.pass(time.Hour)
	}
	require.Equal(t, []string{"a", "b"}, l.holds(s, a, b, c))
	l.pass(48 * time.Hour)
	require.Equal(t, []string{"a", "b"}, l.holds(s, a, b, c), "5120 MB are allowed")
	id := l.site.deploy("c", l.now, l.now.Add(90*time.Minute), "c")
	l.pass(3 * time.Hour)
	l.flush()
	require.Equal(t, [3]int{2, 1, 4}, l.assignment(id))
	require.Equal(t, []string{"b", "c"}, l.holds(s, a, b, c))
	require.Equal(t, 4, s.tries, "one try was in vain")
}

// What was used within the minimum duration stays, and so does what is needed: the download fails with its code, and is tried again.
func TestFullDiskTellsItsCode(t *testing.T) {
	a, b, c := big("a"), big("b"), big("c")
	for name, row := range map[string]struct {
		needed bool
		able   bool
		code   string
	}{
		"young content":      {false, true, "87D01201"},
		"needed content":     {true, true, "87D01201"},
		"no cleaning at all": {false, false, "80070070"},
	} {
		t.Run(name, func(t *testing.T) {
			l, s := smallDisk(t, 2*bigSize, a, b, c)
			if !row.able {
				l.config.Cache = struct{ content.Store }{s}
				l.start()
			}
			for _, name := range []string{"a", "b"} {
				deadline := l.now.Add(time.Minute)
				if row.needed {
					deadline = l.now.AddDate(0, 1, 0)
				}
				l.site.deploy(name, l.now, deadline, name)
				l.pass(time.Hour)
			}
			if row.needed {
				l.pass(48 * time.Hour)
			}
			id := l.site.deploy("c", l.now, l.now.AddDate(0, 0, 20), "c")
			deadlock := l.now.Add(90 * time.Minute)
			for l.now.Before(deadlock) {
				next, err := l.agent.Step(t.Context(), l.now)
				if err != nil {
					require.ErrorIs(t, err, syscall.ENOSPC)
				}
				l.now = next
			}
			require.Equal(t, [3]int{2, 2, 9}, l.assignment(id))
			require.Equal(t, row.code, hex32(l.site.current["301/"+id.String()].ErrorCode))
			require.Equal(t, []string{"a", "b"}, l.holds(s, a, b, c))
			all, err := l.agent.Updates(t.Context())
			require.NoError(t, err)
			last := all[0]
			for _, u := range all {
				if u.ID == updateID("c") {
					last = u
				}
			}
			require.Equal(t, row.code, hex32(last.ErrorCode))
			require.Equal(t, clientagent.JobWaitingRetry, last.Job)
			// There is room again: the usual retry finds it.
			s.room = 3 * bigSize
			l.pass(time.Hour)
			require.Equal(t, [3]int{2, 2, 8}, l.assignment(id))
		})
	}
}
