package applicability

import (
	"context"
	"errors"
)

// Machine is one of many machines that [WhatIf] asks.
type Machine struct {
	// Name names the machine in the result.
	Name string
	// Open returns the facts of the machine when its turn comes, so that only as many machines are in memory as there are workers. It
	// is called once, from another goroutine. An error does not stop the others.
	Open func(context.Context) (Facts, error)
}

func (m Machine) open(ctx context.Context) (Facts, error) {
	if m.Open == nil {
		return nil, errors.New("the machine has no facts")
	}
	facts, err := m.Open(ctx)
	if err == nil && facts == nil {
		err = errors.New("the machine has no facts")
	}
	return facts, err
}
