package applicability

import (
	"context"
	"fmt"
	"strings"
)

// application is what MsiApplicationMetadata says.
type application struct {
	code    string
	version Version
	// recache is Never, LowerVersion or AnyVersion: which installed versions may be installed over.
	recache string
}

func (e *evaluation) application() (application, error) {
	n := e.data.Child("MsiApplicationMetadata").Child("ProductCode")
	if n.Content() == "" {
		return application{}, faultf(MetadataMissing, "the update has no MsiApplicationMetadata with a ProductCode")
	}
	app := application{code: n.Content(), recache: "never"}
	if mode, ok := n.Attr("UseRecacheReinstall"); ok {
		app.recache = strings.ToLower(mode)
	}
	text, ok := n.Attr("Version")
	if !ok {
		if app.recache != "never" {
			return application{}, faultf(MetadataMissing, "MsiApplicationMetadata has no Version")
		}
		return app, nil
	}
	v, err := ParseVersion(text)
	if err != nil {
		return application{}, faultf(MetadataMissing, "MsiApplicationMetadata: %w", err)
	}
	app.version = v
	return app, nil
}

// order compares the installed version with that of the update. Without a product there is none.
func (e *evaluation) order(ctx context.Context, app application) (order int, installed bool, err error) {
	p, ok, err := e.product(ctx, app.code)
	if err != nil || !ok || app.recache == "never" {
		return 0, ok, err
	}
	v, err := ParseVersion(p.Version)
	if err != nil {
		return 0, true, untold("version of product "+app.code, "version of product %s: %w", app.code, err)
	}
	return v.Compare(app.version), true, nil
}

// msiApplicationInstalled asks for the product, and where it may be installed over, for at least (any version: exactly) the
// update's version.
func msiApplicationInstalled(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	app, err := e.application()
	if err != nil {
		return Result{}, err
	}
	order, installed, err := e.order(ctx, app)
	if app.recache == "anyversion" {
		return result(installed && order == 0, app.reason(installed, order)), err
	}
	return result(installed && order >= 0, app.reason(installed, order)), err
}

func msiApplicationInstallable(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	app, err := e.application()
	if err != nil {
		return Result{}, err
	}
	order, installed, err := e.order(ctx, app)
	over := app.recache == "lowerversion" && order < 0 || app.recache == "anyversion" && order != 0
	return result(!installed || over, app.reason(installed, order)), err
}

// msiApplicationSuperseded is False: which newer products remove this one is not in its metadata.
func msiApplicationSuperseded(e *evaluation, _ context.Context, _ *attributes) (Result, error) {
	app, err := e.application()
	return result(false, "nothing tells what supersedes product "+app.code), err
}

func (app application) reason(installed bool, order int) string {
	switch {
	case !installed:
		return "product " + app.code + " is not installed"
	case order < 0:
		return fmt.Sprintf("product %s is older than %v", app.code, app.version)
	case order > 0:
		return fmt.Sprintf("product %s is newer than %v", app.code, app.version)
	}
	return "product " + app.code + " is installed"
}
