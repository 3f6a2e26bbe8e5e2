package snapshot

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// asked are the names of the facts that a recorded snapshot tells of, whether they are there or not. Without it a snapshot tells
// everything: what it does not name is absent.
type asked struct {
	registry, files, products, packages, licenses, resources map[string]string // by lower-case name, the name as it was asked
}

func newAsked() *asked {
	return &asked{registry: map[string]string{}, files: map[string]string{}, products: map[string]string{}, packages: map[string]string{},
		licenses: map[string]string{}, resources: map[string]string{}}
}

func (a *asked) clone() *asked {
	return &asked{registry: maps.Clone(a.registry), files: maps.Clone(a.files), products: maps.Clone(a.products), packages: maps.Clone(a.packages),
		licenses: maps.Clone(a.licenses), resources: maps.Clone(a.resources)}
}

// NotRecordedError says that a recorded snapshot does not tell a fact: nobody asked for it while it was recorded. A rule that needs
// the fact is unknown.
type NotRecordedError struct {
	// Fact names what is missing, as an administrator would look for it.
	Fact string
}

// Error names the fact.
func (e *NotRecordedError) Error() string {
	return e.Fact + " was not recorded in this snapshot"
}

// tells answers a *NotRecordedError for a name that is not in the list; a nil receiver tells everything.
func (a *asked) tells(list func(*asked) map[string]string, kind, name string) error {
	if a == nil {
		return nil
	}
	if _, ok := list(a)[fold(name)]; ok {
		return nil
	}
	return &NotRecordedError{Fact: kind + name}
}

func askedRegistry(a *asked) map[string]string  { return a.registry }
func askedFiles(a *asked) map[string]string     { return a.files }
func askedProducts(a *asked) map[string]string  { return a.products }
func askedPackages(a *asked) map[string]string  { return a.packages }
func askedLicenses(a *asked) map[string]string  { return a.licenses }
func askedResources(a *asked) map[string]string { return a.resources }

// askedForm is the shape in the file: registry keys with HKLM\ and in the 64-bit view, like those of the snapshot.
type askedForm struct {
	Registry  []string `json:"registry,omitempty"`
	Files     []string `json:"files,omitempty"`
	Products  []string `json:"products,omitempty"`
	Packages  []string `json:"packages,omitempty"`
	Licenses  []string `json:"licenses,omitempty"`
	Resources []string `json:"resources,omitempty"`
}

func (a *asked) form() *askedForm {
	if a == nil {
		return nil
	}
	form := &askedForm{Files: sortedNames(a.files), Products: sortedNames(a.products), Packages: sortedNames(a.packages),
		Licenses: sortedNames(a.licenses), Resources: sortedNames(a.resources)}
	for _, key := range sortedNames(a.registry) {
		form.Registry = append(form.Registry, `HKLM\`+key)
	}
	return form
}

func (f askedForm) asked() (*asked, error) {
	a := newAsked()
	for _, key := range f.Registry {
		below, ok := strings.CutPrefix(key, `HKLM\`)
		if !ok || below == "" {
			return nil, fmt.Errorf(`asked registry key %q is not of the form HKLM\SOFTWARE\…`, key)
		}
		a.registry[fold(below)] = below
	}
	for _, list := range []struct {
		names []string
		into  map[string]string
	}{{f.Files, a.files}, {f.Products, a.products}, {f.Packages, a.packages}, {f.Licenses, a.licenses}, {f.Resources, a.resources}} {
		for _, name := range list.names {
			list.into[fold(name)] = name
		}
	}
	return a, nil
}

// viewedBy turns a path of the 32-bit view into that of the native one.
func viewedBy(architecture int, view applicability.View, path string) string {
	redirected := view == applicability.WOW64 && architecture != x86 && len(path) > len(software) &&
		strings.EqualFold(path[:len(software)], software) && !strings.EqualFold(path[:min(len(path), len(wow64))], wow64)
	if redirected {
		return wow64 + path[len(software):]
	}
	return path
}

func sortedNames(names map[string]string) []string {
	list := slices.Collect(maps.Values(names))
	slices.Sort(list)
	return list
}
