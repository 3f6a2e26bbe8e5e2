package clientagent

import (
	"context"
	"errors"
	"time"

	"github.com/seed599db172/softwareupdates/wsus/content"
)

// errUnfinished says that a download was interrupted, so that the rest of the agent gets its turn; the next step goes on with it.
var errUnfinished = errors.New("download goes on with the next step")

// longestSlice is the longest time that the downloads of one step take.
const longestSlice = 5 * time.Minute

// soon is when to step again for work that was interrupted.
func (t *turn) soon() time.Time { return t.now.Add(time.Second) }

// slice is the context of a download in this step: it ends when the downloads of the step have taken so long that the next policy poll would be
// late. A store that cannot go on with a broken download is left to finish.
func (a *Agent) slice(ctx context.Context, t *turn) (context.Context, context.CancelFunc) {
	if _, resumes := a.cache.(content.Resumer); !resumes {
		return ctx, func() {}
	}
	if t.sliceEnd.IsZero() {
		t.sliceEnd = time.Now().Add(max(time.Second, min(longestSlice, t.rhythm.policy/2)))
	}
	return context.WithDeadline(ctx, t.sliceEnd)
}
