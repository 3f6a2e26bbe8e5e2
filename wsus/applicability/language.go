package applicability

import (
	"context"
	"fmt"
	"strings"
)

// windowsLanguage is always False where language packs are installed.
func windowsLanguage(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	want := a.text("Language")
	system, err := e.system(ctx)
	if err != nil {
		return Result{}, err
	}
	if len(system.MUI) > 0 {
		return result(false, "the multilingual interface is installed"), nil
	}
	if system.Language == "" {
		return Result{}, untold("system.language", "the machine's facts do not tell the language")
	}
	return compared(sameLanguage(system.Language, want), "Windows is in "+system.Language, want), nil
}

func muiInstalled(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	system, err := e.system(ctx)
	return result(len(system.MUI) > 0, fmt.Sprintf("%d language packs", len(system.MUI))), err
}

func muiLanguageInstalled(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	want := a.text("Language")
	system, err := e.system(ctx)
	for _, have := range system.MUI {
		if sameLanguage(have, want) {
			return result(true, "language pack "+have+" is installed"), err
		}
	}
	return result(false, "no language pack for "+want), err
}

// sameLanguage lets a neutral tag on either side stand for all of its regions.
func sameLanguage(have, want string) bool {
	if strings.EqualFold(have, want) {
		return true
	}
	primary, _, regional := strings.Cut(have, "-")
	wanted, _, wantedRegional := strings.Cut(want, "-")
	return strings.EqualFold(primary, wanted) && !(regional && wantedRegional)
}
