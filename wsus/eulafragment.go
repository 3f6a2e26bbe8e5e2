package wsus

import (
	"github.com/seed599db172/softwareupdates/wsus/catalog"
	"github.com/seed599db172/softwareupdates/wsus/content"
)

// eulaFragment is the license agreement of a revision in the language that fits best, for a country when there is a text for it. Agents of a
// server do not ask for it, since an administrator accepts agreements for them; other programs do. The answer is false for a revision without
// such a text.
func eulaFragment(g *catalog.Generation, r *catalog.Revision, locales []string, geoID string) (string, content.Ref, bool, error) {
	u, err := documentOf(g, r)
	if err != nil {
		return "", content.Ref{}, false, err
	}
	file, ok := pickAgreementFor(u, locales, geoID)
	if !ok {
		return "", content.Ref{}, false, nil
	}
	return file.Fragment(), refOf(file.File), true, nil
}
