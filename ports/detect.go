package ports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/go-multierror"
)

// ErrNotFound: no pair of the host speaks WSUS.
var ErrNotFound = errors.New("WSUS is not found")

// Detect finds the pair at which a host speaks WSUS. It tries the pair of the configuration when there is one, those given, 8530/8531
// and 80/443, and returns the first of them, in this order, at which [Probe] finds nothing but a proxy in between. Both ports must be
// WSUS, therefore; only where SSL is not required and the HTTP port gives metadata, the HTTPS port may be closed. Pairs are tried side by
// side, with four conversations at a time: n of them take 2n timeouts at the very most.
//
// The error wraps ErrNotFound with what was found at each pair, as a *multierror.Error; or tells all faults of a configuration at once;
// or that ctx ended.
func Detect(ctx context.Context, c ProbeConfig, pairs ...Pair) (Pair, error) {
	candidates := append(slices.Clone(pairs), Custom, Default)
	if !c.Ports.IsZero() {
		candidates = append([]Pair{c.Ports}, candidates...)
	}
	candidates = unique(candidates)
	if err := c.validate(candidates...); err != nil {
		return Pair{}, fmt.Errorf("detect ports: %w", err)
	}
	prober := c.prober()
	reports := make([]ProbeReport, len(candidates))
	var wg sync.WaitGroup
	for i, pair := range candidates {
		wg.Go(func() { reports[i] = prober.probe(ctx, pair, c.Required) })
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return Pair{}, fmt.Errorf("detect ports: %w", err)
	}
	var missed *multierror.Error
	for i, pair := range candidates {
		err := reports[i].speaksWSUS()
		if err == nil {
			return pair, nil
		}
		missed = multierror.Append(missed, fmt.Errorf("%v: %w", pair, err))
	}
	return Pair{}, fmt.Errorf("detect ports: %w at %s: %w", ErrNotFound, c.Host, missed)
}

func unique(pairs []Pair) []Pair {
	var out []Pair
	for _, pair := range pairs {
		if !slices.Contains(out, pair) {
			out = append(out, pair)
		}
	}
	return out
}

// speaksWSUS returns nil for a pair that WSUS answers at, also where a proxy passes its answers on, and else the causes why not.
func (r ProbeReport) speaksWSUS() error {
	var faults *multierror.Error
	for _, f := range r.Findings {
		if f.Kind != ProxyBetween {
			faults = multierror.Append(faults, errors.New(f.Cause))
		}
	}
	return faults.ErrorOrNil()
}
