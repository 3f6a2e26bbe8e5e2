package clientagent

import "sync"

// broadcast wakes everybody who waits. The zero value is ready for use.
type broadcast struct {
	mu sync.Mutex
	ch chan struct{}
}

// next is closed with the next send.
func (b *broadcast) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
	}
	return b.ch
}

func (b *broadcast) send() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
	}
}
