package snapshot

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// The parts of the registry that are not stored as such.
const (
	// packagesKey shows the servicing packages.
	packagesKey = `software\microsoft\windows\currentversion\component based servicing\packages`
	// software has another view for 32-bit programs.
	software = `software\`
	wow64    = `SOFTWARE\WOW6432Node\`
	x86      = 0
)

func (s *state) System(context.Context) (applicability.System, error) { return s.system, nil }

func (s *state) Registry(_ context.Context, view applicability.View, path string) (applicability.Key, error) {
	path = viewedBy(s.system.Architecture, view, path)
	if err := s.asked.tells(askedRegistry, `registry key HKLM\`, path); err != nil {
		return applicability.Key{}, err
	}
	k := s.registry.find(path)
	shown := s.packagesAt(fold(path))
	if k == nil && shown == nil {
		return applicability.Key{}, fmt.Errorf(`HKLM\%s: %w`, path, applicability.ErrNotFound)
	}
	out := applicability.Key{Values: map[string]applicability.Value{}}
	if k != nil {
		for name, v := range k.values {
			out.Values[name] = v.Value
		}
		for _, b := range k.below {
			out.Subkeys = append(out.Subkeys, b.name)
		}
	}
	if shown != nil {
		maps.Copy(out.Values, shown.Values)
		out.Subkeys = append(out.Subkeys, shown.Subkeys...)
	}
	slices.Sort(out.Subkeys)
	out.Subkeys = slices.Compact(out.Subkeys)
	return out, nil
}

// packagesAt is what the servicing stack keeps at a path of the registry; nil when it has nothing there.
func (s *state) packagesAt(path string) *applicability.Key {
	if path == packagesKey && len(s.packages) > 0 {
		k := &applicability.Key{}
		for _, p := range s.packages {
			k.Subkeys = append(k.Subkeys, p.identity)
		}
		return k
	}
	identity, ok := strings.CutPrefix(path, packagesKey+`\`)
	if !ok {
		return nil
	}
	p, ok := s.packages[identity]
	if !ok {
		return nil
	}
	return &applicability.Key{Values: map[string]applicability.Value{"currentstate": {Type: "REG_DWORD", Number: uint64(p.state)}}}
}

func (s *state) File(_ context.Context, path string) (applicability.File, error) {
	if err := s.asked.tells(askedFiles, "file ", path); err != nil {
		return applicability.File{}, err
	}
	f, ok := s.files[fold(path)]
	if !ok {
		if s.isFolder(path) {
			return applicability.File{}, nil
		}
		return applicability.File{}, fmt.Errorf("%s: %w", path, applicability.ErrNotFound)
	}
	out := applicability.File{Size: f.size, Created: f.created, Modified: f.modified, Language: f.language}
	if f.version != nil {
		out.Version, out.HasVersion = *f.version, true
	}
	return out, nil
}

// isFolder finds a folder by the files in it.
func (s *state) isFolder(path string) bool {
	prefix := strings.TrimSuffix(fold(path), `\`) + `\`
	for name := range s.files {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

func (s *state) Product(_ context.Context, code string) (applicability.Product, error) {
	if err := s.asked.tells(askedProducts, "MSI product ", code); err != nil {
		return applicability.Product{}, err
	}
	p, ok := s.products[fold(code)]
	if !ok {
		return applicability.Product{}, fmt.Errorf("product %s: %w", code, applicability.ErrNotFound)
	}
	return applicability.Product{Version: p.version, Language: p.language, Features: p.features, Components: p.components,
		Patches: p.patches, UpgradeCode: p.upgradeCode, Superseded: p.superseded, Sequences: p.sequences}, nil
}

func (s *state) Package(_ context.Context, identity string) (int, error) {
	if err := s.asked.tells(askedPackages, "servicing package ", identity); err != nil {
		return 0, err
	}
	p, ok := s.packages[fold(identity)]
	if !ok {
		return 0, fmt.Errorf("package %s: %w", identity, applicability.ErrNotFound)
	}
	return p.state, nil
}

// Query answers what the file lists. Another query is not "no objects": the file does not tell.
func (s *state) Query(_ context.Context, namespace, wql string) (int, error) {
	q, ok := s.wmi[fold(namespace)].queries[normal(wql)]
	if !ok {
		return 0, fmt.Errorf("the snapshot has no answer to %q in %s", wql, namespace)
	}
	return q.count, nil
}

// normal makes queries equal that differ in case and spacing.
func normal(wql string) string { return strings.Join(strings.Fields(fold(wql)), " ") }
