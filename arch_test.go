package softwareupdates_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/seed599db172/softwareupdates"

// pkg is what `go list -json` tells of a package on one system.
type pkg struct {
	ImportPath string
	Imports    []string
}

func listPackages(t *testing.T) []pkg {
	t.Helper()
	var pkgs []pkg
	for _, system := range []string{"linux", "windows", "darwin"} {
		list := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
		list.Env = append(os.Environ(), "GOOS="+system)
		out, err := list.Output()
		require.NoError(t, err)
		for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
			var p pkg
			require.NoError(t, dec.Decode(&p))
			pkgs = append(pkgs, p)
		}
	}
	return pkgs
}

// arrows says which rooms each room may import: the picture of docs/architecture.md. A room may always import its own sub-packages.
var arrows = map[string][]string{
	"ports":       nil,
	"compliance":  nil,
	"internal":    nil,
	"ssl":         {"ports", "internal"},
	"wsus":        {"ports", "ssl", "internal"},
	"clientagent": {"wsus", "compliance", "internal"},
	"updatepoint": {"ports", "ssl", "wsus", "clientagent", "compliance"},
	"storage":     {"wsus", "clientagent", "compliance", "updatepoint", "internal"},
	"examples":    {"ports", "ssl", "wsus", "clientagent", "compliance", "updatepoint", "storage"},
}

// generator composes data with the packages that read it; nobody imports it.
const generator = "internal/samplecatalog"

func roomOf(path string) (string, bool) {
	path, ours := strings.CutPrefix(path, module+"/")
	if !ours {
		return "", false
	}
	if path == generator || strings.HasPrefix(path, generator+"/") {
		return generator, true
	}
	room, _, _ := strings.Cut(path, "/")
	return room, true
}

func TestArrows(t *testing.T) {
	seen := 0
	for _, p := range listPackages(t) {
		room, ours := roomOf(p.ImportPath)
		if !ours || room == generator {
			continue // the root package only documents
		}
		allowed, known := arrows[room]
		require.True(t, known, "%s is in no room: say in arrows what it may import", p.ImportPath)
		for _, imported := range p.Imports {
			other, ours := roomOf(imported)
			if !ours || other == room {
				continue
			}
			seen++
			require.Contains(t, allowed, other, "%s must not import %s", p.ImportPath, imported)
		}
	}
	require.Greater(t, seen, 20, "the test must have seen the arrows that there are")
}

// budget lists the third-party modules that each room may link. Whoever adds one writes the paragraph in
// docs/dependencies.md first.
var budget = map[string][]string{
	"ports":      {"github.com/hashicorp/go-multierror"},
	"compliance": {"github.com/google/uuid", "github.com/hashicorp/go-multierror"},
	"ssl": {"github.com/hashicorp/go-multierror", "software.sslmate.com/src/go-pkcs12", "golang.org/x/crypto",
		"golang.org/x/sys"},
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
		room, ours := roomOf(p.ImportPath)
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
			if strings.HasPrefix(imported, "golang.org/x/crypto") {
				require.Equal(t, module+"/ssl/ssh", p.ImportPath, "SSH stays in one package")
			}
			if strings.HasPrefix(imported, "modernc.org/") {
				require.Equal(t, module+"/storage/sqlite", p.ImportPath, "the driver stays in one package")
			}
			if strings.HasPrefix(imported, "github.com/stretchr/testify") {
				require.Equal(t, module+"/storage/storagetest", p.ImportPath, "test libraries stay out of programs")
			}
		}
	}
}
