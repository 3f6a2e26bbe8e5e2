package main

import (
	"io"
	"sync"
)

// turns lets the log and the progress write to one stream, each write whole.
type turns struct {
	mu sync.Mutex
	w  io.Writer
}

func (t *turns) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.w.Write(p)
}
