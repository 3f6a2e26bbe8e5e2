package storagetest

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Open opens a store whose data is in the folder dir, or nowhere, and returns what closes it. It is called once per subtest,
// with a folder of its own; with Features.Reopen again with the same folder, after closing.
type Open[S any] func(t testing.TB, dir string) (store S, closeStore func() error)

// Features are what a backend promises beyond the interface.
type Features struct {
	// Reopen says that a store opened again on the same folder has what was acknowledged.
	Reopen bool
}

// subject is one store under test.
type subject[S any] struct {
	*testing.T
	store    S
	features Features
	dir      string
	open     Open[S]
	close    func() error
}

// cases runs each function on a new store, and closes it.
func cases[S any](t *testing.T, open Open[S], f Features, tests map[string]func(*subject[S])) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := &subject[S]{T: t, features: f, dir: t.TempDir(), open: open}
			s.store, s.close = open(t, s.dir)
			t.Cleanup(func() { require.NoError(t, s.close()) })
			test(s)
		})
	}
}

// reopen closes the store and opens it again, when the backend keeps anything.
func (s *subject[S]) reopen() {
	s.Helper()
	if !s.features.Reopen {
		return
	}
	require.NoError(s, s.close())
	s.store, s.close = s.open(s, s.dir)
}

// at is a time with more digits than a store keeps, in a zone of its own.
var at = time.Date(2026, 3, 10, 2, 0, 0, 123456789, time.FixedZone("somewhere", 3600))

// kept is what a store makes of a time.
func kept(t time.Time) time.Time { return t.Truncate(time.Microsecond).UTC() }

// collect reads a sequence to its end.
func collect[T any](t testing.TB, seq iter.Seq2[T, error]) []T {
	t.Helper()
	var all []T
	for item, err := range seq {
		require.NoError(t, err)
		all = append(all, item)
	}
	return all
}

// cancelled is a context that has ended, so that nothing may be written or answered with it.
func cancelled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// endsWith reads a sequence that must give the error once, and then end.
func endsWith[T any](t testing.TB, want error, seq iter.Seq2[T, error]) {
	t.Helper()
	var failures []error
	for _, err := range seq {
		if err != nil {
			failures = append(failures, err)
		}
	}
	require.Len(t, failures, 1)
	require.True(t, errors.Is(failures[0], want), "%v", failures[0])
}
