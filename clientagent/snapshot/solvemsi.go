package snapshot

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// productInstalled installs the product within the bounds of the rule. To make it false, a lower version stays where the rule
// has a lower bound; else the product goes.
func (sv *solver) productInstalled(_ context.Context, rule *metadata.Node, want bool) error {
	code, _ := rule.Attr("ProductCode")
	if code == "" {
		return errors.New("there is no ProductCode")
	}
	p, ok := sv.state.products[fold(code)]
	if !ok {
		p = product{code: code, version: "1.0.0"}
	}
	if !want {
		return sv.loseProduct(p, rule)
	}
	if text, ok := rule.Attr("Language"); ok {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("attribute Language: %w", err)
		}
		p.language = n
	}
	version, err := within(rule, p.version)
	if err != nil {
		return err
	}
	p.version = version
	sv.state.products[fold(code)] = p
	return nil
}

func (sv *solver) loseProduct(p product, rule *metadata.Node) error {
	low, ok := rule.Attr("VersionMin")
	if !ok {
		delete(sv.state.products, fold(p.code))
		return nil
	}
	v, err := applicability.ParseVersion(low)
	if err != nil {
		return err
	}
	if v, err = before(v); err != nil {
		delete(sv.state.products, fold(p.code))
		return nil
	}
	p.version = v.String()
	sv.state.products[fold(p.code)] = p
	return nil
}

// within is have when it is between the bounds, else the lower bound, else the upper one; bounds that do not count themselves
// are passed by one step.
func within(rule *metadata.Node, have string) (string, error) {
	candidates := []string{have}
	for _, bound := range []struct {
		name, exclude string
		step          applicability.Comparison
	}{{"VersionMin", "ExcludeVersionMin", applicability.GreaterThan}, {"VersionMax", "ExcludeVersionMax", applicability.LessThan}} {
		text, ok := rule.Attr(bound.name)
		if !ok {
			continue
		}
		if isTrue(rule, bound.exclude) {
			v, err := applicability.ParseVersion(text)
			if err != nil {
				return "", err
			}
			if v, err = aimAt(bound.step, v); err != nil {
				return "", err
			}
			text = v.String()
		}
		candidates = append(candidates, text)
	}
	for _, candidate := range candidates {
		ok, err := between(rule, candidate)
		if err != nil {
			return "", err
		}
		if ok {
			return candidate, nil
		}
	}
	return "", errors.New("no version is between the bounds")
}

func between(rule *metadata.Node, text string) (bool, error) {
	v, err := applicability.ParseVersion(text)
	if err != nil {
		return false, err
	}
	if low, ok := rule.Attr("VersionMin"); ok {
		bound, err := applicability.ParseVersion(low)
		if order := v.Compare(bound); err != nil || order < 0 || order == 0 && isTrue(rule, "ExcludeVersionMin") {
			return false, err
		}
	}
	if high, ok := rule.Attr("VersionMax"); ok {
		bound, err := applicability.ParseVersion(high)
		if order := v.Compare(bound); err != nil || order > 0 || order == 0 && isTrue(rule, "ExcludeVersionMax") {
			return false, err
		}
	}
	return true, nil
}

func (sv *solver) patchInstalledForProduct(ctx context.Context, rule *metadata.Node, want bool) error {
	code, _ := rule.Attr("ProductCode")
	patch, _ := rule.Attr("PatchCode")
	if patch == "" {
		return errors.New("there is no PatchCode")
	}
	if want {
		if err := sv.productInstalled(ctx, rule, true); err != nil {
			return err
		}
	}
	p, ok := sv.state.products[fold(code)]
	if !ok {
		return nil
	}
	if want {
		p.patches = with(p.patches, patch)
	} else {
		p.patches = without(p.patches, patch)
	}
	sv.state.products[fold(code)] = p
	return nil
}

// partInstalled gives all products of the rule all of its parts, or takes them away.
func (sv *solver) partInstalled(_ context.Context, rule *metadata.Node, want bool) error {
	edit := without
	if want {
		edit = with
	}
	found := 0
	for _, c := range rule.Children {
		p, ok := sv.state.products[fold(c.Content())]
		if c.Name != "Product" || !ok {
			continue
		}
		found++
		for _, part := range rule.Children {
			switch part.Name {
			case "Feature":
				p.features = edit(p.features, part.Content())
			case "Component":
				p.components = edit(p.components, part.Content())
			}
		}
		sv.state.products[fold(p.code)] = p
	}
	if want && found == 0 {
		return errors.New("none of the products is installed")
	}
	return nil
}

// applicationInstalled goes by the update's MSI metadata.
func (sv *solver) applicationInstalled(_ context.Context, _ *metadata.Node, want bool) error {
	n := sv.data.Child("MsiApplicationMetadata").Child("ProductCode")
	code := n.Content()
	if code == "" {
		return errors.New("the update has no MsiApplicationMetadata with a ProductCode")
	}
	if !want {
		delete(sv.state.products, fold(code))
		return nil
	}
	p, ok := sv.state.products[fold(code)]
	if !ok {
		p = product{code: code, version: "1.0.0"}
	}
	if v, ok := n.Attr("Version"); ok {
		p.version = v
	}
	sv.state.products[fold(code)] = p
	return nil
}

// patchInstalled goes by the update's MSP metadata: every target that is installed gets the patch, or loses it.
func (sv *solver) patchInstalled(_ context.Context, _ *metadata.Node, want bool) error {
	code, ok := sv.data.Child("MsiPatchMetadata").Child("MsiPatch").Attr("PatchGUID")
	if !ok {
		return errors.New("the update has no MsiPatchMetadata with a PatchGUID")
	}
	found := 0
	for _, target := range patchTargets(&metadata.Core{Rules: metadata.Rules{Metadata: sv.data}}) {
		p, ok := sv.state.products[fold(target)]
		if !ok {
			continue
		}
		found++
		if want {
			p.patches = with(p.patches, code)
		} else {
			p.patches = without(p.patches, code)
		}
		sv.state.products[fold(target)] = p
	}
	if want && found == 0 {
		return errors.New("none of the patch's products is installed")
	}
	return nil
}
