package snapshot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed599db172/softwareupdates/clientagent"
	"github.com/seed599db172/softwareupdates/wsus/applicability"
)

// state is all that a machine is. It is not changed once a Machine has it: changes go to a copy, which then takes its place.
// Maps are keyed by lower-case names.
type state struct {
	name           string
	restartPending bool
	surroundings   Surroundings
	hardware       clientagent.Hardware
	system         applicability.System
	registry       *key
	files          map[string]file
	products       map[string]product
	packages       map[string]pack
	wmi            map[string]namespace
	asked          *asked // nil: everything is told
	extras
}

type file struct {
	path     string
	folder   bool
	version  *applicability.Version
	size     int64
	created  time.Time
	modified time.Time
	language int
}

type product struct {
	code, name, version           string
	language                      int
	features, components, patches []string
	superseded                    []string
	upgradeCode                   string
	sequences                     map[string]string // by patch family
}

type pack struct {
	identity string
	state    int
}

type namespace struct {
	name    string
	queries map[string]query
}

type query struct {
	text  string
	count int
}

func newState() *state {
	return &state{
		registry: &key{},
		files:    map[string]file{},
		products: map[string]product{},
		packages: map[string]pack{},
		wmi:      map[string]namespace{},
	}
}

// clone copies what an installation may change.
func (s *state) clone() *state {
	c := *s
	c.registry = s.registry.clone()
	c.files = maps.Clone(s.files)
	c.packages = maps.Clone(s.packages)
	c.extras = s.extras.clone()
	c.products = make(map[string]product, len(s.products))
	for code, p := range s.products {
		p.patches = slices.Clone(p.patches)
		p.features = slices.Clone(p.features)
		p.components = slices.Clone(p.components)
		p.superseded = slices.Clone(p.superseded)
		p.sequences = maps.Clone(p.sequences)
		c.products[code] = p
	}
	return &c
}

func fold(s string) string { return strings.ToLower(s) }
