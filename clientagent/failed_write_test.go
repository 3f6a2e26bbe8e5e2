package clientagent_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// stumbling is a store that fails one write and goes on: a disk that was full for a moment. Behind it the write is done all the same.
type stumbling struct {
	clientagent.Store
	left   int // writes until it fails
	behind bool
}

var errFull = errors.New("no space left on device")

func (s *stumbling) Put(ctx context.Context, records map[string][]byte) error {
	s.left--
	if s.left != -1 {
		return s.Store.Put(ctx, records)
	}
	if s.behind {
		if err := s.Store.Put(ctx, records); err != nil {
			return err
		}
	}
	return errFull
}

// Whichever write fails, the agent stays alive and nothing is installed twice, although two deployments have the same updates; all ends as
// if no write had failed.
func TestEveryFailedWriteIsSurvived(t *testing.T) {
	for _, behind := range []bool{false, true} {
		for write := 0; ; write++ {
			l := crashLab(t)
			l.site.deploy("three", l.now, l.now.Add(time.Hour), "restarting", "plain", "bundle")
			store := &stumbling{Store: l.store, left: write, behind: behind}
			l.config.Store = store
			l.start()
			for end := l.now.Add(3 * time.Hour); l.now.Before(end); {
				next, _ := l.agent.Step(t.Context(), l.now) // a scan that could not be written waits for its retry
				require.True(t, next.After(l.now), "write %d", write)
				l.now = next
			}
			requireGoodEnd(t, l, write)
			require.Equal(t, 1, l.machine.installs["restarting"], "write %d", write)
			if store.left >= 0 {
				require.Greater(t, write, 30)
				break
			}
		}
	}
}
