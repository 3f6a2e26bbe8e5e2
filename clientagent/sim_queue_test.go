package clientagent_test

import (
	queue "container/heap"
	"time"
)

// simEvent is one thing that happens in a simulated world. Of several at one time the one that was planned first comes first.
type simEvent struct {
	at    time.Time
	order int
	do    func()
}

// simQueue is the one queue of a simulated world.
type simQueue struct {
	events  simHeap
	planned int
}

func (q *simQueue) plan(at time.Time, do func()) {
	q.planned++
	queue.Push(&q.events, simEvent{at: at, order: q.planned, do: do})
}

// next takes the earliest event, unless it lies behind end.
func (q *simQueue) next(end time.Time) (simEvent, bool) {
	if len(q.events) == 0 || q.events[0].at.After(end) {
		return simEvent{}, false
	}
	return queue.Pop(&q.events).(simEvent), true
}

type simHeap []simEvent

func (h simHeap) Len() int { return len(h) }
func (h simHeap) Less(i, j int) bool {
	if !h[i].at.Equal(h[j].at) {
		return h[i].at.Before(h[j].at)
	}
	return h[i].order < h[j].order
}
func (h simHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *simHeap) Push(x any)   { *h = append(*h, x.(simEvent)) }
func (h *simHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	(*h)[last] = simEvent{}
	*h = (*h)[:last]
	return x
}
