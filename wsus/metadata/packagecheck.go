package metadata

import (
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/hashicorp/go-multierror"
)

// check names everything that neither kind of document could carry.
func (p *Package) check() error {
	var reasons *multierror.Error
	if p.PackageID == uuid.Nil {
		reasons = multierror.Append(reasons, errors.New("it has no PackageID"))
	}
	if len(p.Texts) == 0 {
		reasons = multierror.Append(reasons, errors.New("it has no texts"))
	}
	for i, t := range p.Texts {
		if t.Title == "" || len(t.Languages) == 0 || t.Languages[0] == "" {
			reasons = multierror.Append(reasons, fmt.Errorf("text %d has no title or no language", i+1))
		}
	}
	if _, ok := classificationID(p.Classification); !ok && !p.Application {
		reasons = multierror.Append(reasons, fmt.Errorf("the classification %q is none that packages may have", p.Classification))
	}
	if !slices.Contains([]UpdateType{"", Software, Driver, Detectoid}, p.Type) {
		reasons = multierror.Append(reasons, fmt.Errorf("the type is %q, want Software, Driver or Detectoid", p.Type))
	}
	if len(p.Rules.Metadata) > 0 {
		reasons = multierror.Append(reasons, errors.New("metadata of rules stands with the package, want it with the items"))
	}
	for i, item := range p.Items {
		if item.ID == uuid.Nil {
			reasons = multierror.Append(reasons, fmt.Errorf("item %d has no ID", i+1))
		}
		switch item.Installer.(type) {
		case nil, *CommandLine, *WindowsInstallerApp, *WindowsInstallerPatch, *WindowsPatch:
		default:
			reasons = multierror.Append(reasons, fmt.Errorf("item %d has an installer that packages cannot have, %T", i+1, item.Installer))
		}
	}
	return reasons.ErrorOrNil()
}
