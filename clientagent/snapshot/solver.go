package snapshot

import (
	"context"
	"fmt"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// solver changes facts so that a rule gets a wanted value. It does the least: a part that has its value already stays untouched.
// It may fail half way, and parts may undo each other; whoever calls it works on a copy and asks the evaluator in the end.
type solver struct {
	state *state
	data  *metadata.Node
}

// change gives one leaf rule a value.
type change func(sv *solver, ctx context.Context, rule *metadata.Node, want bool) error

var changes = map[string]change{
	"RegKeyExists":   (*solver).keyExists,
	"RegValueExists": (*solver).valueExists,
	"RegDword":       (*solver).dword,
	"RegSz":          (*solver).text,
	"RegExpandSz":    (*solver).text,
	"RegSzToVersion": (*solver).textVersion,

	"FileExists":               (*solver).fileExists,
	"FileExistsPrependRegSz":   (*solver).fileExists,
	"FileVersion":              (*solver).fileVersion,
	"FileVersionPrependRegSz":  (*solver).fileVersion,
	"FileSize":                 (*solver).fileSize,
	"FileSizePrependRegSz":     (*solver).fileSize,
	"FileCreated":              (*solver).fileTime,
	"FileCreatedPrependRegSz":  (*solver).fileTime,
	"FileModified":             (*solver).fileTime,
	"FileModifiedPrependRegSz": (*solver).fileTime,

	"MsiProductInstalled":             (*solver).productInstalled,
	"MsiPatchInstalledForProduct":     (*solver).patchInstalledForProduct,
	"MsiFeatureInstalledForProduct":   (*solver).partInstalled,
	"MsiComponentInstalledForProduct": (*solver).partInstalled,
	"MsiApplicationInstalled":         (*solver).applicationInstalled,
	"MsiPatchInstalled":               (*solver).patchInstalled,

	"CbsPackageInstalledByIdentity": (*solver).packageByIdentity,
	"CbsPackageInstalled":           (*solver).packageInstalled,
}

// satisfy makes rule want, which is True or False.
func (sv *solver) satisfy(ctx context.Context, rule *metadata.Node, want applicability.Truth) error {
	r, err := applicability.Evaluate(ctx, sv.state, rule, sv.data, applicability.Options{Logic: applicability.ThreeValued})
	if err != nil || r.Truth == want {
		return err
	}
	switch rule.Name {
	case "And":
		return sv.junction(ctx, rule, want, applicability.True)
	case "Or":
		return sv.junction(ctx, rule, want, applicability.False)
	case "Not":
		if len(rule.Children) != 1 {
			return fmt.Errorf("a Not has %d operands", len(rule.Children))
		}
		return sv.satisfy(ctx, rule.Children[0], want.Not())
	case "RegKeyLoop":
		return sv.keyLoop(ctx, rule, want)
	}
	apply, ok := changes[rule.Name]
	if !ok {
		return fmt.Errorf("%s cannot be made %v", rule.Name, want)
	}
	if err := apply(sv, ctx, rule, want == applicability.True); err != nil {
		return fmt.Errorf("%s: %w", rule.Name, err)
	}
	return nil
}

// junction makes an And or an Or want. Its operands must all have that value when it is the hard one, True for And; else the
// first that can have it is enough.
func (sv *solver) junction(ctx context.Context, rule *metadata.Node, want, hard applicability.Truth) error {
	if want != hard {
		return sv.any(ctx, rule.Children, want)
	}
	for _, c := range rule.Children {
		if err := sv.satisfy(ctx, c, want); err != nil {
			return err
		}
	}
	return nil
}

// any makes the first rule want for which that works, and leaves no traces of those before it.
func (sv *solver) any(ctx context.Context, rules []*metadata.Node, want applicability.Truth) error {
	err := fmt.Errorf("there is nothing to choose from")
	for _, rule := range rules {
		trial := solver{sv.state.clone(), sv.data}
		if err = trial.satisfy(ctx, rule, want); err != nil {
			continue
		}
		r, evalErr := applicability.Evaluate(ctx, trial.state, rule, sv.data, applicability.Options{Logic: applicability.ThreeValued})
		if evalErr != nil {
			return evalErr
		}
		if r.Truth == want {
			*sv.state = *trial.state
			return nil
		}
		err = fmt.Errorf("%s: %s", rule.Name, r.Reason)
	}
	return err
}

// keyLoop puts each subkey into the body and goes on as an Or or an And over them.
func (sv *solver) keyLoop(ctx context.Context, rule *metadata.Node, want applicability.Truth) error {
	p, err := placeOf(rule, sv.state)
	if err != nil {
		return err
	}
	k := sv.state.registry.find(p.path)
	if k == nil || len(k.below) == 0 || len(rule.Children) != 1 {
		return fmt.Errorf("RegKeyLoop over %s has no subkey", p.path)
	}
	subkey, _ := rule.Attr("Subkey")
	var bodies []*metadata.Node
	for _, b := range k.below {
		bodies = append(bodies, bound(rule.Children[0], subkey+`\`+b.name, isTrue(rule, "RegType32")))
	}
	mode, _ := rule.Attr("TrueIf")
	if fold(mode) == "none" {
		want = want.Not()
	}
	junction := &metadata.Node{Name: "Or", Children: bodies}
	if fold(mode) == "all" {
		junction.Name = "And"
	}
	return sv.satisfy(ctx, junction, want)
}

// bound is a rule with its loop target put in. Inner loops bind their own.
func bound(rule *metadata.Node, subkey string, view32 bool) *metadata.Node {
	out := &metadata.Node{Name: rule.Name, Text: rule.Text, Attrs: append([]metadata.Attr(nil), rule.Attrs...)}
	if key, _ := rule.Attr("Key"); key == "HKEY_LOOP_TARGET" {
		below, _ := rule.Attr("Subkey")
		out.Attrs = out.Attrs[:0]
		for _, a := range rule.Attrs {
			if a.Name != "Key" && a.Name != "Subkey" {
				out.Attrs = append(out.Attrs, a)
			}
		}
		if below != "" {
			subkey += `\` + below
		}
		out.Attrs = append(out.Attrs, metadata.Attr{Name: "Key", Value: "HKEY_LOCAL_MACHINE"}, metadata.Attr{Name: "Subkey", Value: subkey})
		if _, own := rule.Attr("RegType32"); view32 && !own {
			out.Attrs = append(out.Attrs, metadata.Attr{Name: "RegType32", Value: "true"})
		}
	}
	for _, c := range rule.Children {
		if rule.Name == "RegKeyLoop" {
			out.Children = append(out.Children, c)
			continue
		}
		out.Children = append(out.Children, bound(c, subkey, view32))
	}
	return out
}
