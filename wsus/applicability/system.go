package applicability

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Processor architectures, as GetNativeSystemInfo numbers them.
const (
	x86   = 0
	arm   = 5
	ia64  = 6
	amd64 = 9
	arm64 = 12
)

// windowsVersion follows VerifyVersionInfo, with one reading of it: the given parts of major, minor, build and service pack are
// one tuple, compared from the left. Real metadata ("before 10.0 build 14393") makes sense only so. ProductType is tested for
// equality and SuiteMask for bits, whatever the Comparison says.
func windowsVersion(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	comparison := EqualTo
	if a.has("Comparison") {
		comparison = a.scalar()
	}
	system, err := e.facts.System(ctx)
	if err != nil {
		return Result{}, err
	}
	parts := []struct {
		name string
		have int
	}{
		{"MajorVersion", system.Version[0]}, {"MinorVersion", system.Version[1]}, {"BuildNumber", system.Version[2]},
		{"ServicePackMajor", system.ServicePack[0]}, {"ServicePackMinor", system.ServicePack[1]},
	}
	var have, want []int
	for _, part := range parts {
		if a.has(part.name) {
			have, want = append(have, part.have), append(want, a.int(part.name))
		}
	}
	if len(want) == 0 && !a.has("ProductType") && !a.has("SuiteMask") {
		a.fail("no attribute says what to compare")
	}
	ok := len(want) == 0 || comparison.Holds(slices.Compare(have, want))
	reason := fmt.Sprintf("Windows is %v, asked for %v %s", Version(system.Version), comparison, dots(want))
	if a.has("ProductType") && system.ProductType != a.int("ProductType") {
		ok, reason = false, fmt.Sprintf("product type is %d, asked for %s", system.ProductType, a.optional("ProductType"))
	}
	if a.has("SuiteMask") && !hasSuites(system.SuiteMask, a.int("SuiteMask"), a.bool("AllSuitesMustBePresent")) {
		ok, reason = false, fmt.Sprintf("suite mask is %d, asked for %s", system.SuiteMask, a.optional("SuiteMask"))
	}
	return result(ok, reason), nil
}

func hasSuites(have, want int, all bool) bool {
	if all {
		return have&want == want
	}
	return have&want != 0
}

func dots(parts []int) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(parts), " ", "."), "[]")
}

// platform knows one: everything that has Facts is Windows.
func platform(_ *evaluation, _ context.Context, a *attributes) (Result, error) {
	want := a.text("PlatformID")
	return result(strings.EqualFold(want, "Windows"), fmt.Sprintf("platform is Windows, asked for %s", want)), nil
}

// systemMetric takes 0 for a metric that is not known, as GetSystemMetrics does.
func systemMetric(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	comparison, index, want := a.scalar(), a.int("Index"), a.int("Value")
	system, err := e.facts.System(ctx)
	if err != nil {
		return Result{}, err
	}
	have := system.Metrics[index]
	return result(holds(comparison, have, want), fmt.Sprintf("system metric %d is %d, asked for %v %d", index, have, comparison, want)), nil
}

func processor(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	want := a.int("Architecture")
	system, err := e.facts.System(ctx)
	if err != nil {
		return Result{}, err
	}
	if system.Architecture == want && (a.has("Level") || a.has("Revision")) {
		return Result{}, fmt.Errorf("the machine's facts do not tell level and revision of the processor")
	}
	return result(system.Architecture == want, fmt.Sprintf("architecture is %d, asked for %d", system.Architecture, want)), nil
}

func numberOfProcessors(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	comparison, want := a.scalar(), a.int("Number")
	system, err := e.facts.System(ctx)
	if err != nil {
		return Result{}, err
	}
	if system.Processors == 0 {
		return Result{}, fmt.Errorf("the machine's facts do not tell the number of processors")
	}
	return result(holds(comparison, system.Processors, want), fmt.Sprintf("%d processors, asked for %v %d", system.Processors, comparison, want)), nil
}

// clusteredOS is False where clustering is not installed; who owns what in a cluster is not among the facts.
func clusteredOS(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	service := place{subkey: `SYSTEM\CurrentControlSet\Services\ClusSvc`}
	_, ok, err := e.key(ctx, service)
	if err != nil {
		return Result{}, err
	}
	if ok {
		return Result{}, faultf(ClusterStateUnknown, "the machine's facts do not tell the state of the cluster")
	}
	return result(false, "clustering is not installed"), nil
}

// licensing is False: values of the licensing service are not among the facts, and one that is not known is False.
func licensing(_ *evaluation, _ context.Context, a *attributes) (Result, error) {
	return result(false, fmt.Sprintf("licensing value %s is not known", a.text("Value"))), nil
}

// beyond is a rule that the facts cannot answer.
func beyond(reason string) leaf {
	return func(*evaluation, context.Context, *attributes) (Result, error) {
		return Result{}, faultf(ExpressionUnexpected, "%s", reason)
	}
}
