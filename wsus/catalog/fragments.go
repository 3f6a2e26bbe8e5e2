package catalog

import (
	"github.com/seed599db172/softwareupdates/wsus/metadata"
)

// Core returns the Core fragment, with which a client evaluates (MS-WUSP §2.2.2.2.4). Like all texts it is read from its
// segment and checked: an error is a [*DamageError], or that of the volume.
func (g *Generation) Core(r *Revision) (string, error) { return g.text(r.stored.core) }

// AppendCore is Core into a buffer of the caller's, whose room is used again.
func (g *Generation) AppendCore(dst []byte, r *Revision) ([]byte, error) {
	return g.read(dst, r.stored.core)
}

// Extended returns the Extended fragment, with which a client downloads and installs.
func (g *Generation) Extended(r *Revision) (string, error) { return g.text(r.stored.extended) }

// Localized returns the LocalizedProperties fragment in the first of the wanted languages that the update has, else in a
// neutral form of one, else in its default language; see [metadata.PickLocale]. It is false when the update has no texts.
func (g *Generation) Localized(r *Revision, locales []string) (string, bool, error) {
	languages := make([]string, len(r.stored.localized))
	for i, l := range r.stored.localized {
		languages[i] = l.language
	}
	pick := metadata.PickLocale(languages, locales, r.stored.language)
	for _, l := range r.stored.localized {
		if l.language == pick {
			text, err := g.text(l.text)
			return text, err == nil, err
		}
	}
	return "", false, nil
}

// Document returns the whole update document as it was imported.
func (g *Generation) Document(r *Revision) ([]byte, error) { return g.read(nil, r.stored.document) }

func (g *Generation) text(s span) (string, error) {
	b, err := g.read(nil, s)
	return string(b), err
}
