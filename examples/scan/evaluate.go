package main

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// finding is one update with its state on the machine.
type finding struct {
	ID       uuid.UUID `json:"id"`
	Revision int32     `json:"revision"`
	Title    string    `json:"title"`
	State    state     `json:"state"`
}

// evaluate judges all documents together, for updates depend on each other, and lists those that an administrator can deploy;
// with all, also members of bundles and other software that cannot be deployed alone. Expired updates must not be offered and
// are not listed. The order is by state, what needs attention first, then by title.
func evaluate(ctx context.Context, facts applicability.Facts, documents *documents, logic applicability.Logic, all bool) ([]finding, error) {
	verdicts, err := newScan(facts, documents, logic).Verdicts(ctx)
	if err != nil {
		return nil, err
	}
	findings := []finding{}
	for id, update := range documents.updates {
		if isExpired(update) || !isListed(update, all) {
			continue
		}
		findings = append(findings, finding{id, update.Revision, title(update), stateOf(verdicts[id].State)})
	}
	slices.SortFunc(findings, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.State, b.State), strings.Compare(a.Title, b.Title), strings.Compare(a.ID.String(), b.ID.String()))
	})
	return findings, nil
}

// newScan knows all documents, always in the same order. Expired ones are not offered, and so supersede nothing while they are missing.
func newScan(facts applicability.Facts, documents *documents, logic applicability.Logic) *applicability.Scan {
	scan := applicability.NewScan(facts, applicability.Options{Logic: logic})
	for _, update := range documents.sorted() {
		scan.Add(&update.Core)
		if isExpired(update) {
			scan.Withhold(update.UpdateID)
		}
	}
	return scan
}

func isExpired(u *metadata.Update) bool { return u.PublicationState == "Expired" }

func isListed(u *metadata.Update, all bool) bool {
	installs := u.Type == metadata.Software || u.Type == metadata.Driver
	return installs && (u.ExplicitlyDeployable || all)
}

// title is in English where there is English.
func title(u *metadata.Update) string {
	languages := make([]string, len(u.Localized))
	for i, texts := range u.Localized {
		languages[i] = texts.Language
	}
	picked := metadata.PickLocale(languages, []string{"en-US", "en"}, u.Extended.DefaultPropertiesLanguage)
	for _, texts := range u.Localized {
		if texts.Language == picked {
			return texts.Title
		}
	}
	return u.UpdateID.String()
}
