package clientagent

import (
	"context"
	"slices"
	"time"
)

// prefSilence is of a record for each file whose sources are silent, by SHA-1.
const prefSilence = "silence/"

// longestSilence is how long it is remembered which sources were silent.
const longestSilence = 7 * wholeDay

// silence is how long the sources of a file have sent nothing. Only time counts in which one was asked, so that a machine that is off for a
// night blames no source for it.
type silence struct {
	// URL is the source that is asked, silent for Source; All is since when nothing has come from any.
	URL    string        `json:"url,omitempty"`
	Source time.Duration `json:"source,omitempty"`
	All    time.Duration `json:"all,omitempty"`
	// Passed are the sources that have given way in this try, Last those of the try before: they are asked after all others.
	Passed []string `json:"passed,omitempty"`
	Last   []string `json:"last,omitempty"`
	// Since is when this was written.
	Since time.Time `json:"since"`
}

// order is the order in which the sources are asked.
func (s silence) order(sources []string) []string {
	var first, last []string
	for _, url := range sources {
		if slices.Contains(s.Last, url) {
			last = append(last, url)
		} else {
			first = append(first, url)
		}
	}
	return append(first, last...)
}

// left is how long the source may go on to be silent.
func (s silence) left(perSource, total time.Duration) time.Duration {
	return max(0, min(perSource-s.Source, total-s.All))
}

// hear takes in how long nothing came at the end of an attempt, and whether something had come before.
func (s *silence) hear(quiet time.Duration, heard bool) {
	if heard {
		s.Source, s.All = 0, 0
	}
	s.Source, s.All = s.Source+quiet, s.All+quiet
}

func (f *fetching) keepSilence(ctx context.Context, key string, s silence) error {
	s.Since = f.clock(f.t)
	c := f.begin()
	c.set(key, s)
	return c.commit(ctx)
}

// endSilence ends a try that has failed: the next one begins with the other sources.
func (f *fetching) endSilence(ctx context.Context, key string, s silence, found bool) error {
	if len(s.Passed) == 0 {
		return f.forgetSilence(ctx, key, found)
	}
	return f.keepSilence(ctx, key, silence{Last: s.Passed})
}

func (f *fetching) forgetSilence(ctx context.Context, key string, found bool) error {
	if !found {
		return nil
	}
	c := f.begin()
	c.remove(key)
	return c.commit(ctx)
}
