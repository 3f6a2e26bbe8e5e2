package softwareupdates_test

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/seed599db172/softwareupdates"

// pkg is what `go list -json` tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	require.NoError(t, err)
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return pkgs
		}
		require.NoError(t, err)
		pkgs = append(pkgs, p)
	}
}

// rooms ranks the rooms of docs/architecture.md: a room imports rooms of a lower rank, and its own sub-packages.
var rooms = []struct {
	room string
	rank int
}{
	// A sub-package comes before its parent: the first prefix that fits counts.
	{"internal/samplecatalog", 8},
	{"internal", 0},
	{"ports", 1},
	{"compliance", 1},
	{"ssl", 2},
	{"wsus", 3},
	{"clientagent", 4},
	{"updatepoint", 5},
	{"storage", 6},
	{"examples", 9},
}

func roomOf(path string) (string, int, bool) {
	path, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return "", 0, false
	}
	for _, r := range rooms {
		if path == r.room || strings.HasPrefix(path, r.room+"/") {
			return r.room, r.rank, true
		}
	}
	return path, -1, true
}

func TestArrows(t *testing.T) {
	seen := 0
	for _, p := range listPackages(t) {
		room, rank, ours := roomOf(p.ImportPath)
		if !ours {
			continue // the root package only documents
		}
		require.NotEqual(t, -1, rank, "%s is in no room: say in rooms where it belongs", p.ImportPath)
		for _, imported := range p.Imports {
			other, otherRank, ours := roomOf(imported)
			if !ours || other == room {
				continue
			}
			seen++
			require.Less(t, otherRank, rank, "%s must not import %s", p.ImportPath, imported)
		}
	}
	require.Greater(t, seen, 20, "the test must have seen the arrows that there are")
}

// TestClosedRooms holds the two rooms that import nothing of ours.
func TestClosedRooms(t *testing.T) {
	for _, p := range listPackages(t) {
		room, _, _ := roomOf(p.ImportPath)
		if room != "ports" && room != "compliance" {
			continue
		}
		for _, imported := range p.Imports {
			require.False(t, strings.HasPrefix(imported, module), "%s imports %s", p.ImportPath, imported)
		}
	}
}

// budget lists the third-party modules that each room may link. Whoever adds one writes the paragraph in
// docs/dependencies.md first.
var budget = map[string][]string{
	"ports":       {"github.com/hashicorp/go-multierror"},
	"compliance":  {"github.com/google/uuid", "github.com/hashicorp/go-multierror"},
	"ssl":         {"github.com/hashicorp/go-multierror"},
	"wsus":        {"github.com/google/uuid", "github.com/hashicorp/go-multierror", "golang.org/x/sync"},
	"clientagent": {"github.com/google/uuid", "github.com/hashicorp/go-multierror", "golang.org/x/sync"},
	"updatepoint": {"github.com/google/uuid", "github.com/hashicorp/go-multierror", "golang.org/x/sync"},
	"storage": {"github.com/google/uuid", "github.com/hashicorp/go-multierror", "golang.org/x/sync",
		"modernc.org/sqlite", "github.com/stretchr/testify"},
	"internal":               {"github.com/google/uuid", "golang.org/x/sys"},
	"internal/samplecatalog": {"github.com/google/uuid", "github.com/beevik/etree"},
	"examples":               {"github.com/google/uuid", "github.com/hashicorp/go-multierror", "golang.org/x/sync"},
}

func TestDependencyBudget(t *testing.T) {
	for _, p := range listPackages(t) {
		room, _, ours := roomOf(p.ImportPath)
		if !ours {
			continue
		}
		for _, imported := range p.Imports {
			host, _, _ := strings.Cut(imported, "/")
			if !strings.Contains(host, ".") || strings.HasPrefix(imported, module) {
				continue
			}
			allowed := slices.ContainsFunc(budget[room], func(m string) bool {
				return imported == m || strings.HasPrefix(imported, m+"/")
			})
			require.True(t, allowed, "%s may not import %s", p.ImportPath, imported)
			if strings.HasPrefix(imported, "modernc.org/") {
				require.Equal(t, module+"/storage/sqlite", p.ImportPath, "the driver stays in one package")
			}
			if strings.HasPrefix(imported, "github.com/stretchr/testify") {
				require.Equal(t, module+"/storage/storagetest", p.ImportPath, "test libraries stay out of programs")
			}
		}
	}
}
