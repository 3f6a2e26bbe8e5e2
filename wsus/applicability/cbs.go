package applicability

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// PackageInstalled is the CurrentState of a servicing package that is in place; every other state, pending ones too, is not.
const PackageInstalled = 112

// packageStates are the names of CurrentState.
var packageStates = map[int]string{
	0: "absent", 5: "uninstall pending", 16: "resolving", 32: "resolved", 48: "staging", 64: "staged", 80: "superseded",
	96: "install pending", 101: "partially installed", PackageInstalled: "installed", 128: "permanent",
}

// PackageIdentity writes an assemblyIdentity as the servicing stack names packages: name, publicKeyToken,
// processorArchitecture, language and version between tildes, where the language neutral is empty. It is empty without a name.
func PackageIdentity(identity *metadata.Node) string {
	name, ok := identity.Attr("name")
	if !ok || name == "" {
		return ""
	}
	part := func(attribute string) string {
		v, _ := identity.Attr(attribute)
		if attribute == "language" && strings.EqualFold(v, "neutral") {
			return ""
		}
		return v
	}
	return strings.Join([]string{name, part("publicKeyToken"), part("processorArchitecture"), part("language"), part("version")}, "~")
}

// packageState is 0 (absent) for a package that is not known.
func (e *evaluation) packageState(ctx context.Context, identity string) (int, error) {
	state, err := e.facts.Package(ctx, identity)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return state, unread("package "+identity, err)
}

func cbsPackageInstalledByIdentity(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	identity := a.text("PackageIdentity")
	if a.err != nil {
		return Result{}, a.err
	}
	return e.packageInstalled(ctx, identity)
}

func cbsPackageInstalled(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	identity, _, err := e.manifest()
	if err != nil {
		return Result{}, err
	}
	return e.packageInstalled(ctx, identity)
}

func (e *evaluation) packageInstalled(ctx context.Context, identity string) (Result, error) {
	state, err := e.packageState(ctx, identity)
	return result(state == PackageInstalled, "package "+identity+" is in state "+named(state, packageStates)), err
}

// manifest returns the identity of the package and of its parents.
func (e *evaluation) manifest() (identity string, parents []string, err error) {
	assembly := e.data.Child("CbsPackageApplicabilityMetadata").Child("assembly")
	if identity = PackageIdentity(assembly.Child("assemblyIdentity")); identity == "" {
		return "", nil, faultf(MetadataMissing, "the update has no package manifest with an assemblyIdentity")
	}
	pack := assembly.Child("package")
	if pack == nil {
		return identity, nil, nil
	}
	for _, parent := range pack.Children {
		if parent.Name != "parent" {
			continue
		}
		for _, c := range parent.Children {
			if id := PackageIdentity(c); c.Name == "assemblyIdentity" && id != "" {
				parents = append(parents, id)
			}
		}
	}
	return identity, parents, nil
}

// cbsPackageInstallable approximates what only the servicing stack can tell: a package that is not installed applies where one
// of the parents that its manifest names is installed. A manifest without parents leaves it Unknown.
func cbsPackageInstallable(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	identity, parents, err := e.manifest()
	if err != nil {
		return Result{}, err
	}
	if r, err := e.packageInstalled(ctx, identity); err != nil || r.Truth == True {
		return result(false, r.Reason), err
	}
	if len(parents) == 0 {
		return Result{}, untold("servicing stack on package "+identity,
			"only the servicing stack can tell whether package %s applies: its manifest names no parent", identity)
	}
	for _, parent := range parents {
		r, err := e.packageInstalled(ctx, parent)
		if err != nil || r.Truth == True {
			return result(true, "parent "+r.Reason), err
		}
	}
	return result(false, fmt.Sprintf("none of %d parents of package %s is installed", len(parents), identity)), nil
}
