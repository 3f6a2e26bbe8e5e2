package applicability_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// The shape of a catalogue as large as a real one for one system: categories and detectoids over eleven levels, and updates below
// them that are files, packages, products or bundles of others, some of which supersede each other.
const (
	shapeUpdates = 5253
	shapeUpper   = 400
	shapeLevels  = 11
)

func shapeID(n int) uuid.UUID { return uuid.UUID{0: byte(n >> 8), 1: byte(n), 15: 1} }

func node(name string, attrs ...string) *metadata.Node {
	n := &metadata.Node{Name: name}
	for i := 0; i+1 < len(attrs); i += 2 {
		n.Attrs = append(n.Attrs, metadata.Attr{Name: attrs[i], Value: attrs[i+1]})
	}
	return n
}

func above(n *metadata.Node, children ...*metadata.Node) *metadata.Node {
	n.Children = children
	return n
}

// shape is the same catalogue every time.
func shape() []*metadata.Core {
	random := rand.New(rand.NewPCG(11, 5253))
	var all []*metadata.Core
	for n := range shapeUpdates {
		c := &metadata.Core{Identity: metadata.Identity{UpdateID: shapeID(n), Revision: 200}, Type: metadata.Software, ExplicitlyDeployable: true}
		need := func(from, to int) {
			c.Relationships.Prerequisites = append(c.Relationships.Prerequisites,
				metadata.Clause{Members: []metadata.Identity{{UpdateID: shapeID(from + random.IntN(to-from))}}})
		}
		const level = shapeUpper / shapeLevels
		switch {
		case n < shapeUpper:
			c.Type, c.ExplicitlyDeployable = metadata.Detectoid, false
			c.Rules.IsInstalled = shapeDetectoid(random, n)
			if n >= level {
				need(n/level*level-level, n/level*level)
			}
		case n%10 == 0:
			for range 2 {
				c.Relationships.Bundled = append(c.Relationships.Bundled, metadata.Clause{Members: []metadata.Identity{
					{UpdateID: shapeID(n - 1 - random.IntN(9)), Revision: 200}, {UpdateID: shapeID(n - 1 - random.IntN(9)), Revision: 200}}})
			}
			need(0, shapeUpper)
		default:
			shapeSoftware(random, c, n)
			for range 3 {
				need(0, shapeUpper)
			}
			if n%7 == 0 {
				c.Relationships.Superseded = []uuid.UUID{shapeID(n - 7), shapeID(n - 14)}
			}
		}
		all = append(all, c)
	}
	return all
}

// Most conditions of the upper levels hold on the machine, so that what is below them is judged.
func shapeDetectoid(random *rand.Rand, n int) *metadata.Node {
	windows := node("WindowsVersion", "Comparison", "GreaterThanOrEqualTo", "MajorVersion", "10", "MinorVersion", "0", "BuildNumber", fmt.Sprint(10000+n))
	switch n % 4 {
	case 0:
		return node("True")
	case 1:
		return above(node("And"), windows, node("Processor", "Architecture", "9"))
	case 2:
		return above(node("Or"), node("RegKeyExists", "Key", "HKEY_LOCAL_MACHINE", "Subkey", fmt.Sprintf(`SOFTWARE\Lindenhof\Product%d`, random.IntN(300))), windows)
	}
	return above(node("Not"), node("RegDword", "Key", "HKEY_LOCAL_MACHINE", "Subkey", fmt.Sprintf(`SOFTWARE\Policies\Lindenhof%d`, random.IntN(100)),
		"Value", "Hold", "Comparison", "EqualTo", "Data", "1"))
}

func shapeSoftware(random *rand.Rand, c *metadata.Core, n int) {
	version := fmt.Sprintf("%d.%d.%d.0", random.IntN(9), random.IntN(9), n)
	product := random.IntN(300)
	file := node("FileVersion", "Csidl", "38", "Path", fmt.Sprintf(`\Lindenhof\p%d\main.dll`, product), "Comparison", "GreaterThanOrEqualTo", "Version", version)
	value := node("RegSzToVersion", "Key", "HKEY_LOCAL_MACHINE", "Subkey", fmt.Sprintf(`SOFTWARE\Lindenhof\Product%d`, product), "Value", "Version",
		"Comparison", "GreaterThanOrEqualTo", "Data", version)
	there := node("RegKeyExists", "Key", "HKEY_LOCAL_MACHINE", "Subkey", fmt.Sprintf(`SOFTWARE\Lindenhof\Product%d`, product))
	c.Rules.IsInstallable = above(node("And"), there,
		above(node("Not"), node("RegDword", "Key", "HKEY_LOCAL_MACHINE", "Subkey", `SOFTWARE\Policies\Lindenhof`, "Value", "Hold", "Comparison", "EqualTo", "Data", "1")))
	switch n % 4 {
	case 0:
		c.Rules.IsInstalled = node("CbsPackageInstalledByIdentity", "PackageIdentity", fmt.Sprintf("Package_%d~k~amd64~~%s", product, version))
	case 1:
		c.Rules.IsInstalled = node("MsiProductInstalled", "ProductCode", fmt.Sprintf("{%08d-1001-4C5B-9F4A-7D0E5A1C1001}", product), "VersionMin", version)
	case 2:
		c.Rules.IsInstalled = above(node("Or"), value, file)
	default:
		c.Rules.IsInstalled = above(node("And"), there, value, file)
	}
}

// ready has its answers in maps, by lower-case names, and counts the questions.
type ready struct {
	registry map[string]applicability.Key
	files    map[string]applicability.File
	products map[string]applicability.Product
	packages map[string]int
	asked    atomic.Int64
}

func readyMachine() *ready {
	m := &ready{registry: map[string]applicability.Key{}, files: map[string]applicability.File{}, products: map[string]applicability.Product{},
		packages: map[string]int{}}
	for p := 0; p < 300; p += 2 {
		m.registry[fmt.Sprintf(`software\lindenhof\product%d`, p)] = applicability.Key{Values: map[string]applicability.Value{"version": sz("4.2.0")}}
		m.files[fmt.Sprintf(`c:\program files\lindenhof\p%d\main.dll`, p)] = applicability.File{Version: [4]int{4, 2}, HasVersion: true}
		m.products[fmt.Sprintf("{%08d-1001-4c5b-9f4a-7d0e5a1c1001}", p)] = applicability.Product{Version: "4.2.0", Language: 1033}
	}
	return m
}

func (m *ready) System(context.Context) (applicability.System, error) {
	m.asked.Add(1)
	return laboratorySystem, nil
}

var laboratorySystem = laboratory().system

func (m *ready) Registry(_ context.Context, _ applicability.View, key string) (applicability.Key, error) {
	return look(m, m.registry, key)
}

func (m *ready) File(_ context.Context, path string) (applicability.File, error) {
	return look(m, m.files, path)
}

func (m *ready) Product(_ context.Context, code string) (applicability.Product, error) {
	return look(m, m.products, code)
}

func (m *ready) Package(_ context.Context, identity string) (int, error) {
	return look(m, m.packages, identity)
}

func look[T any](m *ready, in map[string]T, name string) (T, error) {
	m.asked.Add(1)
	v, ok := in[strings.ToLower(name)]
	if !ok {
		return v, applicability.ErrNotFound
	}
	return v, nil
}
