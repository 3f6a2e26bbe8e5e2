package applicability

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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

// architectures are their names in metadata.
var architectures = map[int]string{x86: "x86", amd64: "amd64", arm64: "arm64", arm: "arm", ia64: "ia64"}

// productTypes are the names of ProductType.
var productTypes = map[int]string{1: "workstation", 2: "domain controller", 3: "server"}

// named is a number of a machine or a rule with its name where it has one.
func named(n int, names map[int]string) string {
	if name, ok := names[n]; ok {
		return strconv.Itoa(n) + " (" + name + ")"
	}
	return strconv.Itoa(n)
}

// windowsVersion follows VerifyVersionInfo, with one reading of it: the given parts of major, minor, build and service pack are
// one tuple, compared from the left. Real metadata ("before 10.0 build 14393") makes sense only so. ProductType is tested for
// equality and SuiteMask for bits, whatever the Comparison says.
func windowsVersion(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	comparison := EqualTo
	if a.has("Comparison") {
		comparison = a.scalar()
	}
	system, err := e.system(ctx)
	if err != nil {
		return Result{}, err
	}
	parts := [...]struct {
		name string
		have int
	}{
		{"MajorVersion", system.Version[0]}, {"MinorVersion", system.Version[1]}, {"BuildNumber", system.Version[2]},
		{"ServicePackMajor", system.ServicePack[0]}, {"ServicePackMinor", system.ServicePack[1]},
	}
	have, want := make([]int, 0, len(parts)), make([]int, 0, len(parts))
	for _, part := range parts {
		if a.has(part.name) {
			have, want = append(have, part.have), append(want, a.int(part.name))
		}
	}
	if len(want) == 0 && !a.has("ProductType") && !a.has("SuiteMask") {
		a.fail("no attribute says what to compare")
	}
	ok := len(want) == 0 || comparison.Holds(slices.Compare(have, want))
	reason, asked := "Windows is "+Version(system.Version).String(), comparison.String()+" "+dots(want)
	if len(want) == 0 {
		asked = a.given("ProductType", "SuiteMask")
	}
	if a.has("ProductType") && system.ProductType != a.int("ProductType") {
		ok, reason = false, "product type is "+named(system.ProductType, productTypes)
		asked = "ProductType " + named(a.int("ProductType"), productTypes)
	}
	if a.has("SuiteMask") && !hasSuites(system.SuiteMask, a.int("SuiteMask"), a.bool("AllSuitesMustBePresent")) {
		ok, reason, asked = false, fmt.Sprintf("suite mask is %d", system.SuiteMask), a.optional("SuiteMask")
	}
	return compared(ok, reason, asked), nil
}

// system returns what never changes during a scan.
func (e *evaluation) system(ctx context.Context) (System, error) {
	s, err := e.facts.System(ctx)
	return s, unread("system", err)
}

func hasSuites(have, want int, all bool) bool {
	if all {
		return have&want == want
	}
	return have&want != 0
}

func dots(parts []int) string {
	text := make([]byte, 0, 4*6)
	for i, part := range parts {
		if i > 0 {
			text = append(text, '.')
		}
		text = strconv.AppendInt(text, int64(part), 10)
	}
	return string(text)
}

// platform knows one: everything that has Facts is Windows.
func platform(_ *evaluation, _ context.Context, a *attributes) (Result, error) {
	want := a.text("PlatformID")
	return compared(strings.EqualFold(want, "Windows"), "platform is Windows", want), nil
}

// systemMetric takes 0 for a metric that is not known, as GetSystemMetrics does.
func systemMetric(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	comparison, index, want := a.scalar(), a.int("Index"), a.int("Value")
	system, err := e.system(ctx)
	if err != nil {
		return Result{}, err
	}
	have := system.Metrics[index]
	return compared(holds(comparison, have, want), fmt.Sprintf("system metric %d is %d", index, have), fmt.Sprintf("%v %d", comparison, want)), nil
}

func processor(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	want := a.int("Architecture")
	system, err := e.system(ctx)
	if err != nil {
		return Result{}, err
	}
	if system.Architecture != want {
		return compared(false, "processor architecture is "+named(system.Architecture, architectures), "Architecture "+named(want, architectures)), nil
	}
	for _, part := range []struct {
		attribute, fact string
		have            *int
	}{{"Level", "system.processorLevel", system.ProcessorLevel}, {"Revision", "system.processorRevision", system.ProcessorRevision}} {
		switch {
		case !a.has(part.attribute):
		case part.have == nil:
			err = untold(part.fact, "the machine's facts do not tell the %s of the processor", strings.ToLower(part.attribute))
		case *part.have != a.int(part.attribute):
			return compared(false, fmt.Sprintf("%s of the processor is %d", strings.ToLower(part.attribute), *part.have), a.optional(part.attribute)), nil
		}
	}
	return compared(true, "processor architecture is "+named(system.Architecture, architectures), a.given("Architecture", "Level", "Revision")), err
}

func numberOfProcessors(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	comparison, want := a.scalar(), a.int("Number")
	system, err := e.system(ctx)
	if err != nil {
		return Result{}, err
	}
	if system.Processors == 0 {
		return Result{}, untold("system.processors", "the machine's facts do not tell the number of processors")
	}
	return compared(holds(comparison, system.Processors, want), fmt.Sprintf("there are %d processors", system.Processors), fmt.Sprintf("%v %d", comparison, want)), nil
}
