package clientagent

import "time"

// batchMember is what batching looks at of one required deployment.
type batchMember struct {
	// begin is when it starts to install by itself, deadline what its policy says.
	begin, deadline, available time.Time
	// idle says that nothing is left to do for it before the next re-evaluation.
	idle bool
}

// pulledIn are the places of the deployments that start now because the deadline of another is reached: those that are available and
// whose own deadline comes within the period. A period of zero is no batching. A deployment that has nothing to do neither pulls nor
// is pulled.
func pulledIn(all []batchMember, period time.Duration, now time.Time) []int {
	reached := false
	for _, d := range all {
		reached = reached || !d.idle && !d.begin.After(now)
	}
	if !reached || period <= 0 {
		return nil
	}
	var pulled []int
	for i, d := range all {
		if !d.idle && d.begin.After(now) && !d.available.After(now) && !d.deadline.After(now.Add(period)) {
			pulled = append(pulled, i)
		}
	}
	return pulled
}
