package applicability

import (
	"context"
	"fmt"
	"slices"

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

// stand judges e and then looks for what takes its place where it is required.
func (s *Scan) stand(ctx context.Context, e *entry) (standing, error) {
	v, err := s.settle(ctx, e)
	if err != nil || v.State != Required {
		return standing{Verdict: v}, err
	}
	by, open, err := s.superseder(ctx, e)
	switch {
	case err != nil:
		return standing{}, err
	case by != nil:
		v = decided(Superseded, fmt.Sprintf("superseded by %v, which is %v", by.core.UpdateID, s.verdicts[by.place].State))
	case len(open) > 0:
		above := s.verdicts[open[0].place]
		v = Verdict{Undecided, fmt.Sprintf("required unless superseded by %v: %s", open[0].core.UpdateID, brief(above.Reason)), above.Err}
	}
	return standing{v, by, open}, nil
}

// superseder finds one of the updates above e that takes its place on this machine, else those that may do so but cannot be judged.
// Lists of superseded updates name direct victims only, so it follows them over any number of steps, the nearest first. An update
// that supersedes one which supersedes it back does not count: else neither would be offered.
func (s *Scan) superseder(ctx context.Context, e *entry) (by *entry, open []*entry, err error) {
	s.all.rank()
	if len(e.above) == 0 {
		return nil, nil, nil
	}
	seen := map[*entry]bool{e: true}
	for queue := slices.Clone(e.above); len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		if seen[next] {
			continue
		}
		seen[next] = true
		queue = append(queue, next.above...)
		v, err := s.settle(ctx, next)
		if err != nil {
			return nil, nil, err
		}
		takes := v.State == Installed || v.State == Undecided || v.State == Required && !s.withheld[next.core.UpdateID]
		switch {
		case !takes || next.circle == e.circle:
		case v.State == Undecided:
			open = append(open, next)
		default:
			return next, nil, nil
		}
	}
	return nil, open, nil
}

// id is uuid.Nil where nothing takes the place of the update.
func (s standing) id() uuid.UUID {
	if s.by == nil {
		return uuid.Nil
	}
	return s.by.core.UpdateID
}
