package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// mostCandidates is how many updates an ambiguous name lists.
const mostCandidates = 20

// find returns the update that an administrator means by an id, a KB number or a part of a title. Where several fit, a whole title
// goes before a part of one, and what can be deployed before members of bundles, expired updates and categories. When that still
// leaves several, the error lists them.
func (d *documents) find(name string) (*metadata.Update, error) {
	if id, err := uuid.Parse(name); err == nil {
		if update := d.updates[id]; update != nil {
			return update, nil
		}
		return nil, fmt.Errorf("no update of the catalogue has the id %v", id)
	}
	for _, fits := range []func(*metadata.Update) bool{
		func(u *metadata.Update) bool { return hasArticle(u, name) },
		func(u *metadata.Update) bool { return strings.EqualFold(title(u), name) },
		func(u *metadata.Update) bool {
			return strings.Contains(strings.ToLower(title(u)), strings.ToLower(name))
		},
	} {
		if candidates := d.candidates(fits); len(candidates) == 1 {
			return candidates[0], nil
		} else if len(candidates) > 1 {
			return nil, &ambiguousError{candidates}
		}
	}
	return nil, fmt.Errorf("%q is no id, and no update of the catalogue has it as its KB number or in its title; -all lists the updates", name)
}

// candidates are the updates that fit, only those that can be deployed where there are such, ordered by title.
func (d *documents) candidates(fits func(*metadata.Update) bool) []*metadata.Update {
	var deployable, others []*metadata.Update
	for _, update := range d.updates {
		switch {
		case !fits(update):
		case !isExpired(update) && isListed(update, false):
			deployable = append(deployable, update)
		default:
			others = append(others, update)
		}
	}
	if len(deployable) == 0 {
		deployable = others
	}
	slices.SortFunc(deployable, func(a, b *metadata.Update) int {
		return cmp.Or(strings.Compare(title(a), title(b)), strings.Compare(a.UpdateID.String(), b.UpdateID.String()))
	})
	return deployable
}

// hasArticle takes numbers with and without KB before them.
func hasArticle(u *metadata.Update, number string) bool {
	number = strings.ToUpper(strings.TrimSpace(number))
	number = strings.TrimSpace(strings.TrimPrefix(number, "KB"))
	return slices.ContainsFunc(u.Extended.KBArticleIDs, func(kb string) bool {
		return strings.TrimPrefix(strings.ToUpper(kb), "KB") == number
	})
}

// ambiguousError lists the updates that a name may mean.
type ambiguousError struct{ candidates []*metadata.Update }

func (e *ambiguousError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d updates fit; name one of them by its id:", len(e.candidates))
	for i, update := range e.candidates {
		if i == mostCandidates {
			fmt.Fprintf(&b, "\n  and %d more", len(e.candidates)-mostCandidates)
			break
		}
		fmt.Fprintf(&b, "\n  %v  %s", update.UpdateID, oneLine(title(update)))
	}
	return b.String()
}
