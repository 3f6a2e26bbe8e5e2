//go:build race

package applicability_test

// slowdown is what the race detector costs.
const slowdown = 20
