package memory

import (
	"context"
	"iter"
	"time"
)

// each yields what snapshot returns, until the context ends.
func each[T any](ctx context.Context, snapshot func() []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if err := ctx.Err(); err != nil {
			yield(*new(T), err)
			return
		}
		for _, item := range snapshot() {
			if err := ctx.Err(); err != nil {
				yield(*new(T), err)
				return
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}

// kept is how every backend keeps times: to the microsecond, in UTC.
func kept(t time.Time) time.Time { return time.UnixMicro(t.UnixMicro()).UTC() }
