package applicability

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// standing is a verdict with what supersedes the update.
type standing struct {
	Verdict
	// by takes the place of the update; nil when none does.
	by *entry
	// open are the updates that may take its place but cannot be judged, where the verdict is Undecided for want of them.
	open []*entry
}

// stand judges e and then looks for what takes its place where it is required. Lists of superseded updates name direct victims
// only, so it follows them over any number of steps, the nearest first. An update that supersedes one which supersedes it back does
// not count: else neither would be offered.
func (s *Scan) stand(ctx context.Context, e *entry) (standing, error) {
	v, err := s.settle(ctx, e)
	if err != nil || v.State != Required {
		return standing{Verdict: v}, err
	}
	s.all.rank()
	if len(e.above) == 0 {
		return standing{Verdict: v}, nil
	}
	var open []*entry
	seen := map[*entry]bool{e: true}
	for queue := e.above; len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		if seen[next] {
			continue
		}
		seen[next] = true
		queue = append(queue[:len(queue):len(queue)], next.above...)
		w, err := s.settle(ctx, next)
		if err != nil {
			return standing{}, err
		}
		takes := w.State == Installed || w.State == Undecided || w.State == Required && !s.withheld[next.core.UpdateID]
		switch {
		case !takes || next.circular && e.circular && next.below(e):
		case w.State == Undecided:
			open = append(open, next)
		default:
			return standing{Verdict: decided(Superseded, "superseded by "+next.core.UpdateID.String()+", which is "+w.State.String()), by: next}, nil
		}
	}
	if len(open) > 0 {
		v = s.unlessSuperseded(open[0])
	}
	return standing{Verdict: v, open: open}, nil
}

// unlessSuperseded is the verdict on an update that is required, unless one that cannot be judged takes its place.
func (s *Scan) unlessSuperseded(by *entry) Verdict {
	v := s.verdicts[by.place]
	return Verdict{Undecided, fmt.Sprintf("required unless superseded by %v: %s", by.core.UpdateID, v.Reason), v.Err}
}

// id is uuid.Nil where nothing takes the place of the update.
func (s standing) id() uuid.UUID {
	if s.by == nil {
		return uuid.Nil
	}
	return s.by.core.UpdateID
}
