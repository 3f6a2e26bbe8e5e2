//go:build defects

package clientagent_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each deliberate mistake is caught by an invariant of the simulation. The mistakes are laid over the sources for the compiler only; a text that
// is not there any more fails the test, so that the table keeps up with the agent.
//
//	go test -tags defects -run TestDefects -timeout 60m ./clientagent
func TestDefects(t *testing.T) {
	require.Greater(t, len(simDefects), 14)
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	for _, d := range simDefects {
		t.Run(strings.ReplaceAll(d.name, " ", "-"), func(t *testing.T) {
			program := buildWithDefect(t, root, d)
			run := exec.CommandContext(t.Context(), program, "-test.run", "^TestSimulation$", "-sim.first", "1000", "-sim.seeds", "39", "-sim.fresh", "0", "-sim.stop")
			run.Dir = filepath.Join(root, "clientagent")
			output, err := run.CombinedOutput()
			require.Error(t, err, "no invariant tells of the defect")
			found := regexp.MustCompile(`seed (\d+)[^\n]*\n\s*invariant "(\w+)"[^\n]*`).FindStringSubmatch(string(output))
			require.NotNil(t, found, "%s", output)
			t.Logf("seed %s: %.200s", found[1], strings.TrimSpace(found[0][strings.Index(found[0], "invariant"):]))
			require.True(t, slices.Contains(d.invariants, found[2]), "%q tells of it instead of %v: %.600s", found[2], d.invariants, found[0])
		})
	}
}

// buildWithDefect compiles the tests of this package over the mistaken source.
func buildWithDefect(t *testing.T, root string, d simDefect) (program string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(d.file))
	source, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, 1, strings.Count(string(source), d.old), "%s has the text to be mistaken exactly once: %s", d.file, d.old)
	folder := t.TempDir()
	mistaken, overlay := filepath.Join(folder, "mistaken.go"), filepath.Join(folder, "overlay.json")
	require.NoError(t, os.WriteFile(mistaken, []byte(strings.Replace(string(source), d.old, d.new, 1)), 0o600))
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{path: mistaken}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, text, 0o600))
	program = filepath.Join(folder, "simulation.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", overlay, "-o", program, "./clientagent")
	build.Dir = root
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return program
}
