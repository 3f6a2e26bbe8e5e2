package ssl

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Exchange is one command of a transcript with what it answered.
type Exchange struct {
	Command Command
	Output  Output
	// Err is what Run answers, for commands that could not be run.
	Err error
}

// Recorded is a Runner that plays a transcript back: the commands must come in its order, each exactly once.
type Recorded struct {
	Transcript []Exchange

	mu     sync.Mutex
	played int
}

// Run implements Runner. A command that the transcript does not have next is an error that names both.
func (r *Recorded) Run(ctx context.Context, c Command) (Output, error) {
	if err := ctx.Err(); err != nil {
		return Output{}, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.played == len(r.Transcript) {
		return Output{}, fmt.Errorf("run %q: the transcript has ended", c)
	}
	next := r.Transcript[r.played]
	if next.Command.Name != c.Name || !slices.Equal(next.Command.Args, c.Args) {
		return Output{}, fmt.Errorf("run %q: the transcript has %q next", c, next.Command)
	}
	r.played++
	return next.Output, next.Err
}

// Left returns the exchanges that were not played.
func (r *Recorded) Left() []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.Transcript[r.played:])
}
