package applicability

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// patch is what MsiPatchMetadata says, out of the blob that MsiExtractPatchXMLData makes.
type patch struct {
	blob  *metadata.Node
	codes []string
}

func (e *evaluation) patch() (patch, error) {
	data := e.data.Child("MsiPatchMetadata")
	p := patch{blob: data.Child("MsiPatch")}
	code, ok := p.blob.Attr("PatchGUID")
	if !ok || code == "" {
		return patch{}, faultf(MetadataMissing, "the update has no MsiPatchMetadata with a PatchGUID")
	}
	p.codes = append(p.codes, code)
	for _, name := range []string{"FallbackPatchCode", "FullFilePatchCode"} {
		if c := data.Child(name).Content(); c != "" {
			p.codes = append(p.codes, c)
		}
	}
	return p, nil
}

// targets are the product codes that the patch names.
func (p patch) targets() []string {
	codes := texts(p.blob, "TargetProductCode")
	for _, c := range p.blob.Children {
		if code := c.Child("TargetProductCode").Content(); c.Name == "TargetProduct" && code != "" && !containsFold(codes, code) {
			codes = append(codes, code)
		}
	}
	return codes
}

func (p patch) appliedTo(product Product) bool {
	for _, code := range p.codes {
		if containsFold(product.Patches, code) {
			return true
		}
	}
	return false
}

// msiPatchInstalled wants the patch on every target that is installed, and at least one such target.
func msiPatchInstalled(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	p, err := e.patch()
	if err != nil {
		return Result{}, err
	}
	installed := 0
	for _, code := range p.targets() {
		product, ok, err := e.product(ctx, code)
		if err != nil {
			return Result{}, err
		}
		if !ok {
			continue
		}
		if installed++; !p.appliedTo(product) {
			return result(false, fmt.Sprintf("patch %s is not applied to product %s", p.codes[0], code)), nil
		}
	}
	return result(installed > 0, fmt.Sprintf("patch %s: %d of its products are installed and have it", p.codes[0], installed)), nil
}

// msiPatchSuperseded wants one target on which applied patches have taken the place of this one.
func msiPatchSuperseded(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	p, err := e.patch()
	if err != nil {
		return Result{}, err
	}
	for _, code := range p.targets() {
		product, ok, err := e.product(ctx, code)
		if err != nil {
			return Result{}, err
		}
		if !ok {
			continue
		}
		replaced, err := p.replacedOn(code, product)
		if err != nil || replaced {
			return result(replaced, fmt.Sprintf("patch %s is superseded on product %s", p.codes[0], code)), err
		}
	}
	return result(false, "no product has a patch that supersedes patch "+p.codes[0]), nil
}

// msiPatchInstallable wants one installed product that a TargetProduct entry describes, and that has neither the patch nor one that
// has taken its place.
func msiPatchInstallable(e *evaluation, ctx context.Context, _ *attributes) (Result, error) {
	p, err := e.patch()
	if err != nil {
		return Result{}, err
	}
	described := false
	for _, target := range p.blob.Children {
		if target.Name != "TargetProduct" {
			continue
		}
		described = true
		code := target.Child("TargetProductCode").Content()
		product, ok, err := e.product(ctx, code)
		if err != nil {
			return Result{}, err
		}
		if !ok {
			continue
		}
		wants, err := p.wantedBy(code, product)
		if err == nil && wants {
			wants, err = validates(code, product, target)
		}
		if err != nil {
			return Result{}, err
		}
		if wants {
			return result(true, fmt.Sprintf("product %s wants patch %s", code, p.codes[0])), nil
		}
	}
	if described {
		return result(false, "no installed product wants patch "+p.codes[0]), nil
	}
	return e.anyTarget(ctx, p)
}

// anyTarget serves blobs that only list product codes.
func (e *evaluation) anyTarget(ctx context.Context, p patch) (Result, error) {
	for _, code := range p.targets() {
		product, ok, err := e.product(ctx, code)
		if err != nil {
			return Result{}, err
		}
		if !ok {
			continue
		}
		wants, err := p.wantedBy(code, product)
		if err != nil {
			return Result{}, err
		}
		if wants {
			return result(true, fmt.Sprintf("product %s wants patch %s", code, p.codes[0])), nil
		}
	}
	return result(false, "no installed product wants patch "+p.codes[0]), nil
}
