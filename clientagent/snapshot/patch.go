package snapshot

import (
	"strings"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// supersedesEarlier is the attribute of patch sequences that supersede earlier ones of the family.
const supersedesEarlier = 1

// apply notes a patch on the product, with the patches that it obsoletes and its place in families where it supersedes earlier ones.
func (p *product) apply(code string, core *metadata.Core) {
	p.patches, p.superseded = with(p.patches, code), without(p.superseded, code)
	patch, err := core.Rules.MSIPatch()
	if err != nil || patch == nil {
		return // the patch is applied all the same; only what it supersedes is not known
	}
	for _, old := range patch.Obsoletes {
		p.patches, p.superseded = without(p.patches, old), with(p.superseded, old)
	}
	for _, place := range patch.Sequences {
		if place.Attributes&supersedesEarlier != 0 && (place.ProductCode == "" || strings.EqualFold(place.ProductCode, p.code)) {
			p.advance(place.PatchFamily, place.Sequence)
		}
	}
}

// advance raises the sequence of a family; a lower one changes nothing.
func (p *product) advance(family, sequence string) {
	to, err := applicability.ParseVersion(sequence)
	if err != nil {
		return
	}
	for name, before := range p.sequences {
		if !strings.EqualFold(name, family) {
			continue
		}
		if from, err := applicability.ParseVersion(before); err == nil && from.Compare(to) >= 0 {
			return
		}
		family = name
	}
	if p.sequences == nil {
		p.sequences = map[string]string{}
	}
	p.sequences[family] = sequence
}
