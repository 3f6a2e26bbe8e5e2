package applicability

import (
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// wantedBy tells whether an installed product has neither the patch nor one that has taken its place.
func (p patch) wantedBy(code string, product Product) (bool, error) {
	if p.appliedTo(product) {
		return false, nil
	}
	replaced, err := p.replacedOn(code, product)
	return !replaced, err
}

// replacedOn tells whether applied patches have taken the place of the patch on a product: Windows Installer keeps it as superseded
// or obsoleted, or every family that the patch belongs to there has a later one. A product that tells no sequence of a family has
// no patch of it.
func (p patch) replacedOn(code string, product Product) (bool, error) {
	for _, own := range p.codes {
		if containsFold(product.Superseded, own) {
			return true, nil
		}
	}
	families := 0
	for _, data := range p.blob.Children {
		only := data.Child("ProductCode").Content()
		if data.Name != "SequenceData" || only != "" && !strings.EqualFold(only, code) {
			continue
		}
		later, err := laterApplied(code, product, data)
		if err != nil || !later {
			return false, err
		}
		families++
	}
	return families > 0, nil
}

// laterApplied compares the sequence of one SequenceData with that of the product.
func laterApplied(code string, product Product, data *metadata.Node) (bool, error) {
	family := data.Child("PatchFamily").Content()
	own, err := ParseVersion(data.Child("Sequence").Content())
	if err != nil {
		return false, faultf(MetadataMissing, "sequence of patch family %s: %w", family, err)
	}
	later := false
	for name, sequence := range product.Sequences {
		if !strings.EqualFold(name, family) {
			continue
		}
		applied, err := ParseVersion(sequence)
		if err != nil {
			return false, untold("sequence of patch family "+family+" of product "+code, "sequence of patch family %s: %w", family, err)
		}
		later = later || applied.Compare(own) > 0
	}
	return later, nil
}
