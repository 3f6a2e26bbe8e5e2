package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/go-multierror"

	"github.com/seed599db172/softwareupdates/clientagent"
)

// install does what a user does in Software Center: install all that is required without waiting for a deadline, restart when
// asked to, and look again, since some updates become needed only by others.
func install(ctx context.Context, agent *clientagent.Agent, watch *progress) error {
	const rounds = 5
	for range rounds {
		found, err := agent.LastScan(ctx)
		if err != nil {
			return err
		}
		required := found.Required()
		if len(required) == 0 {
			return nil
		}
		stop := watch.follow(ctx, required...)
		failed := agent.Install(ctx, required...)
		stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// What did not fail may wait for the restart all the same.
		if err := agent.Restart(ctx); err != nil {
			return fmt.Errorf("restart: %w", err)
		}
		if failed != nil {
			return watch.tellFaults(failed)
		}
		if _, err := agent.Scan(ctx); err != nil {
			return fmt.Errorf("scan after the installation: %w", err)
		}
	}
	return fmt.Errorf("after %d installations something is required still", rounds)
}

// tellFaults prints each failure on a line of its own; the error that is left only counts them.
func (p *progress) tellFaults(err error) error {
	all := faults(err)
	for _, fault := range all {
		p.say("not installed: %s", withAdvice(fault))
	}
	return fmt.Errorf("not all that is required was installed; failures told above: %d", len(all))
}

// faults takes apart what was joined.
func faults(err error) (all []error) {
	var (
		several *multierror.Error
		joined  interface{ Unwrap() []error }
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &several):
		for _, fault := range several.Errors {
			all = append(all, faults(fault)...)
		}
	case errors.As(err, &joined):
		for _, fault := range joined.Unwrap() {
			all = append(all, faults(fault)...)
		}
	default:
		all = append(all, err)
	}
	return all
}
