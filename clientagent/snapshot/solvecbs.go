package snapshot

import (
	"context"
	"errors"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

func (sv *solver) packageByIdentity(_ context.Context, rule *metadata.Node, want bool) error {
	identity, _ := rule.Attr("PackageIdentity")
	return sv.setPackage(identity, want)
}

// packageInstalled goes by the package manifest in the update's metadata.
func (sv *solver) packageInstalled(_ context.Context, _ *metadata.Node, want bool) error {
	assembly := sv.data.Child("CbsPackageApplicabilityMetadata").Child("assembly")
	return sv.setPackage(applicability.PackageIdentity(assembly.Child("assemblyIdentity")), want)
}

func (sv *solver) setPackage(identity string, want bool) error {
	if identity == "" {
		return errors.New("nothing names the package")
	}
	if want {
		sv.state.packages[fold(identity)] = pack{identity, applicability.PackageInstalled}
	} else {
		delete(sv.state.packages, fold(identity))
	}
	return nil
}
