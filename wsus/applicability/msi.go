package applicability

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// product returns an installed product, and whether there is one.
func (e *evaluation) product(ctx context.Context, code string) (Product, bool, error) {
	p, err := e.facts.Product(ctx, code)
	if errors.Is(err, ErrNotFound) {
		return Product{}, false, nil
	}
	return p, err == nil, unread("product "+code, err)
}

func msiProductInstalled(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	_, r, err := e.boundProduct(ctx, a)
	return r, err
}

// msiPatchInstalledForProduct asks for the patch on a product that passes the same bounds.
func msiPatchInstalledForProduct(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
	patch := a.text("PatchCode")
	p, r, err := e.boundProduct(ctx, a)
	if err != nil || r.Truth != True {
		return r, err
	}
	return result(containsFold(p.Patches, patch), "product "+a.optional("ProductCode")+applied(containsFold(p.Patches, patch))+patch), nil
}

// boundProduct is the product of ProductCode within the bounds of version and language. An exclusion without its bound, which
// real metadata has, means nothing.
func (e *evaluation) boundProduct(ctx context.Context, a *attributes) (Product, Result, error) {
	code := a.text("ProductCode")
	low, high := Version{}, Version{maxPart, maxPart, maxPart, maxPart}
	bounded := a.has("VersionMin") || a.has("VersionMax")
	above, below := GreaterThanOrEqualTo, LessThanOrEqualTo
	if a.has("VersionMin") {
		low, above = a.version("VersionMin"), strictIf(above, GreaterThan, a.bool("ExcludeVersionMin"))
	}
	if a.has("VersionMax") {
		high, below = a.version("VersionMax"), strictIf(below, LessThan, a.bool("ExcludeVersionMax"))
	}
	language := -1
	if a.has("Language") {
		language = a.int("Language")
	}
	if a.err != nil {
		return Product{}, Result{}, a.err
	}
	p, ok, err := e.product(ctx, code)
	if err != nil || !ok {
		return Product{}, result(false, "product "+code+" is not installed"), err
	}
	if language >= 0 && p.Language != language {
		return p, compared(false, fmt.Sprintf("product %s has language %d", code, p.Language), strconv.Itoa(language)), nil
	}
	if !bounded {
		return p, result(true, "product "+code+" is installed"), nil
	}
	v, err := ParseVersion(p.Version)
	if err != nil {
		return p, Result{}, untold("version of product "+code, "version of product %s: %w", code, err)
	}
	within := above.Holds(v.Compare(low)) && below.Holds(v.Compare(high))
	return p, compared(within, "product "+code+" has version "+v.String(), bounds(a, above, below)), nil
}

// bounds are those that the rule gives, in words.
func bounds(a *attributes, above, below Comparison) string {
	var both []string
	if v, ok := a.node.Attr("VersionMin"); ok {
		both = append(both, above.String()+" "+v)
	}
	if v, ok := a.node.Attr("VersionMax"); ok {
		both = append(both, below.String()+" "+v)
	}
	return strings.Join(both, " and ")
}

func applied(yes bool) string {
	if yes {
		return " has patch "
	}
	return " does not have patch "
}

func strictIf(loose, strict Comparison, exclude bool) Comparison {
	if exclude {
		return strict
	}
	return loose
}

// msiPartInstalled asks for features or components of products.
func msiPartInstalled(part, allParts string) leaf {
	return func(e *evaluation, ctx context.Context, a *attributes) (Result, error) {
		parts, products := texts(a.node, part), texts(a.node, "Product")
		everyPart, everyProduct := a.bool(allParts), a.bool("AllProductsRequired")
		if len(parts) == 0 || len(products) == 0 {
			a.fail("it needs a %s and a Product", part)
		}
		if a.err != nil {
			return Result{}, a.err
		}
		found := 0
		for _, code := range products {
			p, ok, err := e.product(ctx, code)
			if err != nil {
				return Result{}, err
			}
			installed := p.Features
			if part == "Component" {
				installed = p.Components
			}
			if ok && hasParts(installed, parts, everyPart) {
				found++
			}
		}
		ok := found > 0 && (!everyProduct || found == len(products))
		return result(ok, fmt.Sprintf("%d of %d products have %s %s", found, len(products), part, strings.Join(parts, ", "))), nil
	}
}

func hasParts(installed, parts []string, all bool) bool {
	for _, part := range parts {
		if containsFold(installed, part) != all {
			return !all
		}
	}
	return all
}

// texts are those of the children of that name.
func texts(n *metadata.Node, name string) []string {
	var out []string
	for _, c := range n.Children {
		if c.Name == name {
			out = append(out, c.Content())
		}
	}
	return out
}

func containsFold(list []string, s string) bool {
	return slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, s) })
}
