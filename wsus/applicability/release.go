package applicability

import (
	"context"
	"fmt"
	"strings"
)

// packagesKey lists the servicing packages of a machine, each with its CurrentState.
const packagesKey = `SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Packages`

// productReleaseInstalled asks for a release at that version or a later one. It is not documented; the reading is that of
// public clients.
func productReleaseInstalled(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	return e.release(ctx, a, GreaterThanOrEqualTo)
}

func productReleaseVersion(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	return e.release(ctx, a, a.scalar())
}

func (e *evaluation) release(ctx context.Context, a *attributes, comparison Comparison) (Result, error) {
	name, want := a.text("Name"), a.version("Version")
	if a.err != nil {
		return Result{}, a.err
	}
	parts := strings.Split(name, ".")
	architecture := parts[len(parts)-1]
	var have Version
	var present bool
	var err error
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(lower, "client.os.") && len(parts) == 4:
		have, present, err = e.clientRelease(ctx, architecture)
	case strings.HasPrefix(lower, "microsoft.netfx.") && len(parts) == 3:
		// Only the last two parts of these versions are compared.
		want = Version{want[2], want[3]}
		have, present, err = e.frameworkRelease(ctx, architecture)
	default:
		return Result{}, faultf(ExpressionUnexpected, "release %s is not known: no source says what it names", name)
	}
	if err != nil || !present {
		return result(false, "release "+name+" is not installed"), err
	}
	return compared(comparison.Holds(have.Compare(want)), fmt.Sprintf("release %s is %v", name, have), fmt.Sprintf("%v %v", comparison, want)), nil
}

// clientRelease is a workstation of that architecture; its version is that of Windows.
func (e *evaluation) clientRelease(ctx context.Context, architecture string) (Version, bool, error) {
	system, err := e.system(ctx)
	if err != nil {
		return Version{}, false, err
	}
	const workstation = 1
	same := strings.EqualFold(architectures[system.Architecture], architecture) || system.Architecture == amd64 && strings.EqualFold(architecture, "x64")
	return Version(system.Version), system.ProductType == workstation && same, nil
}

// frameworkRelease is the highest of the installed rollups of the .NET Framework, cut to the last two parts of its version.
func (e *evaluation) frameworkRelease(ctx context.Context, architecture string) (highest Version, present bool, err error) {
	key, _, err := e.key(ctx, place{subkey: packagesKey})
	if err != nil {
		return Version{}, false, err
	}
	if strings.EqualFold(architecture, "x64") {
		architecture = "amd64"
	}
	for _, identity := range key.Subkeys {
		parts := strings.Split(identity, "~")
		if len(parts) != 5 || !strings.HasPrefix(strings.ToLower(parts[0]), "package_for_dotnetrollup_") || !strings.EqualFold(parts[2], architecture) {
			continue
		}
		v, err := ParseVersion(parts[4])
		if err != nil {
			continue
		}
		state, err := e.packageState(ctx, identity)
		if err != nil {
			return Version{}, false, err
		}
		if v = (Version{v[2], v[3]}); state == PackageInstalled && v.Compare(highest) >= 0 {
			highest, present = v, true
		}
	}
	return highest, present, nil
}
