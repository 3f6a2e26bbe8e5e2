package wsustest

import (
	"context"
	"fmt"
	"slices"

	"github.com/seed599db172/softwareupdates/wsus/applicability"
	"github.com/seed599db172/softwareupdates/wsus/clientsync"
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Description is what the server tells of one revision beside its Core fragment.
type Description struct {
	Extended  *metadata.Extended
	Localized *metadata.Localized
	// URLs of its files, by SHA-1.
	URLs map[[20]byte]string
}

// Describe asks for the extended metadata, the texts and the file locations of revisions, in batches of the server's size and ascending as a
// real agent does. Revisions that the server calls out of scope are missing in the answer.
func (a *Agent) Describe(ctx context.Context, ids ...int32) (map[int32]Description, error) {
	ids = slices.Sorted(slices.Values(ids))
	answer, err := a.session.GetExtendedUpdateInfo(ctx, clientsync.ExtendedQuery{RevisionIDs: ids, Locales: a.computer.Locales,
		InfoTypes: []clientsync.FragmentType{clientsync.ExtendedFragment, clientsync.LocalizedPropertiesFragment}})
	if err != nil {
		return nil, fmt.Errorf("describe: %w", err)
	}
	described := map[int32]Description{}
	for _, f := range answer.Updates {
		d := described[f.ID]
		if !slices.Contains(ids, f.ID) {
			a.findf("extended-complete", "GetExtendedUpdateInfo answers revision %d, which was not asked for", f.ID)
			continue
		}
		a.takeFragment(&d, f)
		described[f.ID] = d
	}
	urls := map[[20]byte]string{}
	for _, l := range answer.FileLocations {
		urls[l.FileDigest] = l.URL
	}
	for _, id := range ids {
		d, answered := described[id]
		switch gone := slices.Contains(answer.OutOfScopeRevisionIDs, id); {
		case gone && answered:
			a.findf("extended-complete", "GetExtendedUpdateInfo describes revision %d and calls it out of scope", id)
		case gone && a.cache[id] != nil:
			a.findf("extended-complete", "GetExtendedUpdateInfo calls revision %v out of scope, which SyncUpdates has delivered", a.cache[id])
		case !gone && d.Extended == nil:
			a.findf("extended-complete", "GetExtendedUpdateInfo has no Extended fragment for revision %d, and does not call it out of scope", id)
		case !gone && d.Localized == nil:
			a.findf("extended-locales", "GetExtendedUpdateInfo has no LocalizedProperties for revision %d in %v", id, a.computer.Locales)
		}
		if d.Extended != nil {
			d.URLs = a.judgeFiles(id, d.Extended.Files, urls)
			described[id] = d
		}
	}
	return described, nil
}

func (a *Agent) takeFragment(d *Description, f clientsync.Fragment) {
	if extended, err := metadata.ParseExtended(f.XML); err == nil {
		if d.Extended != nil {
			a.findf("extended-complete", "GetExtendedUpdateInfo has two Extended fragments for revision %d", f.ID)
		}
		d.Extended = extended
		return
	}
	localized, err := metadata.ParseLocalized(f.XML)
	if err != nil {
		a.findf("extended-complete", "a fragment of revision %d is neither ExtendedProperties nor LocalizedProperties: %v", f.ID, err)
		return
	}
	if d.Localized != nil {
		a.findf("extended-locales", "revision %d has texts in %s and in %s; one of %v was asked for", f.ID, d.Localized.Language, localized.Language,
			a.computer.Locales)
	}
	d.Localized = localized
}

// judgeFiles wants a location for every file: without, a native agent finds no updates and says nothing.
func (a *Agent) judgeFiles(id int32, files []metadata.File, urls map[[20]byte]string) map[[20]byte]string {
	found := map[[20]byte]string{}
	for _, file := range files {
		url, located := urls[file.SHA1]
		switch {
		case file.SHA1 == [20]byte{}:
			a.findf("extended-digests", "file %q of revision %d has no SHA-1 digest", file.Name, id)
			continue
		case !located:
			a.findf("extended-locations", "file %q of revision %d (SHA-1 %X) has no FileLocation (0x80246001)", file.Name, id, file.SHA1)
			continue
		case file.SHA256 == [32]byte{}:
			a.findf("extended-digests", "file %q of revision %d has no AdditionalDigest of SHA256: agents since Windows 8 refuse it", file.Name, id)
		}
		found[file.SHA1] = url
	}
	return found
}

// Needed lists the revisions that the computer lacks, as an agent would offer them: approved for installation and Required, with the members
// of bundles.
func (a *Agent) Needed(ctx context.Context) ([]*Revision, error) {
	var needed []*Revision
	facts := a.judgeOfRules()
	for _, r := range a.Cache() {
		if r.core == nil || r.core.Type != metadata.Software && r.core.Type != metadata.Driver {
			continue
		}
		switch r.Deployment.Action {
		case clientsync.Install, clientsync.OptionalInstall, clientsync.Bundle:
		default:
			continue
		}
		state, err := a.evaluate(ctx, facts, r)
		if err != nil {
			return nil, err
		}
		if state == applicability.Required {
			needed = append(needed, r)
		}
	}
	return needed, nil
}
