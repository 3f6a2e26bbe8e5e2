//go:build !race

package wsus_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What no benchmark may lose again is tested: this does not depend on the machine. The race detector makes pools forget at random,
// so the test is of the other run of the suite.
func TestDeltaAllocations(t *testing.T) {
	d := newDelta(t)
	require.LessOrEqual(t, d.allocations(d.server)-d.allocations(d.bare), 3.0)
}
