//go:build !race

package applicability_test

const slowdown = 1
