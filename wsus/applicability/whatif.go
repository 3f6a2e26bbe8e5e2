package applicability

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
	"golang.org/x/sync/errgroup"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// WhatIfOptions say what [WhatIf] looks at. The zero value takes every update that can be deployed.
type WhatIfOptions struct {
	// Updates are those to count. Without any they are all software and drivers that are ExplicitlyDeployable and not withheld.
	Updates []uuid.UUID
	// Withheld updates will not be offered, as in [Scan.Withhold].
	Withheld []uuid.UUID
	// Rules may be shared with other scans of the same documents; nil begins a new one.
	Rules *Rulebook
	// Workers is how many machines are looked at together; 0 is one for each processor that Go uses.
	Workers int
	// Progress is told, after each machine, how many are done. Calls come one after the other. It may be nil.
	Progress func(done int)
}

// WhatIf tells what updates would mean for many machines: how many need each of them, how many do not and why, for how many that
// is unknown, and which facts would settle it. The logic is three-valued. documents are the updates with all that they depend on and
// all that may supersede them, in any order; they must not be changed meanwhile. Of each machine only what matters for the updates
// that are counted is asked, and that once.
//
// The result is the same in whatever order machines and documents come. A machine whose facts cannot be had is named in it and
// not counted. The error is that of ctx, and then the Impact is that of the machines which were done before; or it names everything
// that is wrong with options, wrapping ErrUnknownUpdate for updates that are not among the documents.
func WhatIf(ctx context.Context, documents []*metadata.Core, machines iter.Seq[Machine], options WhatIfOptions) (*Impact, error) {
	w, err := newWhatIf(documents, options)
	if err != nil {
		return nil, fmt.Errorf("what if: %w", err)
	}
	queue := make(chan Machine)
	var workers errgroup.Group
	for range w.workers {
		workers.Go(func() error { return w.work(ctx, queue) })
	}
	feed(ctx, machines, queue)
	if err := workers.Wait(); err != nil {
		return w.sum.impact(), fmt.Errorf("what if, after %d machines: %w", w.sum.machines+len(w.sum.damaged), err)
	}
	return w.sum.impact(), nil
}

// whatIf is what all workers share.
type whatIf struct {
	all      *catalogue
	counted  []*entry
	withheld map[uuid.UUID]bool
	book     *Rulebook
	workers  int
	progress func(int)

	mu   sync.Mutex
	done int
	sum  *tally
}

func newWhatIf(documents []*metadata.Core, options WhatIfOptions) (*whatIf, error) {
	w := &whatIf{all: &catalogue{}, withheld: map[uuid.UUID]bool{}, book: options.Rules, workers: options.Workers, progress: options.Progress}
	w.all.add(documents)
	for _, id := range options.Withheld {
		w.withheld[id] = true
	}
	var wrong *multierror.Error
	if w.workers < 0 {
		wrong = multierror.Append(wrong, fmt.Errorf("%d workers, want at least 0", w.workers))
	}
	for _, id := range options.Updates {
		if w.all.highest[id] == nil {
			wrong = multierror.Append(wrong, fmt.Errorf("%v: %w", id, ErrUnknownUpdate))
		}
	}
	if err := wrong.ErrorOrNil(); err != nil {
		return nil, err
	}
	if w.workers == 0 {
		w.workers = runtime.GOMAXPROCS(0)
	}
	if w.book == nil {
		w.book = &Rulebook{}
	}
	w.choose(options.Updates)
	w.all.narrow(w.counted, w.book)
	w.sum = newTally(w.counted)
	return w, nil
}

// choose picks the updates to count, each once.
func (w *whatIf) choose(ids []uuid.UUID) {
	chosen := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		chosen[id] = true
	}
	for _, e := range w.all.entries {
		installs := e.core.Type == metadata.Software || e.core.Type == metadata.Driver
		deployable := installs && e.core.ExplicitlyDeployable && !w.withheld[e.core.UpdateID]
		if !e.outdated && (chosen[e.core.UpdateID] || len(ids) == 0 && deployable) {
			w.counted = append(w.counted, e)
		}
	}
}

// feed passes machines on until there are no more or ctx is done.
func feed(ctx context.Context, machines iter.Seq[Machine], queue chan<- Machine) {
	defer close(queue)
	if machines == nil {
		return
	}
	for m := range machines {
		select {
		case queue <- m:
		case <-ctx.Done():
			return
		}
	}
}

// work counts machines for itself, and adds what it counted to the sum in the end.
func (w *whatIf) work(ctx context.Context, queue <-chan Machine) error {
	own := newTally(w.counted)
	scan := &Scan{logic: ThreeValued, all: w.all, withheld: w.withheld, book: w.book}
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.sum.add(own)
	}()
	for m := range queue {
		if err := w.count(ctx, m, scan, own); err != nil {
			return err
		}
		w.step()
	}
	return ctx.Err()
}

// step tells that one more machine is done.
func (w *whatIf) step() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done++
	if w.progress != nil {
		w.progress(w.done)
	}
}

// turnTo begins a look at another machine, in the room of the last.
func (s *Scan) turnTo(facts Facts) {
	s.facts = remember(facts)
	clear(s.verdicts)
	clear(s.settled)
	clear(s.rules)
}

// count judges one machine as a whole before it counts it, so that none is counted in part.
func (w *whatIf) count(ctx context.Context, m Machine, scan *Scan, into *tally) error {
	facts, err := m.open(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		into.damage(m.Name, err)
		return nil
	}
	scan.turnTo(facts)
	states, missing := make([]State, len(w.counted)), make([][]*RuleError, len(w.counted))
	for i, e := range w.counted {
		v, err := scan.stand(ctx, e)
		if err != nil {
			return err
		}
		if states[i] = v.State; v.State != Undecided {
			continue
		}
		if missing[i], err = scan.missing(ctx, e); err != nil {
			return err
		}
	}
	into.count(m.Name, states, missing)
	return nil
}
