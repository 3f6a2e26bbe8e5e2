package clientagent

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// candidate is a missing update whose turn to install may come.
type candidate struct {
	id uuid.UUID
	// runTime is its maximum run time.
	runTime time.Duration
	// exclusive says that it must install alone (RequiresExclusiveHandling), servicing that it renews the servicing stack.
	exclusive, servicing bool
	// placed says that nothing waits for a restart but parts of its own.
	placed bool
}

// firstBatch is what installs next, in order: an update of the servicing stack by itself, since it decides what the others are; else all
// that may go together, the shortest maximum run time first; else an exclusive one by itself. Equal ones keep their order.
func firstBatch(all []candidate) []candidate {
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(a, b candidate) int { return cmp.Compare(a.runTime, b.runTime) })
	if i := slices.IndexFunc(order, func(c candidate) bool { return c.servicing }); i >= 0 {
		return order[i : i+1]
	}
	together := slices.DeleteFunc(slices.Clone(order), func(c candidate) bool { return c.exclusive })
	if len(together) == 0 && len(order) > 0 {
		return order[:1]
	}
	return together
}
