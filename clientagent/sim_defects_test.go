//go:build defects

package clientagent_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Each deliberate mistake is caught by an invariant of the simulation, and without one all of its worlds are good. The mistakes are laid over
// the sources for the compiler only, in one program that makes the one that it is told; a text that is not there any more fails the test, so
// that the table keeps up with the agent.
//
//	go test -tags defects -run TestDefects -timeout 60m -v ./clientagent
func TestDefects(t *testing.T) {
	all := slices.Concat(simDefects, simActorDefects)
	program := buildDefects(t, all)
	for i, d := range all {
		t.Run(strings.ReplaceAll(d.name, " ", "-"), func(t *testing.T) {
			run := exec.CommandContext(t.Context(), program, "-test.run", "^TestSimulation$", "-sim.first", "1000", "-sim.seeds", "39", "-sim.fresh", "0", "-sim.stop")
			run.Env = append(os.Environ(), fmt.Sprint("SIM_DEFECT=", i))
			output, err := run.CombinedOutput()
			require.Error(t, err, "no invariant tells of the defect")
			found := regexp.MustCompile(`seed (\d+)[^\n]*\n\s*invariant "(\w+)" does not hold: ([^\n]*)`).FindStringSubmatch(string(output))
			require.NotNil(t, found, "%s", output)
			t.Logf("seed %s, %s: %.160s", found[1], found[2], found[3])
			require.True(t, slices.Contains(d.invariants, found[2]), "%q tells of it instead of %v: %s", found[2], d.invariants, found[3])
		})
	}
}

// buildDefects compiles the tests of this package over sources with all mistakes, each behind a condition.
func buildDefects(t *testing.T, all []simDefect) (program string) {
	t.Helper()
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	sources := map[string]string{}
	for i, d := range all {
		for _, e := range d.edits {
			path := filepath.Join(root, filepath.FromSlash(e.file))
			if sources[path] == "" {
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				sources[path] = string(text)
			}
			require.Equal(t, 1, strings.Count(sources[path], e.old), "%s has the text to be mistaken exactly once: %s", e.file, e.old)
			sources[path] = strings.Replace(sources[path], e.old, strings.ReplaceAll(e.new, "DEFECT", fmt.Sprintf("simDefect(%d)", i)), 1)
			name := filepath.Base(filepath.Dir(path))
			sources[filepath.Join(filepath.Dir(path), "simdefect.go")] = fmt.Sprintf(
				"package %s\n\nimport (\n\t\"os\"\n\t\"strconv\"\n)\n\nvar simChosen = os.Getenv(\"SIM_DEFECT\")\n\nfunc simDefect(i int) bool { return simChosen == strconv.Itoa(i) }\n", name)
		}
	}
	folder, overlay := t.TempDir(), map[string]string{}
	for path, text := range sources {
		overlay[path] = filepath.Join(folder, fmt.Sprintf("%d.go", len(overlay)))
		require.NoError(t, os.WriteFile(overlay[path], []byte(text), 0o600))
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	require.NoError(t, err)
	list := filepath.Join(folder, "overlay.json")
	require.NoError(t, os.WriteFile(list, text, 0o600))
	program = filepath.Join(folder, "simulation.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-overlay", list, "-o", program, "./clientagent")
	build.Dir = root
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	return program
}
