package wsustest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// ErrChaos is what a request ends with that Chaos has dropped.
var ErrChaos = errors.New("dropped by chaos")

// Chaos is a RoundTripper that spoils a connection. Each fault has a probability from 0 to 1, drawn for each request from Seed and the number
// of the request: what happens to the nth request is the same in every run. The zero value spoils nothing. It is safe for concurrent use.
type Chaos struct {
	// Next makes the requests; nil means http.DefaultTransport.
	Next http.RoundTripper
	Seed uint64
	// Drop loses a request before the server has it.
	Drop float64
	// DropAnswer loses the answer: the server has done what was asked.
	DropAnswer float64
	// Duplicate sends a request twice and returns the second answer.
	Duplicate float64
	// Truncate breaks an answer off, at a place drawn.
	Truncate float64
	// Delay holds a request back for up to MaxDelay.
	Delay float64
	// Reorder holds a request back until another one has overtaken it, or for MaxDelay when none comes.
	Reorder float64
	// MaxDelay is one second when 0.
	MaxDelay time.Duration

	mu     sync.Mutex
	counts ChaosCounts
	held   []chan struct{}
}

// ChaosCounts says what Chaos has done. Requests are those that came, whatever became of them.
type ChaosCounts struct {
	Requests, Dropped, AnswersDropped, Duplicated, Truncated, Delayed, Reordered int
}

// Counts are those so far.
func (c *Chaos) Counts() ChaosCounts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts
}

// fate is what is to happen to one request.
type fate struct {
	drop, dropAnswer, duplicate, truncate, delay, reorder bool
	wait                                                  time.Duration
	cut                                                   float64
}

// draw decides and counts. Everything is drawn every time, so that one probability does not change what another one hits.
func (c *Chaos) draw() fate {
	c.mu.Lock()
	defer c.mu.Unlock()
	random := rand.New(rand.NewPCG(c.Seed, uint64(c.counts.Requests)))
	c.counts.Requests++
	hit := func(probability float64) bool { return random.Float64() < probability }
	f := fate{drop: hit(c.Drop), dropAnswer: hit(c.DropAnswer), duplicate: hit(c.Duplicate), truncate: hit(c.Truncate), delay: hit(c.Delay),
		reorder: hit(c.Reorder), cut: random.Float64()}
	f.wait = time.Duration(random.Float64() * float64(cmp.Or(c.MaxDelay, time.Second)))
	return f
}

func (c *Chaos) count(n *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*n++
}

// RoundTrip implements http.RoundTripper.
func (c *Chaos) RoundTrip(r *http.Request) (*http.Response, error) {
	f := c.draw()
	body, err := takeBody(r)
	if err != nil {
		return nil, err
	}
	defer c.overtake()
	if f.delay {
		c.count(&c.counts.Delayed)
		if err := sleep(r.Context(), f.wait, nil); err != nil {
			return nil, err
		}
	}
	if f.reorder {
		c.count(&c.counts.Reordered)
		if err := sleep(r.Context(), cmp.Or(c.MaxDelay, time.Second), c.hold()); err != nil {
			return nil, err
		}
	}
	if f.drop {
		c.count(&c.counts.Dropped)
		return nil, ErrChaos
	}
	if f.duplicate {
		c.count(&c.counts.Duplicated)
		first, err := c.send(r, body)
		if err != nil {
			return nil, err
		}
		_, _ = io.Copy(io.Discard, first.Body) // only its effect on the server counts
		_ = first.Body.Close()
	}
	response, err := c.send(r, body)
	switch {
	case err != nil:
		return nil, err
	case f.dropAnswer:
		c.count(&c.counts.AnswersDropped)
		_ = response.Body.Close()
		return nil, ErrChaos
	case f.truncate:
		c.count(&c.counts.Truncated)
		return truncated(response, f.cut)
	default:
		return response, nil
	}
}

func (c *Chaos) send(r *http.Request, body []byte) (*http.Response, error) {
	return cmp.Or(c.Next, http.DefaultTransport).RoundTrip(withBody(r, body))
}

// truncated ends the body early, as a broken connection does: the length in the header stays.
func truncated(response *http.Response, cut float64) (*http.Response, error) {
	whole, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	part := whole[:int(cut*float64(len(whole)))]
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(part), brokenReader{}))
	return response, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// hold makes a place where a request waits to be overtaken.
func (c *Chaos) hold() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	place := make(chan struct{})
	c.held = append(c.held, place)
	return place
}

// overtake lets those go that wait.
func (c *Chaos) overtake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, place := range c.held {
		close(place)
	}
	c.held = nil
}

func sleep(ctx context.Context, d time.Duration, until <-chan struct{}) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-until:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
